import JSON
import Testing

struct JSONValueTests {
    private func parse(_ text: String) throws -> JSONValue { try JSONValue.parse(Array(text.utf8)) }

    @Test func `a document becomes a tree with every digit and the members in order`() throws {
        let value = try parse(
            #" { "b" : [ 1.10 , -0 , 1E400, [] , {} ] , "a" : "\u0041\n\/\ud83d\ude00" , "b" : null , "c" : true } "#
        )
        #expect(
            value
                == .object([
                    (
                        "b",
                        .array([.number("1.10"), .number("-0"), .number("1E400"), .array([]), .object([])])
                    ),
                    ("a", .string("A\n/😀")), ("b", .null), ("c", .bool(true)),
                ]))
    }

    @Test func `values are asked for what they are`() throws {
        let value = try parse(
            #"{"s":"x","i":9223372036854775807,"big":9223372036854775808,"d":1.5,"l":[1,false]}"#)
        #expect(value["s"]?.stringValue == "x")
        #expect(value["i"]?.int64Value == .max)
        #expect(value["big"]?.int64Value == nil)
        #expect(value["big"]?.numberText == "9223372036854775808")
        #expect(value["d"]?.int64Value == nil)
        #expect(value["d"]?.doubleValue == 1.5)
        #expect(value["l"]?.arrayValue?.count == 2)
        #expect(value["l"]?[1]?.boolValue == false)
        #expect(value["l"]?[2] == nil)
        #expect(value["l"]?[-1] == nil)
        #expect(value["none"] == nil)
        #expect(value["s"]?["x"] == nil)
        #expect(value["s"]?.int64Value == nil)
        #expect(value.objectValue?.map(\.key) == ["s", "i", "big", "d", "l"])
    }

    @Test func `the last member of a name is the one asked for`() throws {
        let value = try parse(#"{"a":1,"\u0061":null}"#)
        #expect(value["a"]?.isNull == true)
    }

    @Test func `equal trees hash alike and the order of members counts`() throws {
        let one = try parse(#"{"a":[1,"x"],"b":null}"#)
        #expect(Set([one, try parse(#" {"a" : [1, "\u0078"], "b" : null}"#)]).count == 1)
        #expect(one != (try parse(#"{"b":null,"a":[1,"x"]}"#)))
        #expect(try parse("1") != parse("1.0"))
    }

    @Test(arguments: [
        (1.0, 3, "1.000"), (0.0005, 3, "0.001"), (-0.0001, 3, "0.000"), (-1.25, 1, "-1.3"),
        (12.3456, 2, "12.35"),
        (99.995, 0, "100"), (0.05, 3, "0.050"), (3.0, -1, "3"), (1e300, 3, "1e+300"),
        (0.1, 99, "0.100000000000000"),
        (9_007_199_254_740_992, 3, "9007199254740992.0"),
    ])
    func `a double is written with its decimals`(value: Double, decimals: Int, text: String) throws {
        #expect(JSONValue.double(value, decimals: decimals) == .number(text))
        #expect(try parse(text) == .number(text))
    }

    @Test func `what is no number is null`() {
        for value in [Double.nan, .infinity, -.infinity] {
            #expect(JSONValue.double(value, decimals: 3) == .null)
        }
        #expect(JSONValue.int(Int64.min) == .number("-9223372036854775808"))
    }

    @Test func `compact text has no whitespace`() throws {
        let text = #"{"a":[1,{"b":null},[],{}],"c":"x y","d":true}"#
        #expect(JSONWriter.text(try parse(text)) == text)
    }

    @Test func `pretty text has two spaces per level and empty containers on one line`() throws {
        let value = try parse(#"{"a":[1,{"b":null},[]],"c":{}}"#)
        let pretty = """
            {
              "a": [
                1,
                {
                  "b": null
                },
                []
              ],
              "c": {}
            }
            """
        #expect(JSONWriter.text(value, .pretty) == pretty)
        #expect(try parse(pretty) == value)
    }

    @Test func `every character survives writing and reading`() throws {
        let text =
            String(String.UnicodeScalarView((0...0x2FF).compactMap { Unicode.Scalar($0) })) + "\u{2028}日本😀"
        let written = JSONWriter.text(.string(text))
        #expect(try parse(written) == .string(text))
        #expect(written.unicodeScalars.allSatisfy { $0.value >= 0x20 })
        #expect(
            JSONWriter.text(.string("\u{0}\u{8}\t\n\u{C}\r\u{1F}\"\\/")) == #""\u0000\b\t\n\f\r\u001f\"\\/""#)
        #expect(JSONWriter.text(.object([("a\"b", .null)])) == #"{"a\"b":null}"#)
    }
}
