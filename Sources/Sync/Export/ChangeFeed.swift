import Glibc
import SQLite

/// What finished runs changed, table by table, read from one state of the mirror and never written to.
package final class ChangeFeed {
    private let database: Database
    private let path: String
    /// Read without locks, since nothing shows that anybody writes; that has to hold until the end.
    private let isImmutable: Bool
    /// The newest finished run: a run that is still going on is newer, and none of its rows is shown.
    package let newest: String?

    /// Opens the mirror and fixes the state that is read.
    ///
    /// - Parameters:
    ///   - path: The mirror.
    ///   - patience: Milliseconds to wait for a program that locks readers out.
    /// - Throws: `Problem` with `storage_failed`, also when there is no mirror yet.
    package init(path: String, patience: Int32 = 10_000) throws(Problem) {
        guard access(path, F_OK) == 0 else { throw Wording.noMirror(path) }
        self.path = path
        do {
            (database, isImmutable) = try Self.open(path, patience)
            try database.execute("PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=ON; BEGIN")
            try MirrorInspection(path: path, database: database).checkKind()
            newest = try database.text("SELECT max(run_id) FROM runs WHERE finished_at IS NOT NULL")
        } catch {
            throw Self.problem(error, path)
        }
    }

    private static func open(_ path: String, _ patience: Int32) throws(SQLiteError) -> (Database, Bool) {
        do throws(SQLiteError) {
            let database = try Database(path: path, access: .readOnly)
            database.setBusyTimeout(milliseconds: patience)
            _ = try database.integer("SELECT count(*) FROM sqlite_master")
            return (database, false)
        } catch {
            // Without its log, and where we may not make one, the file is read as it stands.
            guard error.isUnopenable || error.isReadOnly, access("\(path)-wal", F_OK) != 0 else {
                throw error
            }
            return (try Database(path: path, access: .immutable), true)
        }
    }

    /// The tables of these resources, as the mirror's views show them now.
    ///
    /// - Parameters:
    ///   - platforms: Whose; of two resources with the same view the first counts.
    ///   - names: Only these resources; none means all.
    /// - Returns: Those that are in the mirror; if resources are named and none of them was ever pulled, those.
    /// - Throws: `Problem` with `storage_failed`.
    package func tables(of platforms: [Platform], named names: [String]) throws(Problem) -> [FeedTable] {
        var tables: [FeedTable] = []
        var seen: Set<String> = []
        for platform in platforms {
            for resource in platform.resources where names.isEmpty || names.contains(resource.name) {
                var table = FeedTable(resource, on: platform)
                guard seen.insert(table.view).inserted else { continue }
                table.adopt(try columns(of: table.view))
                tables.append(table)
            }
        }
        let present = tables.filter(\.isPresent)
        return present.isEmpty && !names.isEmpty ? tables : present
    }

    private func columns(of view: String) throws(Problem) -> [String] {
        try guarded {
            let statement = try database.prepare("SELECT name FROM pragma_table_info(?1)")
            try statement.bind(view, at: 1)
            var names: [String] = []
            while try statement.step() { names += [statement.text(at: 0)].compactMap { $0 } }
            return names
        }
    }

    /// Whether a run is this mirror's own and has ended, so that somebody can have followed it to its end.
    package func hasFinished(_ run: String) throws(Problem) -> Bool {
        try guarded {
            let statement = try database.prepare(
                "SELECT 1 FROM runs WHERE run_id=?1 AND finished_at IS NOT NULL")
            try statement.bind(run, at: 1)
            return try statement.step()
        }
    }

    /// How many of a table's rows a run changed that has not ended: none of them is shown.
    func unfinished(of table: FeedTable, connections: [String]) throws(Problem) -> Int {
        try guarded {
            let marks = connections.indices.map { "?\($0 + 2)" }.joined(separator: ", ")
            let statement = try database.prepare(
                "SELECT count(*) FROM \(table.view) WHERE changed_run>?1"
                    + (connections.isEmpty ? "" : " AND +connection IN (\(marks))"))
            try statement.bind(newest ?? "", at: 1)
            for (index, connection) in connections.enumerated() {
                try statement.bind(connection, at: Int32(index + 2))
            }
            return try statement.step() ? Int(statement.int64(at: 0)) : 0
        }
    }

    /// Walks the rows that changed, oldest change first, through the index of changes.
    ///
    /// - Parameters:
    ///   - table: Whose rows.
    ///   - columns: What is read of each.
    ///   - last: The last run that is known already; nil for everything.
    ///   - connections: Only theirs; none means all.
    ///   - body: Gets each row; false ends the walk.
    /// - Throws: `Problem` with `storage_failed`.
    func rows(
        of table: FeedTable, _ columns: [String], after last: String?, connections: [String],
        _ body: (Statement) -> Bool
    ) throws(Problem) {
        guard let newest else { return }
        try guarded {
            let statement = try database.prepare(
                Self.sql(table.view, columns, isIncremental: last != nil, connections: connections.count))
            try statement.bind(newest, at: 1)
            if let last { try statement.bind(last, at: 2) }
            for (index, connection) in connections.enumerated() {
                try statement.bind(connection, at: Int32(index + 3))
            }
            while try statement.step(), body(statement) {}
        }
    }

    static func sql(_ view: String, _ columns: [String], isIncremental: Bool, connections: Int) -> String {
        let names = columns.map(SQLName.quoted).joined(separator: ", ")
        let marks = (0..<connections).map { "?\($0 + 3)" }.joined(separator: ", ")
        return "SELECT \(names) FROM \(view) WHERE changed_run<=?1"
            + (isIncremental ? " AND changed_run>?2" : "")
            // The plus sign keeps SQLite with the index of changes.
            + (connections > 0 ? " AND +connection IN (\(marks))" : "")
    }

    /// Lets the mirror go.
    ///
    /// - Throws: `Problem` with `storage_failed` when a run began to write what was read without a lock.
    package func close() throws(Problem) {
        database.close()
        if isImmutable, access("\(path)-wal", F_OK) == 0 { throw Wording.changedWhileRead(path) }
    }

    private func guarded<Result>(_ body: () throws -> Result) throws(Problem) -> Result {
        do { return try body() } catch { throw Self.problem(error, path) }
    }

    private static func problem(_ error: any Error, _ path: String) -> Problem {
        if let error = error as? SQLiteError {
            return error.isBusy ? Wording.heldMirror(path) : Wording.unreadable("mirror", path, error)
        }
        return (error as? Problem) ?? Problem(.internal, "The mirror \(path) failed: \(error).")
    }
}

@available(*, unavailable)
extension ChangeFeed: Sendable {}
