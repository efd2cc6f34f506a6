import SQLite

/// What a record was like after a run: from its row, and from the versions that were kept.
struct RecordHistory {
    /// What a span did to a record.
    enum Fate {
        case none
        /// It changed after the span; its state at the span's end is not kept.
        case later
        case changed(RecordChange)
    }

    /// A record after some run.
    private enum State {
        case absent
        case unknown
        case known(Version)
    }

    private struct Version {
        /// nil for the row itself.
        var number: Int64?
        var change: String
        var changedRun: String
        var isDeleted: Bool
        var payload: [UInt8]
    }

    /// The row as it is now.
    private struct Row {
        var number: Int64
        var firstSeenAt: Timestamp?
        var id: String
        var current: Version
    }

    private let find: Statement?
    private let fill: Statement?
    private let first: Statement?

    init(of view: String, in database: Database, hasVersions: Bool) throws(SQLiteError) {
        guard hasVersions else {
            (find, fill, first) = (nil, nil, nil)
            return
        }
        let place = "FROM \(PastVersions.table) WHERE view='\(view)' AND row=?1"
        find = try database.prepare(
            "SELECT version, change, changed_run, deleted_at IS NOT NULL, payload \(place)"
                + " AND changed_run<=?2 AND replaced_run>?2 ORDER BY version DESC LIMIT 1")
        fill = try database.prepare(
            "SELECT payload \(place) AND version>?2 AND payload IS NOT NULL ORDER BY version LIMIT 1")
        first = try database.prepare("SELECT change, changed_run \(place) ORDER BY version LIMIT 1")
    }

    /// - Parameters:
    ///   - statement: At a row of the resource's table.
    ///   - span: Between which runs.
    /// - Returns: What became of the record.
    /// - Throws: `SQLiteError`.
    func fate(of statement: Statement, in span: RunSpan) throws(SQLiteError) -> Fate {
        let row = Row(
            number: statement.int64(at: 0), firstSeenAt: statement.text(at: 4).flatMap { Timestamp($0) },
            id: statement.text(at: 1) ?? "",
            current: Version(
                change: statement.text(at: 2) ?? "", changedRun: statement.text(at: 3) ?? "",
                isDeleted: statement.int64(at: 5) != 0, payload: statement.bytes(at: 6)))
        let end: Version
        switch try state(of: row, after: span.to) {
        case .absent: return .none
        case .unknown: return .later
        case .known(let version): end = version
        }
        guard let from = span.from else { return changed(row, .absent, end) }
        guard end.changedRun > from.id else { return .none }
        return changed(row, try state(of: row, after: from), end)
    }

    private func changed(_ row: Row, _ start: State, _ end: Version) -> Fate {
        var change = RecordChange(
            kind: .updated, id: row.id, changedRun: end.changedRun, old: nil, new: end.payload,
            isOldKnown: true)
        switch start {
        case .absent: change.kind = end.isDeleted ? .deleted : .inserted
        case .unknown:
            change.isOldKnown = false
            change.kind = end.isDeleted ? .deleted : RecordChange.Kind(rawValue: end.change) ?? .updated
        case .known(let version):
            if version.isDeleted == end.isDeleted, version.payload == end.payload { return .none }
            change.old = version.payload
            change.kind = end.isDeleted ? .deleted : version.isDeleted ? .restored : .updated
        }
        return .changed(change)
    }

    private func state(of row: Row, after run: RunSpan.Mark) throws(SQLiteError) -> State {
        if row.current.changedRun <= run.id { return .known(row.current) }
        if let version = try version(of: row, after: run.id) { return .known(version) }
        let oldest = try oldest(of: row)
        if oldest.change == "inserted", oldest.run > run.id { return .absent }
        // Its first change since then is not kept, but when it came is.
        if let seen = row.firstSeenAt, let finished = run.finishedAt, seen > finished { return .absent }
        return .unknown
    }

    private func version(of row: Row, after run: String) throws(SQLiteError) -> Version? {
        guard let find else { return nil }
        defer { find.reset() }
        try find.bind(row.number, at: 1)
        try find.bind(run, at: 2)
        guard try find.step() else { return nil }
        var version = Version(
            number: find.int64(at: 0), change: find.text(at: 1) ?? "", changedRun: find.text(at: 2) ?? "",
            isDeleted: find.int64(at: 3) != 0, payload: find.bytes(at: 4))
        if find.isNull(at: 4) { version.payload = try nextPayload(of: row, after: version.number ?? 0) }
        return version
    }

    /// Where only a mark changed, the payload is the next version's.
    private func nextPayload(of row: Row, after version: Int64) throws(SQLiteError) -> [UInt8] {
        guard let fill else { return row.current.payload }
        defer { fill.reset() }
        try fill.bind(row.number, at: 1)
        try fill.bind(version, at: 2)
        return try fill.step() ? fill.bytes(at: 0) : row.current.payload
    }

    private func oldest(of row: Row) throws(SQLiteError) -> (change: String, run: String) {
        let current = (change: row.current.change, run: row.current.changedRun)
        guard let first else { return current }
        defer { first.reset() }
        try first.bind(row.number, at: 1)
        guard try first.step() else { return current }
        return (first.text(at: 0) ?? "", first.text(at: 1) ?? "")
    }
}
