import JSON
import SQLite

/// Writes one page of records into a resource's table: look up, compare, then write what differs.
struct Upsert {
    let view: String
    let times: TimeForm

    /// What a page did.
    struct Outcome {
        var counts = RecordCounts()
        /// Row numbers of every record of the page.
        var rows: [Int64] = []
        var high: Timestamp?
        var unreadableTimes = 0
        var changedRows = 0
    }

    /// - Parameters:
    ///   - page: The records.
    ///   - connection: Whose they are.
    ///   - database: The mirror, inside a transaction.
    ///   - run: The run id.
    ///   - now: Our clock, as text.
    ///   - skipped: Index of a record that only proves that two pages join, not counted again.
    func write(
        _ page: borrowing ScannedPage, connection: String, in database: Database, run: String, now: String,
        skipped: Int?
    ) throws(SQLiteError) -> Outcome {
        let lookup = try database.cached(
            "SELECT row, payload IS ?3, deleted_at IS NOT NULL FROM \(view)_data WHERE connection=?1 AND id=?2")
        try lookup.bind(connection, at: 1)
        let superseded = Self.superseded(page)
        var outcome = Outcome()
        outcome.rows.reserveCapacity(page.count)
        for index in 0..<page.count where index != skipped {
            outcome.counts.fetched += 1
            if !superseded.isEmpty, superseded.contains(index) {
                outcome.counts.duplicate += 1
                continue
            }
            let updated = page.withUpdated(index) { readTime($0, &outcome) }
            if let updated, outcome.high.map({ $0 < updated }) ?? true { outcome.high = updated }
            let found = try find(page, index, lookup)
            guard let found else {
                try insert(page, index, updated, connection, database, run, now, &outcome)
                continue
            }
            outcome.rows.append(found.row)
            if found.isSame, !found.isDeleted {
                outcome.counts.unchanged += 1
            } else {
                try update(page, index, updated, found, database, run, now, &outcome)
            }
        }
        return outcome
    }

    private struct Found {
        var row: Int64
        var isSame: Bool
        var isDeleted: Bool
    }

    private func find(_ page: borrowing ScannedPage, _ index: Int, _ lookup: Statement) throws(SQLiteError) -> Found? {
        try Self.withBytes(page, index) { id, payload throws(SQLiteError) in
            try lookup.bindBorrowed(id, at: 2)
            try lookup.bindBorrowed(payload, at: 3)
            defer { lookup.reset() }
            guard try lookup.step() else { return nil }
            return Found(
                row: lookup.int64(at: 0), isSame: lookup.int64(at: 1) != 0, isDeleted: lookup.int64(at: 2) != 0)
        }
    }

    private func insert(
        _ page: borrowing ScannedPage, _ index: Int, _ updated: Timestamp?, _ connection: String, _ database: Database,
        _ run: String, _ now: String, _ outcome: inout Outcome
    ) throws(SQLiteError) {
        let created = page.withCreated(index) { readTime($0, &outcome) }
        let statement = try database.cached(
            "INSERT INTO \(view)_data(connection, id, payload, first_seen_at, changed_at, changed_run, change, created_at,"
                + " updated_at) VALUES(?1, ?2, ?3, ?4, ?4, ?5, 'inserted', ?6, ?7)")
        try statement.bind(connection, at: 1)
        try statement.bind(now, at: 4)
        try statement.bind(run, at: 5)
        try statement.bind(created?.text, at: 6)
        try statement.bind(updated?.text, at: 7)
        try Self.withBytes(page, index) { id, payload throws(SQLiteError) in
            try statement.bindBorrowed(id, at: 2)
            try statement.bindBorrowed(payload, at: 3)
            try statement.run()
        }
        outcome.counts.inserted += 1
        outcome.changedRows += 1
        outcome.rows.append(database.lastInsertedRow)
    }

    private func update(
        _ page: borrowing ScannedPage, _ index: Int, _ updated: Timestamp?, _ found: Found, _ database: Database,
        _ run: String, _ now: String, _ outcome: inout Outcome
    ) throws(SQLiteError) {
        let created = page.withCreated(index) { readTime($0, &outcome) }
        let statement = try database.cached(
            "UPDATE \(view)_data SET payload=?2, changed_at=?3, changed_run=?4,"
                + " change=iif(deleted_at IS NULL, 'updated', 'restored'), deleted_at=NULL, created_at=?5, updated_at=?6"
                + " WHERE row=?1")
        try statement.bind(found.row, at: 1)
        try statement.bind(now, at: 3)
        try statement.bind(run, at: 4)
        try statement.bind(created?.text, at: 5)
        try statement.bind(updated?.text, at: 6)
        try Self.withBytes(page, index) { _, payload throws(SQLiteError) in
            try statement.bindBorrowed(payload, at: 2)
            try statement.run()
        }
        outcome.changedRows += 1
        if found.isDeleted { outcome.counts.restored += 1 } else { outcome.counts.updated += 1 }
    }

    private func readTime(_ bytes: UnsafeRawBufferPointer?, _ outcome: inout Outcome) -> Timestamp? {
        guard let bytes, !bytes.isEmpty else { return nil }
        if let time = TimeReader.read(bytes, zone: times.zone) { return time }
        outcome.unreadableTimes += 1
        return nil
    }

    private static func withBytes<Result>(
        _ page: borrowing ScannedPage, _ index: Int,
        _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) throws(SQLiteError) -> Result
    ) throws(SQLiteError) -> Result {
        try page.withID(index) { id throws(SQLiteError) in
            try page.withPayload(index) { payload throws(SQLiteError) in try body(id, payload) }
        }
    }

    /// Records whose key stands again later in the page. Hashes first, so that the usual page costs little.
    private static func superseded(_ page: borrowing ScannedPage) -> Set<Int> {
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
