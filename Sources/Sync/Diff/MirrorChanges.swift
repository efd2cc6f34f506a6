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

    /// The connections with rows of a table that changed after a run.
    package func changedConnections(in view: String, after run: String?) throws(Problem) -> Set<String> {
        try guarded {
            guard try exists("\(view)_data") else { return [] }
            let statement = try database.prepare(
                "SELECT DISTINCT connection FROM \(view)_data WHERE changed_run>?1")
            try statement.bind(run ?? "", at: 1)
            var names: Set<String> = []
            while try statement.step() { names.insert(statement.text(at: 0) ?? "") }
            return names
        }
    }

    func exists(_ table: String) throws(SQLiteError) -> Bool {
        let statement = try database.prepare("SELECT 1 FROM sqlite_master WHERE type='table' AND name=?1")
        try statement.bind(table, at: 1)
        return try statement.step()
    }

    /// In the order of the index by run.
    ///
    /// The plus sign keeps SQLite from taking the one by connection, and then sorting whole records.
    static func changesSQL(_ view: String) -> String {
        "SELECT row, id, change, changed_run, first_seen_at, deleted_at IS NOT NULL, payload"
            + " FROM \(view)_data WHERE changed_run>?1 AND +connection=?2 ORDER BY changed_run, row"
    }

    /// Calls `body` with each changed record, one at a time, until it returns false.
    ///
    /// - Parameters:
    ///   - view: The resource's view.
    ///   - connection: Whose records.
    ///   - span: Between which runs.
    ///   - body: Takes a change.
    /// - Returns: Records that changed after the span, of which it is not kept whether they changed in it.
    /// - Throws: `Problem` with `storage_failed`.
    @discardableResult
    package func each(
        of view: String, connection: String, in span: RunSpan, _ body: (RecordChange) -> Bool
    ) throws(Problem) -> Int {
        try guarded {
            let history = try RecordHistory(of: view, in: database, hasVersions: exists(PastVersions.table))
            let statement = try database.prepare(Self.changesSQL(view))
            try statement.bind(span.from?.id ?? "", at: 1)
            try statement.bind(connection, at: 2)
            var later = 0
            while try statement.step() {
                switch try history.fate(of: statement, in: span) {
                case .none: continue
                case .later: later += 1
                case .changed(let change): guard body(change) else { return later }
                }
            }
            return later
        }
    }
}
