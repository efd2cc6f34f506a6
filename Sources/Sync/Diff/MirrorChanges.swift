import SQLite

/// Reads from the mirror what changed between two runs; nothing is written.
package struct MirrorChanges {
    let inspection: MirrorInspection
    private var database: Database { inspection.database }

    /// Opens the mirror for reading, as it is at this moment.
    ///
    /// - Throws: `Problem` with `storage_failed`, also when there is no mirror yet.
    package init(path: String) throws(Problem) {
        guard let found = try MirrorInspection.open(path) else {
            throw Problem(
                .storageFailed, "There is no mirror at \(path).", next: "Run shopmirror sync first.")
        }
        inspection = found
        try guarded {
            guard try database.integer("PRAGMA application_id") == MirrorSchema.applicationID else {
                throw Wording.foreignFile("mirror", path)
            }
            // One state of the mirror for everything that is asked, whatever a run writes meanwhile.
            try database.execute("PRAGMA temp_store=MEMORY; BEGIN")
        }
    }

    func guarded<Result>(_ body: () throws -> Result) throws(Problem) -> Result {
        do { return try body() } catch {
            if let error = error as? SQLiteError { throw Wording.storage("mirror", inspection.path, error) }
            throw (error as? Problem)
                ?? Problem(.internal, "The mirror \(inspection.path) failed: \(error).")
        }
    }

    // MARK: Runs

    /// The span that a person asked for.
    ///
    /// - Parameters:
    ///   - runs: None for the newest run alone, one for everything after it, or two.
    ///   - since: Everything after the last run that had finished by then.
    /// - Returns: The span.
    /// - Throws: `Problem` with `usage` for a run that is not known, `storage_failed` when none has finished yet.
    package func span(_ runs: [String], since: Timestamp?) throws(Problem) -> RunSpan {
        let known = try finishedRuns()
        guard let newest = known.last else {
            throw Problem(.storageFailed, "No run has finished yet.", next: "Run shopmirror sync first.")
        }
        if let since {
            let from = known.last { $0.finishedAt.map { $0 <= since } ?? false }
            return RunSpan(from: from, to: newest)
        }
        guard let first = runs.first else { return RunSpan(from: known.dropLast().last, to: newest) }
        let from = try mark(first, known)
        let to = runs.count > 1 ? try mark(runs[1], known) : newest
        guard from.id <= to.id else {
            throw Problem(
                .usage, "The run \(from.id) is later than \(to.id).", next: "Name the earlier run first.")
        }
        return RunSpan(from: from, to: to)
    }

    private func finishedRuns() throws(Problem) -> [RunSpan.Mark] {
        try guarded {
            let statement = try database.prepare(
                // A killed run was closed by the next one, and nobody knows when it ended.
                "SELECT run_id, CASE WHEN status<>'interrupted' OR finished_at<>started_at THEN finished_at END"
                    + " FROM runs WHERE finished_at IS NOT NULL ORDER BY run_id")
            var runs: [RunSpan.Mark] = []
            while try statement.step() {
                let time = statement.text(at: 1).flatMap { Timestamp($0) }
                runs.append(RunSpan.Mark(id: statement.text(at: 0) ?? "", finishedAt: time))
            }
            return runs
        }
    }

    /// A run by its id, or by a beginning that no other one shares.
    private func mark(_ name: String, _ known: [RunSpan.Mark]) throws(Problem) -> RunSpan.Mark {
        let found = known.filter { $0.id.hasPrefix(name) }
        if let exact = found.first(where: { $0.id == name }) ?? (found.count == 1 ? found[0] : nil) {
            return exact
        }
        guard found.isEmpty else {
            throw Problem(
                .usage, "\(found.count) runs begin with '\(name)'.",
                next: "Write more of the run's id, such as \(found[0].id).")
        }
        let near = Nearest.name(to: name, among: known.suffix(200).map(\.id)).map { "did you mean \($0)? " }
        throw Problem(
            .usage, "The mirror knows no finished run '\(name)'.",
            next: "\(near ?? "")Take an id from: shopmirror report html, or SELECT run_id FROM runs.")
    }

    // MARK: Resources

    /// Where a table changed after a run.
    package struct ChangedTable: Sendable {
        package let view: String
        package let connections: Set<String>
        /// Whether the changes of all connections may be read for each of them.
        let isQuickByRun: Bool
    }

    /// Finds out where a resource's table changed after a run.
    package func changed(in view: String, after run: String?) throws(Problem) -> ChangedTable {
        try guarded {
            guard try exists("\(view)_data") else {
                return ChangedTable(view: view, connections: [], isQuickByRun: true)
            }
            let changes = try database.prepare("SELECT connection FROM \(view)_data WHERE changed_run>?1")
            try changes.bind(run ?? "", at: 1)
            var names: Set<String> = []
            var last: String?
            var count = 0
            while try changes.step() {
                count += 1
                let name = changes.text(at: 0)
                if name != last { names.insert(name ?? "") }
                last = name
            }
            let all = Int(try database.integer("SELECT count(*) FROM \(view)_data") ?? 0)
            return ChangedTable(
                view: view, connections: names, isQuickByRun: names.count * count <= 4 * all)
        }
    }

    func exists(_ table: String) throws(SQLiteError) -> Bool {
        let statement = try database.prepare("SELECT 1 FROM sqlite_master WHERE type='table' AND name=?1")
        try statement.bind(table, at: 1)
        return try statement.step()
    }

    private static let columns =
        "row, id, change, changed_run, first_seen_at, deleted_at IS NOT NULL, payload"

    /// In the order of the index by run.
    ///
    /// The plus sign keeps SQLite from taking the one by connection, and then sorting whole records.
    static func changesSQL(_ view: String) -> String {
        "SELECT \(columns) FROM \(view)_data WHERE changed_run>?1 AND +connection=?2 ORDER BY changed_run, row"
    }

    /// Only numbers are sorted; for many connections with many changes.
    static func numbersSQL(_ view: String) -> String {
        "SELECT row FROM \(view)_data WHERE changed_run>?1 AND connection=?2 ORDER BY changed_run, row"
    }

    /// Calls `body` with each changed record, one at a time, until it returns false.
    ///
    /// - Parameters:
    ///   - table: The resource's table.
    ///   - connection: Whose records.
    ///   - span: Between which runs.
    ///   - body: Takes a change.
    /// - Returns: Records that changed after the span, of which it is not kept whether they changed in it.
    /// - Throws: `Problem` with `storage_failed`.
    @discardableResult
    package func each(
        of table: ChangedTable, connection: String, in span: RunSpan, _ body: (RecordChange) -> Bool
    ) throws(Problem) -> Int {
        try guarded {
            let history = try RecordHistory(
                of: table.view, in: database, hasVersions: exists(PastVersions.table))
            var later = 0
            try eachRow(of: table, connection: connection, after: span.from?.id ?? "") { row in
                switch try history.fate(of: row, in: span) {
                case .none: return true
                case .later:
                    later += 1
                    return true
                case .changed(let change): return body(change)
                }
            }
            return later
        }
    }

    /// Calls `body` with a statement at each row that changed, until it returns false.
    private func eachRow(
        of table: ChangedTable, connection: String, after run: String, _ body: (Statement) throws -> Bool
    ) throws {
        let sql = table.isQuickByRun ? Self.changesSQL(table.view) : Self.numbersSQL(table.view)
        let statement = try database.prepare(sql)
        try statement.bind(run, at: 1)
        try statement.bind(connection, at: 2)
        guard !table.isQuickByRun else {
            while try statement.step(), try body(statement) {}
            return
        }
        let row = try database.prepare("SELECT \(Self.columns) FROM \(table.view)_data WHERE row=?1")
        while try statement.step() {
            row.reset()
            try row.bind(statement.int64(at: 0), at: 1)
            guard try row.step(), try body(row) else { return }
        }
    }
}
