import JSON
import Testing

struct KeyTests {
    @Test(arguments: [
        ("1", "1"), ("-5", "-5"), ("0", "0"), ("9223372036854775808", "9223372036854775808"),
        ("123456789012345678901234567890", "123456789012345678901234567890"), (#""abc""#, "abc"),
        (#""1.10""#, "1.10"), (#""a\/b%""#, "a/b%"), (#""\u65e5\n\ud83d\ude00\"""#, "日\n😀\""), (#"" ""#, " "),
    ])
    func `a single key stands as it is`(value: String, id: String) throws {
        #expect(try scan(#"{"data":[{"a":0,"id":\#(value)}]}"#).ids == [id])
    }

    @Test func `the parts of a composite key are escaped and joined in the layout's order`() throws {
        let page = try scan(
            #"{"data":[{"b":"x/y%2F","a":12},{"a":"/","c":{},"b":-1}]}"#, key: [["a"], ["b"]])
        #expect(page.ids == ["12/x%2Fy%252F", "%2F/-1"])
    }

    @Test func `the same member may be two parts`() throws {
        #expect(try scan(#"{"data":[{"a":1}]}"#, key: [["a"], ["a"]]).ids == ["1/1"])
    }

    @Test func `names are compared decoded`() throws {
        #expect(try scan(#"{"\u0064ata":[{"\u0069\u0064":5,"\u0069d2":6}]}"#).ids == ["5"])
        #expect(try scan(#"{"データ":[{"番号":5}]}"#, records: ["データ"], key: [["番号"]]).ids == ["5"])
    }

    @Test(arguments: [
        (#"{"a":1}"#, "record 2 has no key 'id'"), (#"{"id":""}"#, "the key 'id' of record 2 is empty"),
        (#"{"id":null}"#, "the key 'id' of record 2 is null"),
        (#"{"id":true}"#, "the key 'id' of record 2 is a boolean"),
        (#"{"id":1.0}"#, "the key 'id' of record 2 is not an integer"),
        (#"{"id":1e3}"#, "the key 'id' of record 2 is not an integer"),
        (#"{"id":[1]}"#, "the key 'id' of record 2 is a list"),
        (#"{"id":{}}"#, "the key 'id' of record 2 is an object"),
        (#"{"id":1,"id":1}"#, "the key 'id' of record 2 stands twice"),
        (#"{"id":1,"i\u0064":2}"#, "the key 'id' of record 2 stands twice"),
        (#"{"id":null,"id":2}"#, "the key 'id' of record 2 stands twice"),
        (#"{"id":"a\u0000b"}"#, "the key 'id' of record 2 has a NUL character"),
    ])
    func `a bad key refuses the page by name`(record: String, problem: String) {
        let error = refusal(#"{"data":[{"id":1},\#(record),{"id":3}]}"#)
        #expect(error?.kind == .badKey)
        #expect(error?.problem == problem)
        #expect(error?.offset == nil)
    }

    @Test func `a bad part of a composite key is named`() {
        let error = refusal(#"{"data":[{"a":1,"b":{"c":null}}]}"#, key: [["a"], ["b", "c"]])
        #expect(error?.problem == "the key 'b.c' of record 1 is null")
        let second = refusal(#"{"data":[{"a":1,"b":5}]}"#, key: [["a"], ["b", "c"]])
        #expect(second?.problem == "record 1 has no key 'b.c'")
    }

    @Test(arguments: [
        (#""2026-01-01""#, "2026-01-01"), ("1700000000", "1700000000"), ("1.5", "1.5"), (#""\u0032""#, "2"),
        (#""""#, ""), ("null", nil), ("true", "t"), ("{}", "{"), ("[1]", "["),
    ])
    func `a time is its text, null is none, and anything else cannot be read`(value: String, time: String?)
        throws
    {
        let page = try scan(
            #"{"data":[{"id":1,"t":\#(value),"c":{"t":\#(value)}},{"id":2}]}"#, created: ["t"],
            updated: ["c", "t"])
        #expect(page.records.map(\.created) == [time, nil])
        #expect(page.records.map(\.updated) == [time, nil])
    }

    @Test func `the last of two times counts`() throws {
        let page = try scan(#"{"data":[{"id":1,"t":"a","t":"b"}]}"#, created: ["t"])
        #expect(page.records.map(\.created) == ["b"])
    }
}
