import SQLite

/// Replaced records, so many of each, for `[mirror] history`.
///
/// One table for all resources: a replaced record with the runs between which it was the current one. Where the payload
/// stayed the same (a deletion mark), the row holds none and the next one's counts.
struct PastVersions {
    static let table = "record_versions"

    static let sql = """
        CREATE TABLE IF NOT EXISTS \(table)(version INTEGER PRIMARY KEY, view TEXT NOT NULL, row INTEGER NOT NULL,
          connection TEXT NOT NULL, changed_run TEXT NOT NULL, replaced_run TEXT NOT NULL, change TEXT NOT NULL,
          deleted_at TEXT, payload TEXT);
        CREATE INDEX IF NOT EXISTS \(table)_row ON \(table)(view, row);
        """

    private let keeping: Statement
    private let pruning: Statement

    /// Prepares a page's statements; nil when no version is kept.
    ///
    /// - Parameters:
    ///   - view: The resource's view.
    ///   - count: Versions kept of each record.
    ///   - database: The mirror, inside a transaction.
    ///   - run: The run that replaces them.
    /// - Throws: `SQLiteError`.
    init?(of view: String, count: Int, in database: Database, run: String) throws(SQLiteError) {
        guard count > 0 else { return nil }
        // What this run itself has written was never seen between two runs.
        keeping = try database.cached(
            "INSERT INTO \(Self.table)(view, row, connection, changed_run, replaced_run, change, deleted_at, payload)"
                + " SELECT '\(view)', row, connection, changed_run, ?2, change, deleted_at,"
                + " CASE WHEN ?3 IS NOT NULL AND payload IS NOT ?3 THEN payload END"
                + " FROM \(view)_data WHERE row=?1 AND changed_run<>?2")
        try keeping.bind(run, at: 2)
        pruning = try database.cached(
            "DELETE FROM \(Self.table) WHERE version IN (SELECT version FROM \(Self.table) WHERE view='\(view)'"
                + " AND row=?1 ORDER BY version DESC LIMIT -1 OFFSET ?2)")
        try pruning.bind(Int64(count), at: 2)
    }

    /// Keeps a row as it stands, before it is changed.
    ///
    /// - Parameters:
    ///   - row: The row's number.
    ///   - payload: What takes its place; nil where only a mark changes.
    /// - Throws: `SQLiteError`.
    func keep(_ row: Int64, replacedBy payload: UnsafeRawBufferPointer? = nil) throws(SQLiteError) {
        try keeping.bind(row, at: 1)
        try keeping.bindBorrowed(payload, at: 3)
        try keeping.run()
        try pruning.bind(row, at: 1)
        try pruning.run()
    }
}
