import TOML
import Testing

struct TOMLErrorTests {
    @Test(arguments: [
        ("= 1", "1:1: a key is missing; a line is key = value, [table] or a # comment"),
        ("[]", "1:2: a key is missing; a line is key = value, [table] or a # comment"),
        ("[a.]", "1:4: a key is missing; a line is key = value, [table] or a # comment"),
        ("a..b = 1", "1:3: a key is missing; a line is key = value, [table] or a # comment"),
        ("]", "1:1: a key is missing; a line is key = value, [table] or a # comment"),
        ("a b = 1", "1:3: '=' is missing after the key; a line is key = value, [table] or a # comment"),
        ("a", "1:2: '=' is missing after the key; a line is key = value, [table] or a # comment"),
        ("\"\"\"a\"\"\" = 1", "1:1: a key is in triple quotes; a quoted key has one quote on each side"),
        ("[a", "1:3: ']' is missing after the name of the table; a header is [name] on one line"),
        ("[a b]", "1:4: ']' is missing after the name of the table; a header is [name] on one line"),
        (
            "[[a]",
            "1:4: ']]' is missing after the name of the array of tables; a header is [[name]] on one line"
        ),
        (
            "[[a] ]",
            "1:4: ']]' is missing after the name of the array of tables; a header is [[name]] on one line"
        ),
        ("[a]]", "1:4: text follows the header; only a # comment may follow on the same line"),
        ("[a] b = 1", "1:5: text follows the header; only a # comment may follow on the same line"),
        ("a = 1 b = 2", "1:7: text follows the value; only a # comment may follow on the same line"),
        ("a = 'it's'", "1:9: text follows the value; only a # comment may follow on the same line"),
    ])
    func `a malformed line is explained`(text: String, message: String) {
        #expect(TOMLDocument(text).messages == [message])
    }

    @Test(arguments: [
        ("käse = 1", "1:2: U+00E4"), ("a: 1", "1:2: ':'"), ("a!b = 1", "1:2: '!'"), ("😀 = 1", "1:1: U+1F600"),
        ("a = 1\n\u{FEFF}b = 1", "2:1: U+FEFF"), ("[a/b]", "1:3: '/'"), ("a.\u{3000} = 1", "1:3: U+3000"),
    ])
    func `a character that needs quotes is named`(text: String, message: String) {
        let allowed =
            " is not allowed in a key without quotes; "
            + "allowed are A-Z, a-z, 0-9, '_' and '-', and anything in quotes"
        #expect(TOMLDocument(text).messages == [message + allowed])
    }

    @Test(arguments: [
        ("a =", "1:4"), ("a = # b", "1:5"), ("a = ,", "1:5"), ("a = ]", "1:5"), ("a = \r\n", "1:5"),
        ("a = { b = }", "1:11"),
    ])
    func `a missing value is explained`(text: String, place: String) {
        #expect(
            TOMLDocument(text).messages == [
                "\(place): the value is missing; after '=' comes a string in quotes, a number, true, false, "
                    + "a date, an array or a table in braces"
            ])
    }

    @Test(arguments: [
        ("[1 2]", "',' or ']' is missing after the element; elements are separated by commas"),
        ("[1,,2]", "an element is missing; there is one comma between two elements"),
        ("[,]", "an element is missing; there is one comma between two elements"),
        ("[1", "the array is not closed; add ']' at its end"),
        ("[1, # ]", "the array is not closed; add ']' at its end"),
        ("{b = 1 c = 2}", "',' or '}' is missing after the value; pairs are separated by commas"),
        ("{b = 1,}", "a comma stands before '}'; leave it out"),
        ("{,}", "a key is missing; a line is key = value, [table] or a # comment"),
        ("{b = 1", "the table in braces is not closed on its line; add '}', or use a [table] header"),
        ("{b = 1 # }", "the table in braces is not closed on its line; add '}', or use a [table] header"),
        (
            "{b = 1,\n c = 2}",
            "the table in braces is not closed on its line; add '}', or use a [table] header"
        ),
        (
            "{b = [\n]\n, c = 2}",
            "the table in braces is not closed on its line; add '}', or use a [table] header"
        ),
        ("“x”", "these quotes are typographic; use the straight ones, \" or '"),
        ("'''x''", "the string is not closed; add the three quotes at its end"),
    ])
    func `a malformed value is explained`(text: String, expected: String) {
        #expect(problem(text) == expected)
    }

    @Test(arguments: [
        ("a = 1\na = 2", "2:1: the key 'a' is set twice, first on line 1; a key may be set once"),
        ("[t]\nb.c = 1\nb.c = 2", "3:3: the key 'b.c' is set twice, first on line 2; a key may be set once"),
        ("a = { b = 1, b = 2 }", "1:14: the key 'b' is set twice, first on line 1; a key may be set once"),
        ("[a.b]\n[a]\nb = 1", "3:1: the key 'b' is set twice, first on line 1; a key may be set once"),
        (
            "\"x\\ny\" = 1\n'z\"' = 1\n\"x\\ny\" = 2",
            #"3:1: the key '"x\u000Ay"' is set twice, first on line 1; a key may be set once"#
        ),
        (
            "[a.b]\n[a.b]",
            "2:4: the table 'a.b' is defined twice, first on line 1; put its keys under one header"
        ),
        (
            "a.b = 1\n[a]",
            "2:2: the table 'a' is already defined by dotted keys on line 1; put its keys there"
        ),
        (
            "[a.b]\n[a]\nb.c = 1",
            "3:1: the table 'b' is already defined by its header on line 1; put its keys there"
        ),
        ("a = {}\n[a.b]", "2:2: the table 'a' is complete within its braces on line 1; put its keys there"),
        ("a = {}\na.b = 1", "2:1: the table 'a' is complete within its braces on line 1; put its keys there"),
        ("a = 1\n[a.b]", "2:2: 'a' is already an integer, set on line 1; keys can be added to tables only"),
        (
            "a.b = ''\na.b.c = 1",
            "2:3: 'a.b' is already a string, set on line 1; keys can be added to tables only"
        ),
        (
            "[[x.a]]\n[x.a]",
            "2:4: 'x.a' is already an array of tables, begun on line 1; its next table is [[x.a]]"
        ),
        (
            "[[x.a]]\n[x]\na.b = 1",
            "3:1: 'a' is already an array of tables, begun on line 1; its next table is [[a]]"
        ),
        (
            "a = []\n[[a]]",
            "2:3: 'a' is already an array, set on line 1; [[...]] can only extend what [[...]] began"
        ),
        (
            "[a]\n[[a]]",
            "2:3: 'a' is already a table, set on line 1; [[...]] can only extend what [[...]] began"
        ),
    ])
    func `what is defined twice is explained`(text: String, message: String) {
        #expect(TOMLDocument(text).messages == [message])
    }

    @Test(arguments: [
        "a.b = 1\na.c = 2", "[a.b]\n[a]\n[a.c]", "[a.b.c]\n[a]\nb.d = 1", "a.b = 1\n[a.c]",
        "[a.b]\n[a]\nc.d = 1\n[a.c.e]",
        "[[a]]\n[a.b]\n[[a]]\n[a.b]", "a = { b.c = 1, b.d = 2 }",
    ])
    func `what may be extended is extended`(text: String) {
        #expect(TOMLDocument(text).messages == [])
    }

    @Test func `a value is never repeated in a message`() {
        for text in [
            "hunter2", "12hunter2", "'hunter2", "\"hunter2\\z\"", "'x' hunter2", "2hunter2:00", "+hunter2",
        ] {
            #expect(!problem(text).isEmpty)
            #expect(!problem(text).contains("unter2"))
        }
    }

    @Test func `a long key is cut in a message`() {
        let key = String(repeating: "k", count: 10_000)
        let messages = TOMLDocument("\(key) = 1\n\(key) = 2\n").messages
        #expect(messages.count == 1)
        #expect(messages.allSatisfy { $0.contains("kkk...'") && $0.count < 200 })
    }

    @Test func `bytes that are not UTF-8 are reported once`() {
        let bytes =
            Array("# ".utf8) + [0x93, 0xFA] + Array("\na = '".utf8) + [0xE3, 0x81]
            + Array("'\nb = oops\n".utf8)
        let errors = TOMLParser.parse(bytes).errors
        #expect(
            errors.map(\.position) == [TOMLPosition(line: 1, column: 3), TOMLPosition(line: 3, column: 5)])
        #expect(errors.first?.problem == "the file is not UTF-8 here; save it as UTF-8")
    }

    @Test(
        arguments: [
            [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF0, 0x80, 0x80, 0x80], [0x80],
            [0xFF], [0xC3],
        ] as [[UInt8]])
    func `malformed UTF-8 is refused in a string`(bytes: [UInt8]) {
        let errors = TOMLParser.parse(Array("a = 'ü".utf8) + bytes + Array("'".utf8)).errors
        #expect(errors.map(\.position) == [TOMLPosition(line: 1, column: 7)])
    }

    @Test func `a file in UTF-16 is named as such`() {
        for bytes in [[0xFE, 0xFF, 0, 0x61], [0xFF, 0xFE, 0x61, 0], [0, 0x61], [0x61, 0]] as [[UInt8]] {
            let errors = TOMLParser.parse(bytes).errors
            #expect(errors.map(\.problem) == ["the file is UTF-16; save it as UTF-8"])
        }
    }
}
