import Glibc
import SQLite
package import Sync

/// What the mirror says about itself, read without writing anything and without making a file.
package struct MirrorReader {
    /// Of a table and a connection.
    package struct Rows: Sendable, Equatable {
        package var live = 0
        package var deleted = 0
        /// Changes of the runs since some moment, by kind.
        package var changes = RecordCounts()
    }

    package struct State: Sendable, Equatable {
        package var cursor: Timestamp?
        package var lastSuccessAt: Timestamp?
    }

    private let database: Database
    private let path: String

    /// Fails without an error when there is no mirror yet.
    ///
    /// - Parameter path: The mirror.
    /// - Throws: `Problem` with `storage_failed`.
    package init?(path: String) throws(Problem) {
        guard access(path, F_OK) == 0 else { return nil }
        self.path = path
        do throws(SQLiteError) {
            database = try Database(path: path, access: ReadOnlyAccess.kind(of: path))
            database.setBusyTimeout(milliseconds: 2000)
            try database.execute("PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=ON")
            guard try database.integer("PRAGMA application_id") == MirrorSchema.applicationID else {
                throw SQLiteError(code: 26, message: "it is no mirror of shopmirror", sql: "open")
            }
        } catch {
            throw Wording.storage("mirror", path, error)
        }
    }

    package func close() { database.close() }

    /// Cursor and last success, by connection and resource.
    package func states() throws(Problem) -> [String: [String: State]] {
        try guarded {
            let statement = try database.prepare(
                "SELECT connection, resource, cursor, last_success_at FROM sync_state")
            var all: [String: [String: State]] = [:]
            while try statement.step() {
                all[statement.text(at: 0) ?? "", default: [:]][statement.text(at: 1) ?? ""] = State(
                    cursor: statement.text(at: 2).flatMap { Timestamp($0) },
                    lastSuccessAt: statement.text(at: 3).flatMap { Timestamp($0) })
            }
            return all
        }
    }

    package func accounts() throws(Problem) -> [String: AccountIdentity] {
        try guarded {
            let statement = try database.prepare("SELECT connection, account_id, name FROM accounts")
            var all: [String: AccountIdentity] = [:]
            while try statement.step() {
                all[statement.text(at: 0) ?? ""] = AccountIdentity(
                    id: statement.text(at: 1) ?? "", name: statement.text(at: 2))
            }
            return all
        }
    }

    /// When the newest wholly successful run ended, however many failed since.
    func lastSuccess() throws(Problem) -> Timestamp? {
        try guarded {
            try database.text(
                "SELECT finished_at FROM runs WHERE status='succeeded' ORDER BY run_id DESC LIMIT 1"
            ).flatMap { Timestamp($0) }
        }
    }

    /// Rows and recent changes of a resource's table, by connection; the former come from indexes, never from the rows.
    ///
    /// - Parameters:
    ///   - view: `shopline_orders`.
    ///   - moment: Changes of runs that began since then are counted.
    /// - Returns: Nothing when the table is not there yet.
    /// - Throws: `Problem` with `storage_failed`.
    package func rows(in view: String, changedSince moment: Timestamp) throws(Problem) -> [String: Rows] {
        try guarded {
            guard try exists("\(view)_data") else { return [:] }
            var all: [String: Rows] = [:]
            try each("SELECT connection, count(*) FROM \(view)_data GROUP BY connection") {
                connection, count in
                all[connection, default: Rows()].live = count
            }
            let gone =
                "SELECT connection, count(*) FROM \(view)_data WHERE deleted_at IS NOT NULL GROUP BY connection"
            try each(gone) { connection, count in
                all[connection, default: Rows()].deleted = count
                all[connection, default: Rows()].live -= count
            }
            try countChanges(in: view, since: moment, &all)
            return all
        }
    }

    /// Row by row: SQLite would sort all of them to group them, and after a first load that is the whole table.
    private func countChanges(in view: String, since moment: Timestamp, _ all: inout [String: Rows]) throws {
        let statement = try database.prepare(
            "SELECT connection, change FROM \(view)_data WHERE changed_run>=?1")
        try statement.bind(moment.compact, at: 1)
        var (connection, change, count) = ("", "", 0)
        func settle() {
            switch change {
            case "inserted": all[connection, default: Rows()].changes.inserted += count
            case "updated": all[connection, default: Rows()].changes.updated += count
            case "restored": all[connection, default: Rows()].changes.restored += count
            case "deleted": all[connection, default: Rows()].changes.deleted += count
            default: break
            }
        }
        while try statement.step() {
            let (nextConnection, nextChange) = (statement.text(at: 0) ?? "", statement.text(at: 1) ?? "")
            if nextConnection != connection || nextChange != change {
                settle()
                (connection, change, count) = (nextConnection, nextChange, 0)
            }
            count += 1
        }
        settle()
    }

    private func each(_ sql: String, _ body: (String, Int) -> Void) throws(SQLiteError) {
        let statement = try database.prepare(sql)
        while try statement.step() { body(statement.text(at: 0) ?? "", Int(statement.int64(at: 1))) }
    }

    private func exists(_ table: String) throws(SQLiteError) -> Bool {
        let statement = try database.prepare("SELECT 1 FROM sqlite_master WHERE type='table' AND name=?1")
        try statement.bind(table, at: 1)
        return try statement.step()
    }

    private func guarded<Result>(_ body: () throws -> Result) throws(Problem) -> Result {
        do { return try body() } catch {
            if let error = error as? SQLiteError { throw Wording.storage("mirror", path, error) }
            throw (error as? Problem) ?? Problem(.internal, "The mirror \(path) failed: \(error).")
        }
    }
}

/// How a database can be read without leaving a file beside it.
enum ReadOnlyAccess {
    /// SQLite makes a missing `-wal` or `-shm` even for a reader, so without them the file is read as it stands.
    static func kind(of path: String) -> Database.Access {
        access("\(path)-wal", F_OK) == 0 && access("\(path)-shm", F_OK) == 0 ? .readOnly : .immutable
    }

    static func size(of path: String) -> Int? {
        var info = stat()
        return stat(path, &info) == 0 ? Int(info.st_size) : nil
    }
}
