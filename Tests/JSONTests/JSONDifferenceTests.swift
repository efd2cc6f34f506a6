import JSON
import Testing

/// The places in which two documents differ.
struct JSONDifferenceTests {
    private func lines(_ old: String, _ new: String, limit: Int = 200) throws -> [String] {
        let (named, more) = JSONDifference.all(
            from: try JSONValue.parse(Array(old.utf8)), to: try JSONValue.parse(Array(new.utf8)), limit: limit
        )
        let shown = named.map { difference in
            let values = [difference.old, difference.new].map { $0.map { JSONWriter.text($0) } ?? "-" }
            return "\(difference.kind.rawValue) \(difference.path) \(values[0]) \(values[1])"
        }
        return shown + (more > 0 ? ["and \(more) more"] : [])
    }

    @Test(arguments: [
        (#"{"a":1}"#, #"{"a":1}"#, []),
        (#"{"a":1,"b":2}"#, #"{"b":2,"a":1}"#, []),
        (#"{"a":1.0}"#, #"{"a":1.00}"#, ["changed $.a 1.0 1.00"]),
        (
            #"{"a":9007199254740993}"#, #"{"a":9007199254740992}"#,
            ["changed $.a 9007199254740993 9007199254740992"]
        ),
        (#"{"a":"1"}"#, #"{"a":1}"#, [#"changed $.a "1" 1"#]),
        (#"{"a":null}"#, "{}", ["removed $.a null -"]),
        ("{}", #"{"odd name":[1]}"#, ["added $['odd name'] - [1]"]),
        (#"{"a":{"b":[{"c":1}]}}"#, #"{"a":{"b":[{"c":2}]}}"#, ["changed $.a.b[0].c 1 2"]),
        (#"{"a":"\u0065"}"#, #"{"a":"e"}"#, []),
        ("{\"a\":\"\u{E9}\"}", "{\"a\":\"e\u{301}\"}", ["changed $.a \"\u{E9}\" \"e\u{301}\""]),
        (#"{"a":1,"a":2}"#, #"{"a":1,"a":3}"#, ["changed $.a 2 3"]),
        (#"{"a":1,"a":2}"#, #"{"a":1}"#, ["removed $.a 2 -"]),
        (#"{"a":{}}"#, #"{"a":[]}"#, ["changed $.a {} []"]),
    ])
    func `members are compared by name, digits and bytes`(old: String, new: String, expected: [String]) throws
    {
        #expect(try lines(old, new) == expected)
    }

    @Test(arguments: [
        ("[1,2,3]", "[1,3]", ["removed $[1] 2 -"]),
        ("[1,3]", "[1,2,3]", ["added $[1] - 2"]),
        ("[1,2,3]", "[0,1,2,3,4]", ["added $[0] - 0", "added $[4] - 4"]),
        ("[1,2,3]", "[3,1,2]", ["moved $[1] 0 1", "moved $[2] 1 2"]),
        ("[1,2]", "[1,2,2]", ["added $[2] - 2"]),
        (
            #"[{"id":7,"n":1},{"id":8,"n":1}]"#, #"[{"id":8,"n":2},{"id":7,"n":1}]"#,
            ["moved $[1] 0 1", "changed $[0].n 1 2"]
        ),
        (
            #"[{"id":7,"n":1}]"#, #"[{"id":6,"n":1},{"id":7,"n":2}]"#,
            ["changed $[1].n 1 2", #"added $[0] - {"id":6,"n":1}"#]
        ),
        (#"[[1],[2]]"#, #"[[1],[3]]"#, ["changed $[1][0] 2 3"]),
    ])
    func `elements belong together by value, by id, then by place`(
        old: String, new: String, expected: [String]
    ) throws {
        #expect(try lines(old, new) == expected)
    }

    @Test func `only so many are named`() throws {
        let all = { (value: Int) in "[\((0..<10).map { _ in String(value) }.joined(separator: ","))]" }
        #expect(
            try lines(all(1), all(2), limit: 2) == ["changed $[0] 1 2", "changed $[1] 1 2", "and 8 more"])
    }

    @Test func `the deepest documents are compared`() throws {
        let deep = { (leaf: String) in
            String(repeating: "[", count: JSONError.maximumDepth) + leaf
                + String(repeating: "]", count: JSONError.maximumDepth)
        }
        let found = try lines(deep("1"), deep("2"))
        #expect(found.count == 1 && found[0].hasSuffix("[0] 1 2"))
    }
}
