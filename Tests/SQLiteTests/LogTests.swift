import Foundation
import SQLite
import Testing

/// A commit's frames are gathered on their way to the write-ahead log, and nobody can tell.
struct LogTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "log-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private var path: String { folder.appending(path: "log.db").path() }

    private func open() throws -> Database {
        let database = try Database(path: path)
        try database.execute("PRAGMA page_size=16384; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL")
        return database
    }

    private func insert(_ rows: Range<Int>, _ size: Int, into database: Database) throws {
        let statement = try database.cached("INSERT INTO t VALUES(?1, ?2)")
        for row in rows {
            try statement.bind(Int64(row), at: 1)
            try statement.bind(
                String(repeating: Character(UnicodeScalar(UInt8(97 + row % 26))), count: size), at: 2)
            try statement.run()
        }
    }

    private func count(_ database: Database) throws -> Int64? {
        try database.integer(
            "SELECT count(*) FROM t WHERE length(b)>0 AND b=replace(hex(zeroblob(length(b)/2)), '0', substr(b, 1, 1))"
        )
    }

    /// From less than a page to several times what is written at once.
    @Test(arguments: [100, 20_000, 130_000, 400_000, 1_500_000])
    func `what was committed is there for everybody`(size: Int) throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let (writer, reader) = (try open(), try open())
        defer { [writer, reader].forEach { $0.close() } }
        try writer.execute("CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT)")
        for round in 0..<5 {
            try writer.transaction { try insert(round * 3..<round * 3 + 3, size, into: writer) }
            #expect(try count(reader) == Int64(round * 3 + 3))
        }
        try expectInFiles(15)
    }

    /// What a killed process leaves: whoever opens the files then reads the log alone.
    private func expectInFiles(_ rows: Int64) throws {
        let copy = folder.appending(path: "copy.db").path()
        for end in ["", "-wal"] { try FileManager.default.copyItem(atPath: path + end, toPath: copy + end) }
        let late = try Database(path: copy)
        defer { late.close() }
        #expect(try late.text("PRAGMA integrity_check") == "ok")
        #expect(try count(late) == rows)
    }

    /// SQLite writes such a page over its frame, and at the commit the heads of all frames anew.
    @Test func `a page that has left the cache and changes again is in the log`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let writer = try open()
        defer { writer.close() }
        try writer.execute("PRAGMA cache_size=10; CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT)")
        try writer.transaction {
            try insert(0..<300, 3000, into: writer)
            for row in stride(from: 0, to: 300, by: 7) {
                let other = "replace(b, substr(b, 1, 1), 'z')"
                try writer.execute("UPDATE t SET b=\(other) WHERE a=\(row * 11 % 300)")
            }
        }
        try writer.transaction { try insert(300..<301, 100, into: writer) }
        try expectInFiles(301)
    }

    /// SQLite moves pages within such a COMMIT, and those that do not fit into the cache are written before the others.
    @Test func `a page that leaves the cache within a COMMIT is in the log`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let first = try Database(path: path)
        try first.execute("PRAGMA page_size=16384; PRAGMA auto_vacuum=FULL; PRAGMA journal_mode=WAL")
        try first.execute("CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT)")
        try first.transaction { try insert(0..<1000, 60_000, into: first) }
        first.close()
        let writer = try Database(path: path)
        defer { writer.close() }
        try writer.execute("PRAGMA synchronous=NORMAL; PRAGMA secure_delete=OFF; PRAGMA cache_size=-2000")
        try writer.execute("PRAGMA wal_autocheckpoint=0")
        try writer.transaction { try writer.execute("DELETE FROM t WHERE a<499") }
        #expect(try count(writer) == 501)
        try expectInFiles(501)
    }

    @Test func `a transaction that outgrows the cache and is taken back leaves nothing behind`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let (writer, other) = (try open(), try open())
        defer { [writer, other].forEach { $0.close() } }
        // Pages that do not fit are written to the log before the commit.
        try writer.execute("PRAGMA cache_size=10; CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT)")
        try writer.transaction { try insert(0..<2, 90_000, into: writer) }
        for round in 1...4 {
            #expect(throws: CocoaError.self) {
                try writer.transaction {
                    try insert(100..<140, 90_000, into: writer)
                    throw CocoaError(.userCancelled)
                }
            }
            try other.transaction { try insert(round * 10..<round * 10 + 3, 90_000, into: other) }
            try writer.transaction { try insert(round * 10 + 3..<round * 10 + 5, 90_000, into: writer) }
            #expect(try count(other) == Int64(2 + round * 5))
            #expect(try count(writer) == Int64(2 + round * 5))
        }
        #expect(try writer.checkpoint(truncate: true))
        #expect(try other.text("PRAGMA integrity_check") == "ok")
    }

    @Test func `a statement that commits by itself is there at once`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let (writer, reader) = (try open(), try open())
        defer { [writer, reader].forEach { $0.close() } }
        try writer.execute("CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT)")
        try insert(0..<1, 300_000, into: writer)
        #expect(try count(reader) == 1)
    }
}
