import SQLite
import Testing

/// The table `rows`, which Swift fills while a statement reads it.
struct RowSourceTests {
    private final class Words: RowSource {
        private let words: [[UInt8]?]
        private var index = -1

        init(_ words: [String?]) { self.words = words.map { $0.map { Array($0.utf8) } } }

        func advance(_ row: RowTexts) -> Bool {
            index += 1
            guard index < words.count else { return false }
            // The array lives as long as the source, and is never changed.
            row.set(0, words[index].map { $0.withUnsafeBytes { $0 } })
            for other in 1..<4 { row.set(other, nil) }
            return true
        }
    }

    private func read(_ words: [String?]) throws -> [String?] {
        let database = try Database(path: ":memory:")
        try database.offerRows()
        try database.execute("CREATE TABLE t(word TEXT)")
        try database.withRows(Words(words)) { () throws(SQLiteError) in
            try database.execute("INSERT INTO t SELECT a FROM rows")
        }
        let statement = try database.prepare("SELECT word, typeof(word) FROM t ORDER BY rowid")
        var found: [String?] = []
        while try statement.step() {
            #expect(statement.text(at: 1) == (statement.isNull(at: 0) ? "null" : "text"))
            found.append(statement.text(at: 0))
        }
        return found
    }

    @Test func `texts, empty texts and NULL arrive as they are`() throws {
        let words = ["one", "", nil, "三", "a\u{0}b"]
        #expect(try read(words) == words)
        #expect(try read([]) == [])
    }

    @Test func `a row's number is its place, each time anew`() throws {
        let database = try Database(path: ":memory:")
        try database.offerRows()
        for words in [["a", "b", "c"], ["d"], []] {
            try database.withRows(Words(words)) { () throws(SQLiteError) in
                let statement = try database.cached("SELECT rowid, a FROM rows")
                defer { statement.reset() }
                var found: [String?] = []
                while try statement.step() {
                    #expect(statement.int64(at: 0) == Int64(found.count))
                    found.append(statement.text(at: 1))
                }
                #expect(found == words)
            }
        }
    }

    @Test func `without a source the table is empty`() throws {
        let database = try Database(path: ":memory:")
        try database.offerRows()
        #expect(try database.integer("SELECT count(*) FROM rows") == 0)
    }
}
