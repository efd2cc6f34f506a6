import SQLite
import Testing

struct StatementTests {
    let database: Database

    init() throws {
        database = try Database(path: "")
        try database.execute("CREATE TABLE t(a)")
    }

    private static let texts = [
        "", "a", "a\u{0}b", "\u{0}", "日本語 é 😀", "'; DROP TABLE t; --", String(repeating: "x", count: 100_000),
    ]

    @Test(arguments: texts)
    func `a text comes back byte by byte, NUL and all`(text: String) throws {
        let insert = try database.prepare("INSERT INTO t VALUES(?1)")
        try insert.bind(text, at: 1)
        try insert.run()
        let select = try database.prepare("SELECT a, typeof(a), length(CAST(a AS BLOB)) FROM t")
        #expect(try select.step())
        #expect(select.text(at: 0).map { Array($0.utf8) } == Array(text.utf8))
        #expect(select.bytes(at: 0) == Array(text.utf8))
        #expect(select.text(at: 1) == "text")
        #expect(select.int64(at: 2) == Int64(text.utf8.count))
        #expect(try !select.step())
    }

    @Test(arguments: texts)
    func `borrowed bytes are stored like a text`(text: String) throws {
        let insert = try database.prepare("INSERT INTO t VALUES(?1)")
        try Array(text.utf8).withUnsafeBytes { bytes in
            try insert.bindBorrowed(bytes, at: 1)
            try insert.run()
        }
        let compare = try database.prepare("SELECT a IS ?1, typeof(a) FROM t")
        try compare.bind(text, at: 1)
        #expect(try compare.step())
        #expect(compare.int64(at: 0) == 1)
        #expect(compare.text(at: 1) == "text")
    }

    @Test func `an empty borrowed buffer is an empty text, not NULL`() throws {
        let select = try database.prepare("SELECT ?1 IS NULL, ?1 = ''")
        try select.bindBorrowed(UnsafeRawBufferPointer(start: nil, count: 0), at: 1)
        #expect(try select.step())
        #expect(select.int64(at: 0) == 0)
        #expect(select.int64(at: 1) == 1)
    }

    @Test(arguments: [Int64.min, -1, 0, 1, .max])
    func `an integer keeps all its bits`(number: Int64) throws {
        let select = try database.prepare("SELECT ?1")
        try select.bind(number, at: 1)
        #expect(try select.step())
        #expect(select.integer(at: 0) == number)
        #expect(select.text(at: 0) == "\(number)")
    }

    @Test func `nothing is NULL, and NULL is nothing`() throws {
        let select = try database.prepare("SELECT ?1, ?2, ?3")
        try select.bind(String?.none, at: 1)
        try select.bind(Int64?.none, at: 2)
        #expect(try select.step())
        for column in Int32(0)..<3 {
            #expect(select.isNull(at: column))
            #expect(select.text(at: column) == nil)
            #expect(select.integer(at: column) == nil)
            #expect(select.bytes(at: column).isEmpty)
        }
    }

    @Test func `a cached statement is ready for its next use`() throws {
        try database.execute("INSERT INTO t VALUES(1),(2),(3)")
        let first = try database.cached("SELECT a FROM t ORDER BY a")
        #expect(try first.step())
        #expect(try first.step())
        let second = try database.cached("SELECT a FROM t ORDER BY a")
        #expect(first === second)
        #expect(try second.step())
        #expect(second.int64(at: 0) == 1)
    }

    @Test func `columns have names`() throws {
        let select = try database.prepare("SELECT 1 AS one, 2 AS \"zwei 二\"")
        #expect(select.columnCount == 2)
        #expect(select.columnName(at: 0) == "one")
        #expect(select.columnName(at: 1) == "zwei 二")
    }

    @Test func `changes and the last row are told`() throws {
        try database.execute("INSERT INTO t VALUES(1),(2),(3)")
        #expect(database.changes == 3)
        #expect(database.lastInsertedRow == 3)
    }

    @Test func `the first value of a query, or nothing`() throws {
        #expect(try database.integer("SELECT a FROM t") == nil)
        #expect(try database.text("SELECT a FROM t") == nil)
        #expect(try database.integer("SELECT NULL") == nil)
        #expect(try database.text("SELECT 'x' UNION ALL SELECT 'y'") == "x")
    }

    @Test func `the library is one that we support`() {
        let parts = Database.version.split(separator: ".").compactMap { Int($0) }
        #expect(parts.count == 3 && (parts[0], parts[1]) >= (3, 40))
    }
}
