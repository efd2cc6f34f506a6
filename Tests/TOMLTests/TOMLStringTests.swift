import TOML
import Testing

struct TOMLStringTests {
    @Test func `a basic string has escapes`() {
        #expect(
            value(#""\b\t\n\f\r\"\\ \u00e9 \U0001F600""#) == .string("\u{8}\t\n\u{C}\r\"\\ \u{e9} \u{1F600}"))
        #expect(value(#""""#) == .string(""))
    }

    @Test func `a literal string has none`() {
        #expect(value(#"'C:\n\u00e9 "x"'"#) == .string(#"C:\n\u00e9 "x""#))
        #expect(value("''") == .string(""))
    }

    @Test func `the first line break of a multi-line string does not count`() {
        #expect(value("\"\"\"\n\na\n\"\"\"") == .string("\na\n"))
        #expect(value("'''\r\na'''") == .string("a"))
    }

    @Test func `a line break of either kind is one line feed`() {
        #expect(value("\"\"\"a\r\nb\nc\"\"\"") == .string("a\nb\nc"))
        #expect(value("'''a\r\nb\nc'''") == .string("a\nb\nc"))
    }

    @Test func `a backslash at the end of a line joins the lines`() {
        #expect(value("\"\"\"a \\  \n\n \t b \\\r\n  c\"\"\"") == .string("a b c"))
        #expect(value("\"\"\"\\\n \"\"\"") == .string(""))
    }

    @Test func `one or two quotes may stand before the closing ones`() {
        #expect(value(#"""""a""""#) == .string(#""a"#))
        #expect(value(#""""a"""""#) == .string(#"a""#))
        #expect(value(#""""a""""""#) == .string(#"a"""#))
        #expect(value("'''a'b''c'''''") == .string("a'b''c''"))
    }

    @Test func `text keeps its spelling`() {
        guard case .string(let text) = value("\"e\u{301}\"") else {
            Issue.record("this is no string")
            return
        }
        #expect(Array(text.utf8) == [0x65, 0xCC, 0x81])
    }

    @Test(arguments: [#""\e""#, #""\x41""#, #""\ ""#, #""\u12""#, #""\U0000004""#, #""\/""#, #""\'""#])
    func `an unknown escape is refused`(text: String) {
        let expected =
            #"the escape is unknown; allowed are \b \t \n \f \r \" \\ \uXXXX \UXXXXXXXX, "#
            + "and in single quotes a backslash is itself"
        #expect(problem(text) == expected)
    }

    @Test(arguments: [#""\ud800""#, #""\uDFFF""#, #""\U00110000""#, #""\UFFFFFFFF""#])
    func `an escape of no character is refused`(text: String) {
        #expect(
            problem(text) == "the escape is not a Unicode character; allowed are 0 to D7FF and E000 to 10FFFF"
        )
    }

    @Test(arguments: ["\"a", "'a", "\"a\\\"", "\""])
    func `a string must be closed on its line`(text: String) {
        #expect(
            problem(text) == "the string is not closed on its line; add the quote, or use triple quotes")
    }

    @Test func `a control character is refused and named`() {
        let document = TOMLDocument("a = \"x\u{1}\"\nb = 'x\u{7F}'\n# \u{0}\nc = '''\u{1F}'''\nd = \"\t\"\n")
        #expect(
            document.messages
                == [("1:7", "U+0001"), ("2:7", "U+007F"), ("3:3", "U+0000"), ("4:8", "U+001F")].map {
                    #"\#($0): the control character \#($1) is not allowed; only tab is, "#
                        + #"and in double quotes the others are written \uXXXX"#
                })
    }

    @Test func `a carriage return must come before a line feed`() {
        let document = TOMLDocument("a = 'x\ry'\nb = '''\r'''\n# \r\nc = 1\r\n# x\ry\nd = 1\r")
        #expect(document.places == ["1:7", "2:8", "5:4", "6:6"])
        #expect(
            document.errors.first?.problem
                == "a carriage return stands alone; "
                + #"lines end with LF or CRLF, and in double quotes it is written \r"#
        )
    }
}
