import CSQLite

/// One prepared statement.
///
/// Belongs to the thread of its database.
package final class Statement {
    private let handle: OpaquePointer
    private let database: OpaquePointer
    private let sql: String

    init(handle: OpaquePointer, database: OpaquePointer, sql: String) {
        self.handle = handle
        self.database = database
        self.sql = sql
    }

    deinit { sqlite3_finalize(handle) }

    // MARK: Binding; the first parameter has index 1

    package func bind(_ text: String?, at index: Int32) throws(SQLiteError) {
        guard var text else { return try bindNull(at: index) }
        let result = text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                csqlite_bind_text_copied(handle, index, $0.baseAddress ?? emptyText, sqlite3_uint64($0.count))
            }
        }
        try check(result)
    }

    package func bind(_ number: Int64?, at index: Int32) throws(SQLiteError) {
        guard let number else { return try bindNull(at: index) }
        try check(sqlite3_bind_int64(handle, index, number))
    }

    package func bindNull(at index: Int32) throws(SQLiteError) {
        try check(sqlite3_bind_null(handle, index))
    }

    /// Binds bytes that the caller keeps alive and unchanged until the statement was reset: nothing is copied.
    package func bindBorrowed(_ bytes: UnsafeRawBufferPointer?, at index: Int32) throws(SQLiteError) {
        guard let bytes else { return try bindNull(at: index) }
        let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self) ?? emptyText
        try check(csqlite_bind_text_borrowed(handle, index, start, sqlite3_uint64(bytes.count)))
    }

    // MARK: Running

    /// Goes to the next row.
    ///
    /// - Returns: Whether there is one.
    package func step() throws(SQLiteError) -> Bool { try isRow(sqlite3_step(handle)) }

    private func isRow(_ result: Int32) throws(SQLiteError) -> Bool {
        switch result {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default:
            let error = SQLiteError.last(of: database, code: result, sql: sql)
            sqlite3_reset(handle)
            throw error
        }
    }

    /// Runs a statement that returns no rows, and makes it ready for the next use.
    package func run() throws(SQLiteError) {
        while try step() {}
        reset()
    }

    /// Runs a COMMIT, which writes all of its frames to a log at once.
    func commit() throws(SQLiteError) {
        _ = try isRow(csqlite_commit(database, handle))
        reset()
    }

    package func reset() { sqlite3_reset(handle) }

    // MARK: Reading the current row; the first column has index 0

    package func text(at index: Int32) -> String? {
        guard let bytes = sqlite3_column_text(handle, index) else { return nil }
        let count = Int(sqlite3_column_bytes(handle, index))
        return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    /// Lends the bytes of a text column, or the digits of a number; they are gone with the next step.
    package func withBytes<Result>(
        at index: Int32, _ body: (UnsafeBufferPointer<UInt8>) -> Result
    ) -> Result {
        let start = sqlite3_column_text(handle, index)
        let count = start == nil ? 0 : Int(sqlite3_column_bytes(handle, index))
        return body(UnsafeBufferPointer(start: start, count: count))
    }

    /// The bytes of a text or blob column.
    package func bytes(at index: Int32) -> [UInt8] {
        guard let start = sqlite3_column_blob(handle, index) else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, index))))
    }

    package func integer(at index: Int32) -> Int64? {
        isNull(at: index) ? nil : sqlite3_column_int64(handle, index)
    }

    package func int64(at index: Int32) -> Int64 { sqlite3_column_int64(handle, index) }

    package func isNull(at index: Int32) -> Bool { sqlite3_column_type(handle, index) == SQLITE_NULL }

    package var columnCount: Int32 { sqlite3_column_count(handle) }

    package func columnName(at index: Int32) -> String {
        sqlite3_column_name(handle, index).map { String(cString: $0) } ?? ""
    }

    private func check(_ result: Int32) throws(SQLiteError) {
        guard result == SQLITE_OK else { throw SQLiteError.last(of: database, code: result, sql: sql) }
    }
}

@available(*, unavailable)
extension Statement: Sendable {}

/// SQLite takes a null pointer for NULL, so an empty text needs an address.
var emptyText: UnsafePointer<CChar> {
    StaticString("").utf8Start.withMemoryRebound(to: CChar.self, capacity: 1) { $0 }
}

extension SQLiteError {
    static func last(of database: OpaquePointer?, code: Int32, sql: String) -> SQLiteError {
        // Not every code was also noted by the connection.
        guard let database, sqlite3_errcode(database) & 0xFF == code & 0xFF else {
            return SQLiteError(code: code, message: String(cString: sqlite3_errstr(code)), sql: sql)
        }
        return SQLiteError(
            code: sqlite3_extended_errcode(database), message: String(cString: sqlite3_errmsg(database)),
            sql: sql, systemError: sqlite3_system_errno(database))
    }
}
