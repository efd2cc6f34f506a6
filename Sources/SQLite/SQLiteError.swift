import CSQLite

/// What SQLite answered, in its own words, with the SQL but never with bound values.
package struct SQLiteError: Error, Sendable, Equatable {
    /// The extended result code, for example 13 (`SQLITE_FULL`) or 2570.
    package var code: Int32
    package var message: String
    /// The statement's text, or what was being done.
    package var sql: String
    /// The errno of the failed system call, 0 where there was none.
    package var systemError: Int32

    package init(code: Int32, message: String, sql: String, systemError: Int32 = 0) {
        self.code = code
        self.message = message
        self.sql = sql
        self.systemError = systemError
    }

    /// The result code without its extension.
    package var primaryCode: Int32 { code & 0xFF }
    package var isBusy: Bool { primaryCode == SQLITE_BUSY || primaryCode == SQLITE_LOCKED }
    package var isDiskFull: Bool { primaryCode == SQLITE_FULL || systemError == 28 }
    /// What was written may never reach the disk, and a second try says nothing about it.
    ///
    /// `SQLITE_IOERR_FSYNC` and `SQLITE_IOERR_DIR_FSYNC`, macros that Swift does not see.
    package var isFailedSync: Bool { code == SQLITE_IOERR | (4 << 8) || code == SQLITE_IOERR | (5 << 8) }
    package var isCorrupt: Bool { primaryCode == SQLITE_CORRUPT || primaryCode == SQLITE_NOTADB }
    package var isReadOnly: Bool { primaryCode == SQLITE_READONLY || primaryCode == SQLITE_PERM }
    package var isUnopenable: Bool { primaryCode == SQLITE_CANTOPEN }
    package var isConstraint: Bool { primaryCode == SQLITE_CONSTRAINT }
}
