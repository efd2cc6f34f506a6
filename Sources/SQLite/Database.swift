import CSQLite

/// One connection to one SQLite file.
///
/// Not thread-safe: it lives inside an actor or on one thread.
package final class Database {
    package enum Access: Sendable {
        case readWrite, readWriteCreate, readOnly
        /// Read-only, without locks and without any file beside it: for a database that nobody writes now.
        case immutable
    }

    package let path: String
    private let handle: OpaquePointer
    private var statements: [String: Statement] = [:]
    private var isClosed = false
    private let counter: UnsafeMutablePointer<Int32>
    private let rows = RowTable()

    /// Opens a file; an empty path is a temporary database that SQLite deletes by itself.
    package init(path: String, access: Access = .readWriteCreate) throws(SQLiteError) {
        var opened: OpaquePointer?
        let flags =
            switch access {
            case .readOnly: SQLITE_OPEN_READONLY
            case .immutable: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
            case .readWrite: SQLITE_OPEN_READWRITE
            case .readWriteCreate: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            }
        let name = access == .immutable ? Self.immutableName(path) : path
        let result = sqlite3_open_v2(
            name, &opened, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, Self.fileSystem)
        guard result == SQLITE_OK, let opened else {
            let error = SQLiteError.last(of: opened, code: result, sql: "open")
            sqlite3_close_v2(opened)
            throw error
        }
        self.path = path
        handle = opened
        counter = .allocate(capacity: 1)
        counter.initialize(to: 0)
        sqlite3_busy_timeout(opened, 10_000)
        _ = csqlite_set_defensive(opened, 1)
    }

    /// The name of what gives a log the frames of a commit together, nil where there is no such thing.
    private static let fileSystem: String? = csqlite_offer_log().map { String(cString: $0) }

    private static func immutableName(_ path: String) -> String {
        let special = ["%": "%25", "?": "%3f", "#": "%23"]
        return "file:" + path.map { special[String($0)] ?? String($0) }.joined() + "?immutable=1"
    }

    deinit {
        statements.removeAll()
        if !isClosed { sqlite3_close_v2(handle) }
        counter.deallocate()
    }

    /// Closes the file; the object must not be used afterwards.
    package func close() {
        guard !isClosed else { return }
        statements.removeAll()
        sqlite3_close_v2(handle)
        isClosed = true
    }

    package func setBusyTimeout(milliseconds: Int32) { sqlite3_busy_timeout(handle, milliseconds) }

    /// Runs statements that need no values, separated by semicolons.
    package func execute(_ sql: String) throws(SQLiteError) {
        let result = sqlite3_exec(handle, sql, nil, nil, nil)
        guard result == SQLITE_OK else { throw SQLiteError.last(of: handle, code: result, sql: sql) }
    }

    /// A statement that is prepared once and kept.
    package func cached(_ sql: String) throws(SQLiteError) -> Statement {
        if let statement = statements[sql] {
            statement.reset()
            return statement
        }
        let statement = try prepare(sql)
        statements[sql] = statement
        return statement
    }

    package func prepare(_ sql: String) throws(SQLiteError) -> Statement {
        var prepared: OpaquePointer?
        let result = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard result == SQLITE_OK, let prepared else {
            throw SQLiteError.last(of: handle, code: result, sql: sql)
        }
        return Statement(handle: prepared, database: handle, sql: sql)
    }

    /// Forgets the kept statements, so that the schema may change.
    package func forgetStatements() { statements.removeAll() }

    /// The first column of the first row.
    package func integer(_ sql: String) throws(SQLiteError) -> Int64? {
        let statement = try prepare(sql)
        return try statement.step() ? statement.integer(at: 0) : nil
    }

    /// The first column of the first row.
    package func text(_ sql: String) throws(SQLiteError) -> String? {
        let statement = try prepare(sql)
        return try statement.step() ? statement.text(at: 0) : nil
    }

    /// The row number of the last INSERT, also of one under way; 0 sets it back.
    package var lastInsertedRow: Int64 {
        get { sqlite3_last_insert_rowid(handle) }
        set { sqlite3_set_last_insert_rowid(handle, newValue) }
    }

    package var changes: Int { Int(sqlite3_changes64(handle)) }
    package var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// Keeps `-wal` and `-shm` in place when the last connection closes, so that others can go on reading.
    package func persistWAL() throws(SQLiteError) {
        let result = csqlite_persist_wal(handle, 1)
        guard result == SQLITE_OK else {
            throw SQLiteError.last(of: handle, code: result, sql: "persist WAL")
        }
    }

    /// Copies the write-ahead log into the database file.
    ///
    /// - Returns: Whether all of it was copied and the log could be emptied; a reader may hold it back.
    package func checkpoint(truncate: Bool) throws(SQLiteError) -> Bool {
        var log: Int32 = 0
        var copied: Int32 = 0
        let mode = truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE
        let result = sqlite3_wal_checkpoint_v2(handle, nil, mode, &log, &copied)
        if result & 0xFF == SQLITE_BUSY { return false }
        guard result == SQLITE_OK else { throw SQLiteError.last(of: handle, code: result, sql: "checkpoint") }
        return log == copied
    }

    /// Makes the table `rows` known to statements, for `withRows`.
    package func offerRows() throws(SQLiteError) {
        let result = rows.offer(to: handle)
        guard result == SQLITE_OK else { throw SQLiteError.last(of: handle, code: result, sql: "rows") }
    }

    /// Fills the table `rows` while `body` runs statements that read it.
    package func withRows(
        _ source: any RowSource, _ body: () throws(SQLiteError) -> Void
    ) throws(SQLiteError) { try rows.with(source, body) }

    /// Copies as much of the write-ahead log as can be had without waiting for anybody.
    ///
    /// - Parameter length: From how many pages on the file is also synced. SQLite does that only once all of the log is
    ///   copied, and whoever copies its end would wait for all of it.
    /// - Returns: How far it is copied, in pages; 0 where it cannot be.
    /// - Throws: `SQLiteError` for a sync that failed.
    package func copyLog(syncingFrom length: Int) throws(SQLiteError) -> Int {
        var log: Int32 = 0
        var copied: Int32 = 0
        let result = sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_PASSIVE, &log, &copied)
        guard result == SQLITE_OK else {
            let error = SQLiteError.last(of: handle, code: result, sql: "checkpoint")
            if error.isFailedSync { throw error }
            return 0
        }
        if copied >= length {
            let result = csqlite_sync_file(handle)
            guard result == SQLITE_OK else {
                throw SQLiteError(
                    code: result, message: String(cString: sqlite3_errstr(result)), sql: "checkpoint")
            }
        }
        return Int(max(copied, 0))
    }

    /// From now on SQLite does not copy the log by itself, and `logLength` is kept.
    package func countLog() {
        sqlite3_wal_hook(
            handle,
            { counter, _, _, length in
                counter?.assumingMemoryBound(to: Int32.self).pointee = length
                return SQLITE_OK
            }, counter)
    }

    /// Pages that the write-ahead log had after this connection's last commit.
    package var logLength: Int { Int(counter.pointee) }

    /// Runs `body` in one transaction that takes the write lock at once; an error rolls everything back.
    package func transaction<Result>(_ body: () throws -> Result) throws -> Result {
        try cached("BEGIN IMMEDIATE").run()
        do {
            let result = try body()
            try cached("COMMIT").commit()
            return result
        } catch {
            if isInTransaction { try? execute("ROLLBACK") }
            throw error
        }
    }

    /// Replaces everything in this database with what another one holds.
    package func copy(from other: Database) throws(SQLiteError) {
        guard let backup = sqlite3_backup_init(handle, "main", other.handle, "main") else {
            throw SQLiteError.last(of: handle, code: sqlite3_errcode(handle), sql: "copy")
        }
        sqlite3_backup_step(backup, -1)
        let result = sqlite3_backup_finish(backup)
        guard result == SQLITE_OK else { throw SQLiteError.last(of: handle, code: result, sql: "copy") }
    }

    /// SQLite's own version, for example `3.40.1`.
    package static var version: String { String(cString: sqlite3_libversion()) }

    /// Turns off SQLite's memory accounting, a lock around every allocation.
    ///
    /// Call it before the first open.
    package static func prepareLibrary() { _ = csqlite_disable_memory_statistics() }
}

@available(*, unavailable)
extension Database: Sendable {}
