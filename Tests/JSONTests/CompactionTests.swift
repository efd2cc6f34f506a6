import JSON
import Testing

struct CompactionTests {
    @Test func `a compact record keeps every byte`() throws {
        let texts = #""t":"a\/b\u00e9\u00E9\"","u":"é日本😀""#
        let record = #"{"id":1,\#(texts),"n":1.10,"e":1E+2,"z":-0,"l":[],"o":{},"b":[true,false,null]}"#
        let page = try scan(#"{"data":["# + record + "]}")
        #expect(page.payloads == [record])
        #expect(page.repairedTexts == 0)
    }

    @Test func `whitespace between tokens goes and whitespace in strings stays`() throws {
        let page = try scan(
            """
            \t{ "data" : [ { "id" : 1 , "a b" : [ 1 , { "x" : " y  z " } , [ ] , { } ] } \r\n,
              {"id":2}, {"id" :3 } ] , "more" : true }

            """)
        #expect(page.payloads == [#"{"id":1,"a b":[1,{"x":" y  z "},[],{}]}"#, #"{"id":2}"#, #"{"id":3}"#])
    }

    @Test func `however a platform prints, the payload is the same`() throws {
        let value = JSONValue.object([
            ("id", .number("900719925474099312345")),
            ("customer", .object([("email", .string("a@example.com")), ("tags", .array([]))])),
            ("lines", .array([.object([("sku", .string("日本 \n\\ \"x\""))]), .null])),
        ])
        let page = JSONValue.object([("data", .array([value, value]))])
        let pretty = try scan(JSONWriter.text(page, .pretty))
        #expect(pretty == (try scan(JSONWriter.text(page))))
        #expect(pretty.payloads == [JSONWriter.text(value), JSONWriter.text(value)])
    }

    @Test func `digits of any length stay as they are`() throws {
        let long = "1" + String(repeating: "0123456789", count: 100)
        let record = #"{"id":\#(long),"big":-9223372036854775809,"price":1.10,"e":1e-400,"n":0.\#(long)}"#
        let page = try scan(#"{"data":["# + record + "]}")
        #expect(page.payloads == [record])
        #expect(page.ids == [long])
    }

    @Test func `the page has one buffer and hands out parts of it`() throws {
        var bytes = Array(#"{"data":[{"id":1},{"id":2}]}"#.utf8)
        bytes.reserveCapacity(bytes.count + 8)
        let before = bytes.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
        let count = bytes.count
        let layout = PageLayout(records: ["data"], key: [["id"]])
        let page = try RecordScanner.scan(consume bytes, layout: layout)
        let inside = page.withPayload(1) { UInt(bitPattern: $0.baseAddress) - before }
        #expect(inside < UInt(count))
    }

    @Test(arguments: [
        (#"\ud800"#, #"\ufffd"#), (#"\uDC00"#, #"\ufffd"#), (#"\ud800\ud800"#, #"\ufffd\ufffd"#),
        (#"\udbff\u0041"#, #"\ufffd\u0041"#), (#"\uD83D\n"#, #"\ufffd\n"#),
        (#"\ud800\ud83d\ude00"#, #"\ufffd\ud83d\ude00"#), (#"\ude00\ud83d"#, #"\ufffd\ufffd"#),
        (#"x\uD8"#, nil), (#"\ud800\u00"#, nil),
    ])
    func `an escaped lone surrogate becomes the replacement character`(
        text: String, repaired: String?
    ) throws {
        let page = #"{"data":[{"id":1,"t":"\#(text)"},{"id":2,"t":"\ud83d\ude00"}]}"#
        guard let repaired else {
            #expect(refusal(page)?.kind == .syntax)
            return
        }
        let scanned = try scan(page)
        #expect(scanned.payloads == [#"{"id":1,"t":"\#(repaired)"}"#, #"{"id":2,"t":"\ud83d\ude00"}"#])
        #expect(scanned.repairedTexts == 1)
    }

    @Test func `texts are counted as repaired once per record, and not when they are dropped`() throws {
        let records = #"{"id":1,"a":"\ud800","b":"\ud800"},{"id":2,"x":"\ud800"},{"id":3,"\ud800":1}"#
        let page = try scan(#"{"t":"\ud800","data":[\#(records)]}"#, drop: ["$.x"])
        #expect(page.repairedTexts == 2)
        #expect(
            page.payloads == [#"{"id":1,"a":"\ufffd","b":"\ufffd"}"#, #"{"id":2}"#, #"{"id":3,"\ufffd":1}"#])
    }

    @Test func `an escaped NUL in a text is data, and stays escaped`() throws {
        let page = try scan(#"{"data":[{"id":1,"t":"\u0000"}]}"#)
        #expect(page.payloads == [#"{"id":1,"t":"\u0000"}"#])
    }

    @Test func `one record or the whole document may be all there is`() throws {
        let single = try scan(#"{"data": {"id": 7, "a": [ ]}}"#, form: .object)
        #expect(single.records == [.init(id: "7", payload: #"{"id":7,"a":[]}"#)])
        let whole = try scan(#" {"id": 7, "a": [ ]} "#, records: [], form: .object)
        #expect(whole.payloads == [#"{"id":7,"a":[]}"#])
        let list = try scan(#" [{"id": 7}, {"id": "8"}] "#, records: [])
        #expect(list.ids == ["7", "8"])
        for text in [#"{"data":{"id":7}}"#, #"{"data":[{"id":7}]}"#] {
            #expect(try scan(text, form: .arrayOrObject).payloads == [#"{"id":7}"#])
        }
        #expect(try scan(#"{"data":[]}"#, form: .arrayOrObject).records.isEmpty)
    }
}
