import TOML
import Testing

/// Inputs that are large, deep or random: none may take long or trap.
@Suite(.timeLimit(.minutes(10)))
struct TOMLHostileInputTests {
    private static let tooDeep = "tables and arrays are nested too deep; at most 128 levels are allowed"

    @Test func `thirty thousand keys are read and found`() {
        let count = 30_000
        let document = TOMLDocument((0..<count).map { "k\($0) = \($0)\n" }.joined())
        #expect(document.errors == [])
        #expect(document.root.entries.count == count)
        #expect((0..<count).allSatisfy { document.root["k\($0)"]?.key == "k\($0)" })
    }

    @Test func `many tables, many array elements and one long line are read`() {
        let count = 10_000
        #expect(TOMLDocument((0..<count).map { "[t\($0).x]\n" }.joined()).errors == [])
        #expect(TOMLDocument(String(repeating: "[[t]]\na.b = 1\n", count: count)).errors == [])
        #expect(TOMLDocument("a = [" + String(repeating: "{a=1,b.c=[]},", count: count) + "]").errors == [])
        #expect(TOMLDocument("a = '" + String(repeating: "x", count: count * 10) + "'").errors == [])
    }

    @Test func `128 levels are allowed`() {
        let arrays = TOMLDocument(
            "a = " + String(repeating: "[", count: 128) + String(repeating: "]", count: 128))
        let tables = TOMLDocument(
            "a = " + String(repeating: "{a=", count: 127) + "{" + String(repeating: "}", count: 128))
        let keys = TOMLDocument(String(repeating: "a.", count: 128) + "a = 1")
        let headers = TOMLDocument("[" + String(repeating: "a.", count: 125) + "a]\nb.c = []\n")
        for document in [arrays, tables, keys, headers] {
            #expect(document.messages == [])
            #expect(document.root == document.root)
            #expect(Set([document.root]).count == 1)
        }
    }

    @Test func `more levels are one error`() {
        let many = 20_000
        for text in [
            "a = " + String(repeating: "[", count: many), "a = " + String(repeating: "[", count: 129),
            "a = " + String(repeating: "{a=", count: many), "a = " + String(repeating: "[{a=", count: many),
            String(repeating: "a.", count: many) + "a = 1", "[" + String(repeating: "a.", count: many) + "a]",
            "[[" + String(repeating: "a.", count: many) + "a]]",
            "[" + String(repeating: "a.", count: 100) + "a]\nb = " + String(repeating: "[", count: 28),
            "a = {" + String(repeating: "b.", count: 128) + "c = 1}",
        ] {
            #expect(TOMLDocument(text).errors.map(\.problem) == [Self.tooDeep])
        }
    }

    @Test func `long runs of one mistake end soon`() {
        let many = 20_000
        for text in [
            "[", "a = [\n", "a = {\n", "a = {b\n", "\"", "'''\n", "\\", "a = \"\\q\"", "\u{0}", "\r", "=",
            "}\n",
        ] {
            let errors = TOMLDocument("x = 1\n" + String(repeating: text, count: many)).errors
            #expect((1...50).contains(errors.count), "\(text.debugDescription)")
        }
    }

    @Test func `long numbers are judged`() {
        let digits = String(repeating: "1", count: 100_000)
        #expect(problem(digits) == "the integer is too large; it must fit in 64 bits with a sign")
        #expect(value("0." + digits) == .float(1.0 / 9))
        #expect(problem("1e" + digits) == "the float is too large; it must be less than 1.8e308, or inf")
        #expect(value("1e-" + digits) == .float(0))
    }

    @Test func `any bytes are read to the end`() {
        let alphabet = Array("abk=1.-:T \t\r\n\n\"'\\[]{}#,_u0xZ+e".utf8) + [0xC3, 0xA9, 0xFF, 0]
        var generator = SeededGenerator(state: 42)
        for _ in 0..<20_000 {
            let length = Int.random(in: 0..<60, using: &generator)
            let bytes = (0..<length).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
            }
            let errors = TOMLParser.parse(bytes).errors
            let isSorted = zip(errors, errors.dropFirst()).allSatisfy { $0.position < $1.position }
            let isWorded = errors.allSatisfy { $0.problem.contains("; ") && !$0.problem.hasSuffix(".") }
            guard errors.count <= 50, isSorted, isWorded else {
                Issue.record("\(bytes): \(errors)")
                continue
            }
        }
    }
}
