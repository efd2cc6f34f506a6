import JSON
import Testing

struct JSONRewriterTests {
    private func replace(_ text: String, _ paths: String...) throws -> String {
        let paths = try paths.map { try JSONPath($0) }
        let bytes = try JSONRewriter.replaceStrings(in: Array(text.utf8), at: paths) { "<\($0)>" }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(arguments: [
        (#"{ "t" : "a" , "u":1 }"#, #"{ "t" : "<a>" , "u":1 }"#),
        (#"{"t":"","t":"b"}"#, #"{"t":"<>","t":"<b>"}"#),
        (#"{"\u0074":"\"\u000a\ud83d\ude00"}"#, #"{"\u0074":"<\"\n😀>"}"#), (#"{"t":null}"#, #"{"t":null}"#),
        (#"{"t":5,"a":{"t":"x"}}"#, #"{"t":null,"a":{"t":"x"}}"#), (#"{"t":{"t":"x"}}"#, #"{"t":null}"#),
        (#"{"t":["x"],"u":true}"#, #"{"t":null,"u":true}"#), ("[]", "[]"), (#""t""#, #""t""#),
    ])
    func `strings are replaced and other values emptied`(text: String, replaced: String) throws {
        #expect(try replace(text, "$.t") == replaced)
    }

    @Test func `every element and every duplicate is reached`() throws {
        let text = #"{"data":[{"token":"a","ip":"1"},{"token":"b","token":7}],"data":[{"token":"c"}]}"#
        #expect(
            try replace(text, "$.data[*].token")
                == #"{"data":[{"token":"<a>","ip":"1"},{"token":"<b>","token":null}],"data":[{"token":"<c>"}]}"#
        )
    }

    @Test func `the outer one of two paths wins`() throws {
        let text = #"{"z":"z","a":{"b":"x","c":"y"},"a":"s","d":[{"e":"1"}]}"#
        let replaced = #"{"z":"<z>","a":null,"a":"<s>","d":[{"e":"<1>"}]}"#
        #expect(try replace(text, "$.a.b", "$.a", "$.z", "$.d[*].e", "$.a.c") == replaced)
        #expect(try replace(text, "$.a", "$.a", "$.z", "$.d[*].e") == replaced)
    }

    @Test func `an invalid text is refused`() throws {
        #expect(throws: JSONError.self) { try replace(#"{"t":"a""#, "$.t") }
        let path = try JSONPath("$.t")
        #expect(throws: JSONError.self) {
            try JSONRewriter.dropping(Array(#"{"t":"a"]"#.utf8), paths: [path])
        }
    }

    @Test func `dropping cleans a stored row`() throws {
        let paths = [try JSONPath("$.customer.email"), try JSONPath("$.l[*].p")]
        let row = Array(#" {"customer":{"email":"a","n":1},"l":[{"p":1},{"q":2,"p":3}]} "#.utf8)
        let cleaned = try JSONRewriter.dropping(row, paths: paths)
        #expect(String(decoding: cleaned, as: UTF8.self) == #"{"customer":{"n":1},"l":[{},{"q":2}]}"#)
        #expect(try JSONRewriter.dropping(cleaned, paths: paths) == cleaned)
        #expect(try JSONRewriter.dropping(Array(" [ 1 ] ".utf8), paths: paths) == Array("[1]".utf8))
    }
}
