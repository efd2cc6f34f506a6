import JSON
import SQLite

/// Writes one page of records into a resource's table: look up, compare, then write what differs.
///
/// Records that are there and new ones come in droves, so a single statement compares for as long as there are rows, and
/// another one inserts for as long as there are none.
struct Upsert {
    /// What a page did.
    struct Outcome {
        var counts = RecordCounts()
        /// Row numbers of every record of the page.
        var rows: [Int64] = []
        var high: Timestamp?
        var unreadableTimes = 0
        var changedRows = 0
        /// Where the next page's first record is likely to be: the last ones were there, in rows one behind the other.
        var following: Int64?

        mutating func reach(_ time: Timestamp?) {
            if let time, high.map({ $0 < time }) ?? true { high = time }
        }
    }

    /// The statements for one view, made once and not for each page.
    struct Text {
        let view: String
        let comparison: String
        /// The signs keep SQLite from the key's index.
        let succession: String
        let insertion: String
        let creation: String
        let change: String
        let changeWithTime: String

        init(_ view: String) {
            self.view = view
            let compare =
                "SELECT d.row, d.payload IS r.b, d.deleted_at IS NOT NULL FROM rows r LEFT JOIN \(view)_data d ON "
            comparison = compare + "d.connection=?1 AND d.id=r.a"
            succession = compare + "d.row=?2+r.rowid AND +d.connection=?1 AND +d.id=r.a"
            insertion =
                "INSERT OR FAIL INTO \(view)_data(connection, id, payload, first_seen_at, changed_at, changed_run, change, created_at,"
                + " updated_at) SELECT ?1, a, b, ?2, ?2, ?3, 'inserted', c, d FROM rows WHERE true"
                + " ON CONFLICT(connection, id) DO NOTHING"
            creation = "SELECT created_at FROM \(view)_data WHERE row=?1"
            func change(also more: String) -> String {
                "UPDATE \(view)_data SET payload=?2, changed_at=?3, changed_run=?4,"
                    + " change=iif(deleted_at IS NULL, 'updated', 'restored'), deleted_at=NULL, updated_at=?5\(more)"
                    + " WHERE row=?1"
            }
            self.change = change(also: "")
            changeWithTime = change(also: ", created_at=?6")
        }
    }

    private static let isCorrupt = SQLiteError(
        code: 11, message: "a key is in its index and is not", sql: "INSERT")

    private let database: Database
    private let zone: TimeReader.Zone
    private let comparison: Statement
    /// The same for records that are expected in rows one behind the other, without the index.
    private let succession: Statement
    private let insertion: Statement
    private let creation: Statement
    private let change: Statement
    /// An UPDATE that names a column takes the row out of the column's indexes and puts it back, even where nothing changes.
    private let changeWithTime: Statement
    private let past: PastVersions?

    /// Prepares a page's statements, with everything bound that is the same for all of its records.
    ///
    /// - Parameters:
    ///   - text: The statements.
    ///   - zone: How its times are read.
    ///   - connection: Whose the records are.
    ///   - database: The mirror, inside a transaction.
    ///   - run: The run id.
    ///   - now: Our clock, as text.
    ///   - history: Replaced versions that are kept of each record.
    /// - Throws: `SQLiteError`.
    init(
        _ text: Text, zone: TimeReader.Zone, connection: String, in database: Database, run: String,
        now: String, history: Int = 0
    ) throws(SQLiteError) {
        self.database = database
        self.zone = zone
        comparison = try database.cached(text.comparison)
        succession = try database.cached(text.succession)
        for statement in [comparison, succession] { try statement.bind(connection, at: 1) }
        insertion = try database.cached(text.insertion)
        try insertion.bind(connection, at: 1)
        try insertion.bind(now, at: 2)
        try insertion.bind(run, at: 3)
        creation = try database.cached(text.creation)
        change = try database.cached(text.change)
        changeWithTime = try database.cached(text.changeWithTime)
        for statement in [change, changeWithTime] {
            try statement.bind(now, at: 3)
            try statement.bind(run, at: 4)
        }
        past = try PastVersions(of: text.view, count: history, in: database, run: run)
    }

    /// - Parameters:
    ///   - page: The records.
    ///   - skipped: Index of a record that only proves that two pages join, not counted again.
    ///   - expected: The row that its first record is likely to have.
    /// - Returns: What became of the records.
    /// - Throws: `SQLiteError`.
    func write(
        _ page: borrowing ScannedPage, skipped: Int?, at expected: Int64?
    ) throws(SQLiteError) -> Outcome {
        try page.withContents { page throws(SQLiteError) in try write(page, skipped, expected) }
    }

    private func write(
        _ page: ScannedPage.Contents, _ skipped: Int?, _ expected: Int64?
    ) throws(SQLiteError) -> Outcome {
        let superseded = RepeatedKeys.superseded(page)
        var outcome = Outcome()
        outcome.rows.reserveCapacity(page.count)
        let shown = (0..<page.count).filter { $0 != skipped }
        let wanted = superseded.isEmpty ? shown : shown.filter { !superseded.contains($0) }
        outcome.counts.fetched = shown.count
        outcome.counts.duplicate = shown.count - wanted.count
        var rest = wanted[...]
        var expected = expected
        while !rest.isEmpty {
            rest = rest.dropFirst(try compare(page, rest, at: expected, &outcome))
            if rest.isEmpty { break }
            expected = nil
            let new = NewRecords(page, rest, zone: zone, in: database)
            try database.withRows(new) { () throws(SQLiteError) in try insertion.run() }
            // An index that has a key and does not have it is broken.
            guard new.inserted > 0 else { throw Self.isCorrupt }
            new.count(in: &outcome)
            rest = rest.dropFirst(new.inserted)
        }
        return outcome
    }

    /// A record that differs from its row.
    private struct Difference {
        let index: Int
        let row: Int64
        let isDeleted: Bool
    }

    /// Compares records with their rows until one has none, and writes what differs.
    ///
    /// A listing that is asked for again mostly has its records in the order of their rows. Where two were found one behind
    /// the other, the next ones are looked for there, on the next page as well; what is not there is looked for by its key.
    /// In another order only a few follow each other, and it is not worth a second try.
    ///
    /// - Returns: How many have a row.
    private func compare(
        _ page: ScannedPage.Contents, _ wanted: ArraySlice<Int>, at expected: Int64?,
        _ outcome: inout Outcome
    ) throws(SQLiteError) -> Int {
        var differences: [Difference] = []
        var rest = wanted
        var isInOrder = true
        if let expected {
            try succession.bind(expected, at: 2)
            _ = try compare(page, &rest, succession, endsAtSuccession: false, &outcome, &differences)
        }
        while let row = try compare(
            page, &rest, comparison, endsAtSuccession: isInOrder, &outcome, &differences)
        {
            let count = rest.count
            try succession.bind(row, at: 2)
            _ = try compare(page, &rest, succession, endsAtSuccession: false, &outcome, &differences)
            isInOrder = count - rest.count >= 8
        }
        outcome.following = rest.isEmpty ? Self.following(outcome.rows) : nil
        for difference in differences { try write(difference, of: page, &outcome) }
        return wanted.count - rest.count
    }

    /// The row behind the last one, where that stands behind the one before it.
    private static func following(_ rows: [Int64]) -> Int64? {
        guard rows.count > 1, let last = rows.last, last == rows[rows.count - 2] &+ 1 else { return nil }
        return last &+ 1
    }

    /// Compares records for as long as a statement finds their rows.
    ///
    /// - Returns: The row to go on at, where two stand one behind the other and that is where this was to end.
    private func compare(
        _ page: ScannedPage.Contents, _ rest: inout ArraySlice<Int>, _ statement: Statement,
        endsAtSuccession: Bool, _ outcome: inout Outcome, _ differences: inout [Difference]
    ) throws(SQLiteError) -> Int64? {
        var next: Int64?
        try database.withRows(SoughtRecords(page, rest)) { () throws(SQLiteError) in
            defer { statement.reset() }
            var before: Int64?
            while let index = rest.first, try statement.step(), let row = statement.integer(at: 0) {
                rest.removeFirst()
                outcome.rows.append(row)
                var times = RecordTimes()
                outcome.unreadableTimes += times.readUpdated(page.updated(index), zone)
                outcome.reach(times.updated)
                let isDeleted = statement.int64(at: 2) != 0
                if statement.int64(at: 1) != 0, !isDeleted {
                    outcome.counts.unchanged += 1
                } else {
                    differences.append(Difference(index: index, row: row, isDeleted: isDeleted))
                }
                if endsAtSuccession, let before, row == before &+ 1 {
                    next = row &+ 1
                    return
                }
                before = row
            }
        }
        return next
    }

    private func write(
        _ difference: Difference, of page: ScannedPage.Contents, _ outcome: inout Outcome
    ) throws(SQLiteError) {
        let (row, payload) = (difference.row, page.payload(difference.index))
        var times = RecordTimes()
        _ = times.readUpdated(page.updated(difference.index), zone)
        outcome.unreadableTimes += times.readCreated(page.created(difference.index), zone)
        let created = times.created?.text
        if let past { try past.keep(row, replacedBy: payload) }
        try creation.bind(row, at: 1)
        let hasNewTime = try creation.step() && creation.text(at: 0) != created
        creation.reset()
        let change = hasNewTime ? changeWithTime : change
        try change.bind(row, at: 1)
        try change.bindBorrowed(payload, at: 2)
        try change.bind(times.updated?.text, at: 5)
        if hasNewTime { try change.bind(created, at: 6) }
        try change.run()
        outcome.changedRows += 1
        if difference.isDeleted { outcome.counts.restored += 1 } else { outcome.counts.updated += 1 }
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
