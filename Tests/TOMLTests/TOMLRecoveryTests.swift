import TOML
import Testing

struct TOMLRecoveryTests {
    @Test func `all errors of a file are reported in one go`() {
        let document = TOMLDocument(
            """
            [storage]
            mirror = data/mirror.db
            vault = "private
            reports = "ok"

            [connections.tokyo]
            platform = next-engine
            client_id = { env = "X"
            client_secret = {
              env = "Y",
              file = "Z"
            }
            resources = ["shops", "goods"
            since = 2025-13-01
            drop = [
              "a",
              b,
              ["c"],
              [1]
            ]
            bad key = 1
            [connections.tokyo]
            platform = "again"
            [connections.taipei
            handle = "open"
            a.b = 1
            a.b.c = 2
            [[storage]]
            x = 1

            """)
        #expect(
            document.places == [
                "2:10", "3:9", "7:12", "8:13", "9:17", "13:13", "14:9", "17:3", "21:5", "22:14", "24:20",
                "27:3", "28:3",
            ])
        #expect(document.value("storage", "reports") == .string("ok"))
        #expect(document.value("connections", "taipei", "handle") == .string("open"))
        #expect(document.value("connections", "tokyo", "platform") == nil)
    }

    @Test func `the rest of a broken array is not taken for statements`() {
        let document = TOMLDocument(
            "a = [\n 1\n 2,\n [3],\n 'x', # ]\n ']',\n '''\n]\n''',\n]\nb = 1\nc = ?\n")
        #expect(document.places == ["3:2", "12:5"])
        #expect(document.value("b") == .integer(1))
        #expect(document.value("a") == nil)
    }

    @Test func `an open array ends where a statement begins`() {
        let document = TOMLDocument(
            "a = [1,\nb = 2\nc = [\n  [1],\n[d] # x\ne = 3\nf = [\n  [true],\n  [[nan]]\n]\n")
        #expect(document.places == ["1:5", "3:5"])
        #expect(document.value("b") == .integer(2))
        #expect(document.value("d", "e") == .integer(3))
        #expect(document.value("d", "f")?.typeName == "an array")
    }

    @Test func `a broken inline table hides only itself`() {
        let document = TOMLDocument(
            "a = { b 1 }\nc = [ { d = 1,\n e = 2 }, ]\nf = { g = { h = 'x }\ni = 1\n[j]\nk = 1\n")
        #expect(document.places == ["1:9", "2:7", "4:17"])
        #expect(document.value("i") == .integer(1))
        #expect(document.value("j", "k") == .integer(1))
    }

    @Test func `an open multi-line string is one error`() {
        let document = TOMLDocument("a = '''\n\n[x]\nb = 1\nb = 2\n")
        #expect(document.places == ["1:5"])
    }

    @Test func `keys under a broken header are read but belong nowhere`() {
        let document = TOMLDocument("a = 1\n[x y]\na = 1\nb = ?\n[ä]\na = 2\n[z]\nb = 2\n")
        #expect(document.places == ["2:4", "4:5", "5:2"])
        #expect(document.root.entries.map(\.key) == ["a", "x", "z"])
        #expect(document.value("a") == .integer(1))
    }

    @Test func `a table defined twice does not make its keys wrong`() {
        let document = TOMLDocument("[a]\nb = 1\n[a]\nb = 1\n[a.c]\nd = 1\n")
        #expect(document.places == ["3:2"])
        #expect(document.value("a", "c", "d") == .integer(1))
    }

    @Test func `a stray bracket after an error is not a second error`() {
        #expect(TOMLDocument("[x\n]\na = 1\n}\n").places == ["1:3"])
        #expect(TOMLDocument("a = 1\n]\n").places == ["2:1"])
    }

    @Test func `a wrong value does not hide the rest of its array or table`() {
        let document = TOMLDocument("a = [\n 01,\n 2024-13-01,\n 1_,\n]\nb = { c = 1_, d = 2 }\n")
        #expect(document.places == ["2:2", "3:2", "4:2", "6:11"])
        #expect(document.value("a") == nil)
        #expect(document.value("b", "d") == .integer(2))
    }

    @Test func `a line has one error and a file fifty`() {
        #expect(TOMLDocument(#"a = "\x \y \z" 'x'"#).places == ["1:6"])
        let places = TOMLDocument(String(repeating: "!\n", count: 1000)).places
        #expect(places == (1...50).map { "\($0):1" })
    }

    @Test func `errors are sorted by position`() {
        let errors = TOMLDocument("a = [\n 1_,\n 2 3\nb = 01\n").errors
        #expect(errors.map(\.position.line) == [2, 3, 4])
        #expect(TOMLDocument("a = [\n 1_,\n").places == ["1:5", "2:2"])
    }
}
