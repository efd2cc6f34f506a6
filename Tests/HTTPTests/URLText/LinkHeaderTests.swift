import HTTP
import Testing

struct LinkHeaderTests {
    @Test(arguments: [
        "<u>; rel=\"next\"", "<u>; rel=next", "<u>;rel=next", " <u> ; REL = NEXT ",
        "<u>; rel='x'; a=b, <u>; rel=next",
        "<p>; rel=\"previous\", <u>; rel=\"next\"", "<u>; rel=\"next last\"", "<u>; rel=\"last\tNext\"",
        "<u>; title=\"a, <x>; rel=\\\"next\\\"\"; rel=next", "<u>; title=\"a;b\"; rel=next; type=x",
        "<u>; flag; rel=next",
        "<u>;; rel=next", ",, <u>; rel=next", "garbage, <u>; rel=next", "\"<x>; rel=next, \", <u>; rel=next",
        "<p>; rel=prev; rel=next, <u>; rel=next", "<p>; rel, <u>; rel=next", "<p>, <u>; rel=next",
        "<p>; rel=nextt, <u>; rel=next",
        "<p> junk; rel=next, <u>; rel=next", "<p>; =next, <u>; rel=next", "x<p>; rel=next, <u>; rel=next",
        "<u>; rel=next, <later>; rel=next", "<u>; rel=\"next",
    ])
    func `the next link is found`(text: String) {
        #expect(LinkHeader.next(in: text) == "u")
    }

    @Test func `commas, semicolons and quotes in a target are part of it`() {
        let target = "https://h/a,b;c?x=\"1\"&page_info=eyJ,1"
        #expect(LinkHeader.next(in: "<https://h/p>; rel=\"previous\", <\(target)>; rel=\"next\"") == target)
        #expect(LinkHeader.next(in: "<>; rel=next") == "")
    }

    @Test(arguments: [
        "", ",", "<", "<u", "<u>", "<u>;", "<u>; rel", "<u>; rel=", "<u>; rel=\"\"", "<u>; rel=prev",
        "<u>; relx=next", "<u>, rel=next",
        "u; rel=next", "<u>; rel=\"prev", "<u>; title=\"rel=next\"", "<u>; rel=nextpage", "<u>; rev=next",
        "\"", "\\", "<u>; rel=\"\\",
    ])
    func `where there is no next link there is none`(text: String) {
        #expect(LinkHeader.next(in: text) == nil)
    }

    @Test func `no text brings the parser down`() {
        var generator = Generator(state: 11)
        let alphabet = Array("<>;,=\"\\ \trelnxtuRELé\u{0}")
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
            }
            _ = LinkHeader.next(in: String(text))
        }
    }

    @Test(arguments: ["<,", "<", "<a>,", "\"<", "\",", ";", "<a>;", "<a>;rel="], [200_000])
    func `a long header takes time in proportion`(piece: String, count: Int) {
        #expect(LinkHeader.next(in: String(repeating: piece, count: count)) == nil)
    }
}
