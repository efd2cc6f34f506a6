import Glibc
import JSON
import SQLite

/// Writes one page of records into a resource's table: look up, compare, then write what differs.
struct Upsert {
    /// What a page did.
    struct Outcome {
        var counts = RecordCounts()
        /// Row numbers of every record of the page.
        var rows: [Int64] = []
        var high: Timestamp?
        var unreadableTimes = 0
        var changedRows = 0
        /// The record before was new.
        var expectsNew = false
    }

    private let database: Database
    private let zone: TimeReader.Zone
    private let lookup: Statement
    private let insertion: Statement
    private let change: Statement
    private let past: PastVersions?

    /// Prepares a page's statements, with everything bound that is the same for all of its records.
    ///
    /// - Parameters:
    ///   - view: The resource's view.
    ///   - zone: How its times are read.
    ///   - connection: Whose the records are.
    ///   - database: The mirror, inside a transaction.
    ///   - run: The run id.
    ///   - now: Our clock, as text.
    ///   - history: Replaced versions that are kept of each record.
    /// - Throws: `SQLiteError`.
    init(
        _ view: String, zone: TimeReader.Zone, connection: String, in database: Database, run: String,
        now: String, history: Int = 0
    ) throws(SQLiteError) {
        self.database = database
        self.zone = zone
        lookup = try database.cached(
            "SELECT row, payload IS ?3, deleted_at IS NOT NULL FROM \(view)_data WHERE connection=?1 AND id=?2"
        )
        try lookup.bind(connection, at: 1)
        insertion = try database.cached(
            "INSERT INTO \(view)_data(connection, id, payload, first_seen_at, changed_at, changed_run, change, created_at,"
                + " updated_at) VALUES(?1, ?2, ?3, ?4, ?4, ?5, 'inserted', ?6, ?7) ON CONFLICT DO NOTHING")
        try insertion.bind(connection, at: 1)
        try insertion.bind(now, at: 4)
        try insertion.bind(run, at: 5)
        change = try database.cached(
            "UPDATE \(view)_data SET payload=?2, changed_at=?3, changed_run=?4,"
                + " change=iif(deleted_at IS NULL, 'updated', 'restored'), deleted_at=NULL, created_at=?5, updated_at=?6"
                + " WHERE row=?1")
        try change.bind(now, at: 3)
        try change.bind(run, at: 4)
        past = try PastVersions(of: view, count: history, in: database, run: run)
    }

    /// - Parameters:
    ///   - page: The records.
    ///   - skipped: Index of a record that only proves that two pages join, not counted again.
    /// - Returns: What became of the records.
    /// - Throws: `SQLiteError`.
    func write(_ page: borrowing ScannedPage, skipped: Int?) throws(SQLiteError) -> Outcome {
        let superseded = Self.superseded(page)
        var outcome = Outcome()
        outcome.rows.reserveCapacity(page.count)
        for index in 0..<page.count where index != skipped {
            outcome.counts.fetched += 1
            if !superseded.isEmpty, superseded.contains(index) {
                outcome.counts.duplicate += 1
                continue
            }
            try page.withID(index) { id throws(SQLiteError) in
                try page.withPayload(index) { payload throws(SQLiteError) in
                    try write(id, payload, page, index, &outcome)
                }
            }
        }
        return outcome
    }

    private func write(
        _ id: UnsafeRawBufferPointer, _ payload: UnsafeRawBufferPointer, _ page: borrowing ScannedPage,
        _ index: Int,
        _ outcome: inout Outcome
    ) throws(SQLiteError) {
        let updated = page.withUpdated(index) { readTime($0, &outcome) }
        if let updated, outcome.high.map({ $0 < updated }) ?? true { outcome.high = updated }
        // New records come in droves, on a first load nothing else: after one, the next is tried as new at once.
        if outcome.expectsNew, try insert(id, payload, updated, page, index, &outcome) { return }
        try lookup.bindBorrowed(id, at: 2)
        try lookup.bindBorrowed(payload, at: 3)
        defer { lookup.reset() }
        guard try lookup.step() else {
            outcome.expectsNew = try insert(id, payload, updated, page, index, &outcome)
            return
        }
        outcome.expectsNew = false
        let row = lookup.int64(at: 0)
        let isDeleted = lookup.int64(at: 2) != 0
        outcome.rows.append(row)
        if lookup.int64(at: 1) != 0, !isDeleted {
            outcome.counts.unchanged += 1
            return
        }
        lookup.reset()
        if let past { try past.keep(row, replacedBy: payload) }
        let created = page.withCreated(index) { readTime($0, &outcome) }
        try change.bind(row, at: 1)
        try change.bindBorrowed(payload, at: 2)
        try run(change, created: created, at: 5, updated: updated, at: 6)
        outcome.changedRows += 1
        if isDeleted { outcome.counts.restored += 1 } else { outcome.counts.updated += 1 }
    }

    /// - Returns: false when the key is there already.
    private func insert(
        _ id: UnsafeRawBufferPointer, _ payload: UnsafeRawBufferPointer, _ updated: Timestamp?,
        _ page: borrowing ScannedPage, _ index: Int, _ outcome: inout Outcome
    ) throws(SQLiteError) -> Bool {
        let unreadable = outcome.unreadableTimes
        let created = page.withCreated(index) { readTime($0, &outcome) }
        try insertion.bindBorrowed(id, at: 2)
        try insertion.bindBorrowed(payload, at: 3)
        try run(insertion, created: created, at: 6, updated: updated, at: 7)
        guard database.changes == 1 else {
            outcome.unreadableTimes = unreadable
            return false
        }
        outcome.counts.inserted += 1
        outcome.changedRows += 1
        outcome.rows.append(database.lastInsertedRow)
        return true
    }

    /// Runs a statement with its two times, which need no texts of their own.
    private func run(
        _ statement: Statement, created: Timestamp?, at first: Int32, updated: Timestamp?, at second: Int32
    ) throws(SQLiteError) {
        try withTime(created) { bytes throws(SQLiteError) in
            try statement.bindBorrowed(bytes, at: first)
            try withTime(updated) { bytes throws(SQLiteError) in
                try statement.bindBorrowed(bytes, at: second)
                try statement.run()
            }
        }
    }

    private func withTime(
        _ time: Timestamp?, _ body: (UnsafeRawBufferPointer?) throws(SQLiteError) -> Void
    ) throws(SQLiteError) {
        guard let time else { return try body(nil) }
        var failure: SQLiteError?
        withUnsafeTemporaryAllocation(byteCount: Timestamp.textLength, alignment: 1) { buffer in
            time.write(into: buffer)
            do throws(SQLiteError) { try body(UnsafeRawBufferPointer(buffer)) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    private func readTime(_ bytes: UnsafeRawBufferPointer?, _ outcome: inout Outcome) -> Timestamp? {
        guard let bytes, !bytes.isEmpty else { return nil }
        if let time = TimeReader.read(bytes, zone: zone) { return time }
        outcome.unreadableTimes += 1
        return nil
    }

    /// Records whose key stands again later in the page.
    ///
    /// The usual page is sorted by its key, which leaves nothing to look for; of others hashes come first.
    private static func superseded(_ page: borrowing ScannedPage) -> Set<Int> {
        if isSorted(page) { return [] }
        var hashes: Set<Int> = []
        hashes.reserveCapacity(page.count)
        for index in 0..<page.count {
            let hash = page.withID(index) { bytes in
                var hasher = Hasher()
                hasher.combine(bytes: bytes)
                return hasher.finalize()
            }
            if !hashes.insert(hash).inserted { return supersededExactly(page) }
        }
        return []
    }

    /// Whether the keys grow from record to record: by length, then byte by byte.
    private static func isSorted(_ page: borrowing ScannedPage) -> Bool {
        for index in 0..<max(0, page.count - 1) {
            let grows = page.withID(index) { left in
                page.withID(index + 1) { right in
                    guard left.count == right.count else { return left.count < right.count }
                    guard let left = left.baseAddress, let start = right.baseAddress else { return false }
                    return memcmp(left, start, right.count) < 0
                }
            }
            guard grows else { return false }
        }
        return true
    }

    private static func supersededExactly(_ page: borrowing ScannedPage) -> Set<Int> {
        var last: [[UInt8]: Int] = [:]
        var superseded: Set<Int> = []
        for index in 0..<page.count {
            let id = page.withID(index) { Array($0) }
            if let earlier = last.updateValue(index, forKey: id) { superseded.insert(earlier) }
        }
        return superseded
    }
}
