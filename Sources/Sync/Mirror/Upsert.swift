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
    /// An UPDATE that names a column takes the row out of the column's indexes and puts it back, even where nothing changes.
    private let changeWithTime: Statement
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
            "SELECT row, payload IS ?3, deleted_at IS NOT NULL, created_at FROM \(view)_data"
                + " WHERE connection=?1 AND id=?2")
        try lookup.bind(connection, at: 1)
        insertion = try database.cached(
            "INSERT INTO \(view)_data(connection, id, payload, first_seen_at, changed_at, changed_run, change, created_at,"
                + " updated_at) SELECT ?1, a, b, ?2, ?2, ?3, 'inserted', c, d FROM rows WHERE true"
                + " ON CONFLICT(connection, id) DO NOTHING")
        try insertion.bind(connection, at: 1)
        try insertion.bind(now, at: 2)
        try insertion.bind(run, at: 3)
        change = try Self.change(view, also: "", in: database, run: run, now: now)
        changeWithTime = try Self.change(view, also: ", created_at=?6", in: database, run: run, now: now)
        past = try PastVersions(of: view, count: history, in: database, run: run)
    }

    private static func change(
        _ view: String, also more: String, in database: Database, run: String, now: String
    ) throws(SQLiteError) -> Statement {
        let statement = try database.cached(
            "UPDATE \(view)_data SET payload=?2, changed_at=?3, changed_run=?4,"
                + " change=iif(deleted_at IS NULL, 'updated', 'restored'), deleted_at=NULL, updated_at=?5\(more)"
                + " WHERE row=?1")
        try statement.bind(now, at: 3)
        try statement.bind(run, at: 4)
        return statement
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
        let shown = (0..<page.count).filter { $0 != skipped }
        let wanted = superseded.isEmpty ? shown : shown.filter { !superseded.contains($0) }
        outcome.counts.fetched = shown.count
        outcome.counts.duplicate = shown.count - wanted.count
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
        let created = times.created?.text
        let hasNewTime = lookup.text(at: 3) != created
        lookup.reset()
        if let past { try past.keep(row, replacedBy: payload) }
        let change = hasNewTime ? changeWithTime : change
        try change.bind(row, at: 1)
        try change.bindBorrowed(payload, at: 2)
        try change.bind(times.updated?.text, at: 5)
        if hasNewTime { try change.bind(created, at: 6) }
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
