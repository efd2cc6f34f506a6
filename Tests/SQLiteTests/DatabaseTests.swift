import Foundation
import SQLite
import Testing

struct DatabaseTests {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "sqlite-\(UUID().uuidString).db").path()
    }

    private func withDatabase(_ body: (Database) throws -> Void) throws {
        defer {
            for end in ["", "-wal", "-shm", "-journal"] {
                try? FileManager.default.removeItem(atPath: path + end)
            }
        }
        let database = try Database(path: path)
        defer { database.close() }
        try body(database)
    }

    private func error(_ body: () throws -> Void) -> SQLiteError? {
        do {
            try body()
            return nil
        } catch {
            return error as? SQLiteError
        }
    }

    // MARK: Errors

    @Test func `what the connection did not note is told by its code`() throws {
        let memory = try Database(path: ":memory:")
        let error = try #require(error { try memory.persistWAL() })
        #expect(error.code == 12)
        #expect(error.message == "unknown operation")
    }

    @Test func `an error carries SQLite's words and the statement, never a bound value`() throws {
        try withDatabase { database in
            let syntax = error { try database.execute("SELEC 1") }
            #expect(syntax?.message.contains("near \"SELEC\"") == true)
            #expect(syntax?.sql == "SELEC 1")
            try database.execute("CREATE TABLE t(a TEXT PRIMARY KEY)")
            let insert = try database.prepare("INSERT INTO t VALUES(?1)")
            try insert.bind("customer data", at: 1)
            try insert.run()
            let constraint = error { try insert.run() }
            #expect(constraint?.isConstraint == true)
            #expect(constraint.map { "\($0)" }?.contains("customer data") == false)
            #expect(constraint?.sql == "INSERT INTO t VALUES(?1)")
        }
    }

    @Test func `a statement can be used again after an error`() throws {
        try withDatabase { database in
            try database.execute("CREATE TABLE t(a INTEGER PRIMARY KEY)")
            let insert = try database.cached("INSERT INTO t VALUES(?1)")
            try insert.bind(1, at: 1)
            try insert.run()
            #expect(error { try insert.run() }?.isConstraint == true)
            try insert.bind(2, at: 1)
            try insert.run()
            #expect(try database.integer("SELECT count(*) FROM t") == 2)
        }
    }

    @Test func `an index that does not exist is an error`() throws {
        try withDatabase { database in
            let statement = try database.prepare("SELECT ?1")
            #expect(error { try statement.bind("x", at: 2) }?.primaryCode == 25)
            #expect(error { try statement.bindNull(at: 0) }?.primaryCode == 25)
        }
    }

    @Test func `a file that is no database is told as damaged`() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(String(repeating: "no database ", count: 400).utf8).write(to: URL(filePath: path))
        let found = error {
            let database = try Database(path: path)
            _ = try database.integer("SELECT count(*) FROM sqlite_master")
        }
        #expect(found?.isCorrupt == true)
    }

    @Test func `a file that cannot be opened says why`() {
        let found = error { _ = try Database(path: "/nonexistent/folder/file.db") }
        #expect(found?.primaryCode == 14)
        #expect(found?.message == "unable to open database file")
        #expect(error { _ = try Database(path: path, access: .readOnly) }?.primaryCode == 14)
    }

    @Test func `a read-only database refuses to be written`() throws {
        try withDatabase { database in
            try database.execute("CREATE TABLE t(a)")
            let reader = try Database(path: path, access: .readOnly)
            defer { reader.close() }
            #expect(error { try reader.execute("INSERT INTO t VALUES(1)") }?.isReadOnly == true)
        }
    }

    @Test func `a full disk is told as such and the transaction is gone`() throws {
        try withDatabase { database in
            try database.execute(
                "CREATE TABLE t(a); INSERT INTO t VALUES('before'); PRAGMA max_page_count=20")
            let found = error {
                try database.transaction {
                    for _ in 0..<100 { try database.execute("INSERT INTO t VALUES(zeroblob(4000))") }
                }
            }
            #expect(found?.isDiskFull == true)
            #expect(!database.isInTransaction)
            #expect(try database.text("SELECT group_concat(a) FROM t") == "before")
        }
    }

    @Test func `a lock of another connection is told as busy`() throws {
        try withDatabase { database in
            try database.execute("CREATE TABLE t(a)")
            let other = try Database(path: path)
            defer { other.close() }
            try other.execute("BEGIN IMMEDIATE")
            database.setBusyTimeout(milliseconds: 0)
            #expect(error { try database.execute("INSERT INTO t VALUES(1)") }?.isBusy == true)
            try other.execute("ROLLBACK")
            try database.execute("INSERT INTO t VALUES(1)")
        }
    }

    // MARK: Transactions

    private struct Refusal: Error {}

    @Test func `an error rolls the whole transaction back`() throws {
        try withDatabase { database in
            try database.execute("CREATE TABLE t(a)")
            #expect(throws: Refusal.self) {
                try database.transaction {
                    try database.execute("INSERT INTO t VALUES(1)")
                    #expect(database.isInTransaction)
                    throw Refusal()
                }
            }
            #expect(!database.isInTransaction)
            #expect(try database.integer("SELECT count(*) FROM t") == 0)
        }
    }

    @Test func `a transaction takes the write lock at its beginning`() throws {
        try withDatabase { database in
            try database.execute("CREATE TABLE t(a)")
            let other = try Database(path: path)
            defer { other.close() }
            other.setBusyTimeout(milliseconds: 0)
            try database.transaction {
                #expect(error { try other.execute("BEGIN IMMEDIATE") }?.isBusy == true)
            }
            try other.execute("BEGIN IMMEDIATE; ROLLBACK")
        }
    }

    @Test func `a finished transaction is seen by others, and its value returned`() throws {
        try withDatabase { database in
            try database.execute("CREATE TABLE t(a)")
            let value = try database.transaction { () -> Int in
                try database.execute("INSERT INTO t VALUES(7)")
                return 42
            }
            #expect(value == 42)
            let other = try Database(path: path, access: .readOnly)
            defer { other.close() }
            #expect(try other.integer("SELECT a FROM t") == 7)
        }
    }

    // MARK: The write-ahead log

    @Test func `the log and its index stay behind when they are told to`() throws {
        try withDatabase { database in
            try database.execute("PRAGMA journal_mode=WAL")
            try database.persistWAL()
            try database.execute("CREATE TABLE t(a)")
            #expect(try database.checkpoint(truncate: true))
            database.close()
            #expect(FileManager.default.fileExists(atPath: path + "-wal"))
            #expect(FileManager.default.fileExists(atPath: path + "-shm"))
        }
    }

    @Test func `a reader holds a checkpoint back until it ends`() throws {
        try withDatabase { database in
            try database.execute("PRAGMA journal_mode=WAL; CREATE TABLE t(a)")
            #expect(try database.checkpoint(truncate: true))
            let reader = try Database(path: path, access: .readOnly)
            defer { reader.close() }
            try reader.execute("BEGIN; SELECT count(*) FROM t")
            try database.execute("INSERT INTO t VALUES(1)")
            database.setBusyTimeout(milliseconds: 0)
            #expect(try !database.checkpoint(truncate: true))
            try reader.execute("COMMIT")
            #expect(try database.checkpoint(truncate: true))
        }
    }

    @Test func `an empty path is a database of its own that leaves nothing`() throws {
        let database = try Database(path: "")
        try database.execute("CREATE TABLE t(a)")
        #expect(try database.integer("SELECT count(*) FROM t") == 0)
        #expect(try Database(path: "").integer("SELECT count(*) FROM sqlite_master") == 0)
    }
}
