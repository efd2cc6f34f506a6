import JSON
import SQLite

/// Writes one page of records into a resource's table: look up, compare, then write what differs.
///
/// New records come in droves, on a first load nothing else: after one, those that follow are inserted by a single statement
/// for as long as they are new.
struct Upsert {
    /// What a page did.
    struct Outcome {
        var counts = RecordCounts()
        /// Row numbers of every record of the page.
        var rows: [Int64] = []
        var high: Timestamp?
        var unreadableTimes = 0
        var changedRows = 0

        mutating func reach(_ time: Timestamp?) {
            if let time, high.map({ $0 < time }) ?? true { high = time }
        }
    }

    private static let isCorrupt = SQLiteError(
        code: 11, message: "a key is in its index and is not", sql: "INSERT")

    private let database: Database
    private let zone: TimeReader.Zone
    private let lookup: Statement
    private let insertion: Statement
    private let change: Statement

    /// Prepares a page's statements, with everything bound that is the same for all of its records.
    ///
    /// - Parameters:
    ///   - view: The resource's view.
    ///   - zone: How its times are read.
    ///   - connection: Whose the records are.
    ///   - database: The mirror, inside a transaction.
    ///   - run: The run id.
    ///   - now: Our clock, as text.
    /// - Throws: `SQLiteError`.
    init(
        _ view: String, zone: TimeReader.Zone, connection: String, in database: Database, run: String,
        now: String
    ) throws(SQLiteError) {
        self.database = database
        self.zone = zone
        lookup = try database.cached(
            "SELECT row, payload IS ?3, deleted_at IS NOT NULL FROM \(view)_data WHERE connection=?1 AND id=?2"
        )
        try lookup.bind(connection, at: 1)
        insertion = try database.cached(
            "INSERT INTO \(view)_data(connection, id, payload, first_seen_at, changed_at, changed_run, change, created_at,"
                + " updated_at) SELECT ?1, a, b, ?2, ?2, ?3, 'inserted', c, d FROM rows WHERE true"
                + " ON CONFLICT(connection, id) DO NOTHING")
        try insertion.bind(connection, at: 1)
        try insertion.bind(now, at: 2)
        try insertion.bind(run, at: 3)
        change = try database.cached(
            "UPDATE \(view)_data SET payload=?2, changed_at=?3, changed_run=?4,"
                + " change=iif(deleted_at IS NULL, 'updated', 'restored'), deleted_at=NULL, created_at=?5, updated_at=?6"
                + " WHERE row=?1")
        try change.bind(now, at: 3)
        try change.bind(run, at: 4)
    }

    /// - Parameters:
    ///   - page: The records.
    ///   - skipped: Index of a record that only proves that two pages join, not counted again.
    /// - Returns: What became of the records.
    /// - Throws: `SQLiteError`.
    func write(_ page: borrowing ScannedPage, skipped: Int?) throws(SQLiteError) -> Outcome {
        try page.withContents { page throws(SQLiteError) in try write(page, skipped: skipped) }
    }

    private func write(_ page: ScannedPage.Contents, skipped: Int?) throws(SQLiteError) -> Outcome {
        let superseded = RepeatedKeys.superseded(page)
        var outcome = Outcome()
        outcome.rows.reserveCapacity(page.count)
        outcome.counts.duplicate = superseded.count
        outcome.counts.fetched = page.count - (skipped == nil ? 0 : 1)
        let wanted = (0..<page.count).filter { $0 != skipped && !superseded.contains($0) }
        var rest = wanted[...]
        while let index = rest.first {
            if try !compare(page, index, &outcome) {
                let new = NewRecords(page, rest, zone: zone, in: database)
                try database.withRows(new) { () throws(SQLiteError) in try insertion.run() }
                // An index that has a key and does not have it is broken.
                guard new.inserted > 0 else { throw Self.isCorrupt }
                new.count(in: &outcome)
                rest = rest.dropFirst(new.inserted)
            } else {
                rest = rest.dropFirst()
            }
        }
        return outcome
    }

    /// Compares a record with its row and writes what differs.
    ///
    /// - Returns: false when there is no such row.
    private func compare(
        _ page: ScannedPage.Contents, _ index: Int, _ outcome: inout Outcome
    ) throws(SQLiteError) -> Bool {
        let payload = page.payload(index)
        try lookup.bindBorrowed(page.id(index), at: 2)
        try lookup.bindBorrowed(payload, at: 3)
        defer { lookup.reset() }
        guard try lookup.step() else { return false }
        let row = lookup.int64(at: 0)
        let isDeleted = lookup.int64(at: 2) != 0
        let isSame = lookup.int64(at: 1) != 0
        outcome.rows.append(row)
        var times = RecordTimes()
        outcome.unreadableTimes += times.readUpdated(page.updated(index), zone)
        outcome.reach(times.updated)
        if isSame, !isDeleted {
            outcome.counts.unchanged += 1
            return true
        }
        outcome.unreadableTimes += times.readCreated(page.created(index), zone)
        lookup.reset()
        try change.bind(row, at: 1)
        try change.bindBorrowed(payload, at: 2)
        try change.bind(times.created?.text, at: 5)
        try change.bind(times.updated?.text, at: 6)
        try change.run()
        outcome.changedRows += 1
        if isDeleted { outcome.counts.restored += 1 } else { outcome.counts.updated += 1 }
        return true
    }
}

/// The platform's own times of one record.
struct RecordTimes {
    private(set) var created: Timestamp?
    private(set) var updated: Timestamp?

    /// - Returns: 1 when there is a time that cannot be read, else 0.
    mutating func readCreated(_ bytes: UnsafeRawBufferPointer?, _ zone: TimeReader.Zone) -> Int {
        Self.read(bytes, zone, &created)
    }

    /// - Returns: 1 when there is a time that cannot be read, else 0.
    mutating func readUpdated(_ bytes: UnsafeRawBufferPointer?, _ zone: TimeReader.Zone) -> Int {
        Self.read(bytes, zone, &updated)
    }

    private static func read(
        _ bytes: UnsafeRawBufferPointer?, _ zone: TimeReader.Zone, _ time: inout Timestamp?
    ) -> Int {
        time = nil
        guard let bytes, !bytes.isEmpty else { return 0 }
        time = TimeReader.read(bytes, zone: zone)
        return time == nil ? 1 : 0
    }
}
