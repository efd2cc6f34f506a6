import Sync
import Testing

struct PositionTests {
    private static let texts = [
        "a", "", "\"", "\\", "\u{0}\n", "é日本😀", "page_info=%2B&x=\"y\"", "{\"segment\":9}", "'; --",
    ]

    @Test(arguments: texts)
    func `a place in a listing survives being stored`(text: String) {
        let marks: [Position.Mark] = [
            .start, .link(text), .offset(0, anchor: nil), .offset(12_345, anchor: text), .page(77),
            .after(text),
        ]
        for mark in marks {
            for segment in [0, 3] {
                let position = Position(segment: segment, mark: mark)
                #expect(Position(text: position.text) == position)
            }
        }
    }

    @Test(arguments: ["", "x", "[]", "{}", "null", "{\"segment\":\"1\"}"])
    func `another text is no place`(text: String) {
        #expect(Position(text: text) == nil)
    }
}
