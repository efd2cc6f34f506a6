import TOML
import Testing

struct TOMLTableTests {
    @Test func `entries are in the order of the file`() {
        let document = TOMLDocument("b = 1\na = 2\n[z]\n[c.d]\n[[y]]\n")
        #expect(document.messages == [])
        #expect(document.root.entries.map(\.key) == ["b", "a", "z", "c", "y"])
    }

    @Test func `positions count lines and scalars from one`() {
        let document = TOMLDocument(
            "\u{FEFF}a = 1\n  \"ü😀\" = [ 'é',  2 ]\n[ x . y ]\r\nk.l = { m = 3 }\n[[z]]\n")
        #expect(document.messages == [])
        #expect(
            Self.outline(of: document.root) == [
                "a 1:1 1:5", "ü😀 2:3 2:10", "x 3:3 3:3", "x.y 3:7 3:1", "x.y.k 4:1 4:1", "x.y.k.l 4:3 4:7",
                "x.y.k.l.m 4:9 4:13", "z 5:3 5:1",
            ])
        guard case .array(let items) = document.value("ü😀"), case .array(let tables) = document.value("z")
        else {
            Issue.record("these are no arrays")
            return
        }
        #expect(
            (items + tables).map(\.position) == [
                TOMLPosition(line: 2, column: 12), TOMLPosition(line: 2, column: 18),
                TOMLPosition(line: 5, column: 1),
            ])
    }

    @Test func `a table stands where its header is, even if a sub-table came before`() {
        let document = TOMLDocument("[a.b]\n[a]\nc = 1\n")
        #expect(Self.outline(of: document.root) == ["a 2:2 2:1", "a.b 1:4 1:1", "a.c 3:1 3:5"])
    }

    @Test func `an array of tables is an array whose items are tables`() {
        let document = TOMLDocument("[[a]]\nx = 1\n[[a]]\nx = 2\n[a.b]\ny = 3\n[[a.c]]\n")
        guard case .array(let items) = document.value("a"), case .table(let last) = items.last?.value else {
            Issue.record("this is no array of tables")
            return
        }
        #expect(items.count == 2)
        #expect(last.entries.map(\.key) == ["x", "b", "c"])
    }

    @Test func `keys are bare, quoted or dotted`() {
        let document = TOMLDocument(
            "1.2 = 1\n\"a.b\" = 2\n'c\\d' = 3\n\"\" = 4\ne . \"f\" = 5\n-_ = 6\ntrue = 7\n")
        #expect(document.messages == [])
        #expect(document.value("1", "2") == .integer(1))
        #expect(document.value("a.b") == .integer(2))
        #expect(document.value("c\\d") == .integer(3))
        #expect(document.value("") == .integer(4))
        #expect(document.value("e", "f") == .integer(5))
    }

    @Test func `two spellings of a letter are two keys`() {
        let document = TOMLDocument("\"\u{e9}\" = 1\n\"e\u{301}\" = 2\n")
        #expect(document.messages == [])
        #expect(document.value("\u{e9}") == .integer(1))
        #expect(document.value("e\u{301}") == .integer(2))
    }

    @Test func `keys are found in small and in large tables`() {
        for count in [0, 1, 8, 9, 10, 1000] {
            let document = TOMLDocument((0..<count).map { "k\($0) = \($0)\n" }.joined())
            #expect(document.messages == [])
            #expect((0..<count).allSatisfy { document.value("k\($0)") == .integer(Int64($0)) })
            #expect(document.value("k\(count)") == nil)
        }
    }

    @Test func `entries may be changed`() {
        var table = TOMLDocument((0..<20).map { "k\($0) = \($0)\n" }.joined()).root
        table.entries.removeAll { $0.key == "k3" }
        table.entries[0].key = "first"
        #expect(table["k3"] == nil)
        #expect(table["k0"] == nil)
        #expect(table["first"]?.item.value == .integer(0))
        #expect(table == TOMLTable(entries: table.entries))
        #expect(Set([table]).contains(TOMLTable(entries: table.entries)))
    }

    @Test func `arrays may span lines, inline tables have dotted keys`() {
        let document = TOMLDocument("a = [ # one\n 1, [ ], # two\n { b.c = 1, b.d = {} },\n]\n")
        #expect(document.messages == [])
        guard case .array(let items) = document.value("a"), case .table(let table) = items.last?.value,
            case .table(let inner) = table["b"]?.item.value
        else {
            Issue.record("this is no array with a table")
            return
        }
        #expect(items.map(\.value.typeName) == ["an integer", "an array", "a table"])
        #expect(inner.entries.map(\.key) == ["c", "d"])
    }

    @Test func `every type has a name`() {
        let texts = [
            "''", "1", "1.0", "true", "2024-01-01T00:00:00Z", "2024-01-01T00:00:00", "2024-01-01", "00:00:00",
            "[]", "{}",
        ]
        #expect(
            texts.map { value($0)?.typeName } == [
                "a string", "an integer", "a float", "a boolean", "an offset date-time", "a local date-time",
                "a local date", "a local time", "an array", "a table",
            ])
    }

    @Test(arguments: ["", "\n", "\r\n", "#", "# x", " \t", "\u{FEFF}", "\u{FEFF}\n# x\r\n\t"])
    func `a file may be empty`(text: String) {
        #expect(TOMLDocument(text).messages == [])
        #expect(TOMLDocument(text).root.entries == [])
    }

    private static func outline(of table: TOMLTable, under path: String = "") -> [String] {
        table.entries.flatMap { entry in
            let (key, item) = (entry.keyPosition, entry.item.position)
            let line = "\(path)\(entry.key) \(key.line):\(key.column) \(item.line):\(item.column)"
            guard case .table(let inner) = entry.item.value else { return [line] }
            return [line] + outline(of: inner, under: "\(path)\(entry.key).")
        }
    }
}
