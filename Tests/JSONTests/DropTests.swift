import JSON
import Testing

struct DropTests {
    private func dropped(_ record: String, _ paths: String...) throws -> String? {
        try scan(#"{ "data" : [ "# + record + " ] }", key: [], drop: paths).payloads.first
    }

    @Test(arguments: [
        (#"{"x":1}"#, #"{}"#), (#"{"x":1,"a":2}"#, #"{"a":2}"#), (#"{"a":2,"x":1}"#, #"{"a":2}"#),
        (#"{"a":1,"x":2,"b":3}"#, #"{"a":1,"b":3}"#), (#"{"x":1,"x":2,"a":3,"x":4}"#, #"{"a":3}"#),
        (#"{"a":1,"x":2,"x":3,"b":4,"x":5}"#, #"{"a":1,"b":4}"#), (#"{"x":1,"x":2,"x":3}"#, #"{}"#),
        (#"{ "x" : 1 , "a" : 2 , "x" : [ { } ] , "b" : 3 }"#, #"{"a":2,"b":3}"#),
        (#"{ "x" : { "x" : "}" } }"#, #"{}"#), (#"{"a":{"x":1},"x":2}"#, #"{"a":{"x":1}}"#),
        (#"{"\u0078":1,"a":2}"#, #"{"a":2}"#), (#"{"xx":1,"X":2,"":3}"#, #"{"xx":1,"X":2,"":3}"#),
        (#"{}"#, #"{}"#), (#"{"a":"\"x\":1,"}"#, #"{"a":"\"x\":1,"}"#),
    ])
    func `members go with their commas, all of a name`(record: String, rest: String) throws {
        #expect(try dropped(record, "$.x") == rest)
    }

    @Test(arguments: [
        (#"{"l":[{"p":1,"q":2},{"q":3,"p":4}]}"#, #"{"l":[{"q":2},{"q":3}]}"#),
        (#"{"l":[ { "p" : [ 1 ] } , 5 , [ { "p" : 1 } ] , { } ]}"#, #"{"l":[{},5,[{"p":1}],{}]}"#),
        (#"{"l":{"p":1}}"#, #"{"l":{"p":1}}"#), (#"{"l":null}"#, #"{"l":null}"#),
        (#"{"l":[{"p":1}],"l":[{"p":2,"r":3}]}"#, #"{"l":[{}],"l":[{"r":3}]}"#),
    ])
    func `a path goes through every element`(record: String, rest: String) throws {
        #expect(try dropped(record, "$.l[*].p") == rest)
    }

    @Test func `every element of a list can go`() throws {
        #expect(try dropped(#"{"a":[ 1 , [ 2 ] , {"b":3} ],"c":[]}"#, "$.a[*]") == #"{"a":[],"c":[]}"#)
        #expect(try dropped(#"{"a":[[1,2],[],3]}"#, "$.a[*][*]") == #"{"a":[[],[],3]}"#)
        #expect(try dropped(#"{"a":{"b":1}}"#, "$.a[*]") == #"{"a":{"b":1}}"#)
    }

    @Test func `paths may overlap`() throws {
        let record = #"{"a":{"b":1,"c":2},"d":[{"e":1}],"a":{"c":3}}"#
        #expect(try dropped(record, "$.a.b", "$.a") == #"{"d":[{"e":1}]}"#)
        #expect(try dropped(record, "$.a", "$.a.b", "$.d[*].e", "$.d") == "{}")
        #expect(try dropped(record, "$.a.b", "$.a.c", "$.d[*].e") == #"{"a":{},"d":[{}],"a":{}}"#)
    }

    @Test func `names are compared decoded and byte by byte`() throws {
        let name = "odd name 'é' 日本語😀 that is long"
        let path = #"$["\#(name)"]"#
        #expect(try dropped(#"{"\#(name)":1,"a":2}"#, path) == #"{"a":2}"#)
        let escaped = #"odd name \u0027\u00E9' 日\u672c語\ud83d\ude00 that is long"#
        #expect(try dropped(#"{"\#(escaped)":1,"a":2}"#, path) == #"{"a":2}"#)
        let other = name.dropLast() + "G"
        #expect(try dropped(#"{"\#(other)":1}"#, path) == #"{"\#(other)":1}"#)
        let decomposed = "e\u{301}"
        #expect(try dropped(#"{"\#(decomposed)":1}"#, "$.é") == #"{"\#(decomposed)":1}"#)
    }

    @Test func `names of sixty-three bytes and more are told apart`() throws {
        let names = (62...66).map { String(repeating: "n", count: $0) }
        let record = "{" + names.map { #""\#($0)":1"# }.joined(separator: ",") + "}"
        for name in names {
            let rest = "{" + names.filter { $0 != name }.map { #""\#($0)":1"# }.joined(separator: ",") + "}"
            #expect(try dropped(record, "$.\(name)") == rest)
        }
    }

    @Test func `keys and times are read though they are dropped`() throws {
        let page = try scan(
            #"{"data":[{"k":{"id":"\u0041"},"c":"2026","m":{"u":5},"z":1},{"z":2,"m":{"u":null},"k":{"id":9}}]}"#,
            key: [["k", "id"]], created: ["c"], updated: ["m", "u"], drop: ["$.k", "$.c", "$.m.u"])
        #expect(
            page.records == [
                .init(id: "A", payload: #"{"m":{},"z":1}"#, created: "2026", updated: "5"),
                .init(id: "9", payload: #"{"z":2,"m":{}}"#),
            ])
    }

    @Test func `what is dropped is validated all the same`() {
        for value in ["01", "[1,]", #"{"a"}"#, #""\x""#, "tru", "{", ""] {
            let path = try? JSONPath("$.x")
            #expect(refusal(#"{"data":[{"x":\#(value)}]}"#, key: [], drop: [path].compactMap(\.self)) != nil)
        }
    }
}
