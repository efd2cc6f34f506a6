import Glibc
import JSON
import SQLite

/// A look into the mirror that changes nothing, not even the files beside it.
package struct MirrorInspection {
    package let path: String
    let database: Database
    /// The schema that this program writes.
    let steps: [SchemaStep]

    /// Opens the mirror, if there is one.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - steps: The schema.
    /// - Returns: nil where there is no mirror yet.
    /// - Throws: `Problem` with `storage_failed` for a file that cannot be read or is no mirror of ours.
    package static func open(
        _ path: String, steps: [SchemaStep] = MirrorSchema.steps
    ) throws(Problem) -> MirrorInspection? {
        var info = stat()
        guard stat(path, &info) == 0, info.st_size > 0 else { return nil }
        // Without its log nobody writes it now, and opening it the usual way would make one.
        let isQuiet = access("\(Paths.resolved(path))-wal", F_OK) != 0
        do throws(SQLiteError) {
            let database = try Database(path: path, access: isQuiet ? .immutable : .readOnly)
            // Read here so that a file which is no database is found out at once.
            _ = try database.integer("PRAGMA user_version")
            return MirrorInspection(path: path, database: database, steps: steps)
        } catch {
            throw Wording.storage("mirror", path, error)
        }
    }

    init(path: String, database: Database, steps: [SchemaStep] = MirrorSchema.steps) {
        self.path = path
        self.database = database
        self.steps = steps
    }

    /// Whether it is a mirror, and one that this program knows.
    ///
    /// - Throws: `Problem` with `storage_failed`, or `SQLiteError`.
    func checkKind() throws {
        guard try database.integer("PRAGMA application_id") == MirrorSchema.applicationID else {
            throw Wording.foreignFile("mirror", path)
        }
        let version = try database.integer("PRAGMA user_version") ?? 0
        guard version <= steps.version else {
            throw Wording.newerFile("mirror", path, version, known: steps.version, writer: writer)
        }
    }

    /// Whether it is a sound mirror that this program knows.
    ///
    /// - Throws: `Problem` with `storage_failed` that says what is wrong.
    package func check() throws(Problem) {
        let verdict: String?
        do {
            try checkKind()
            verdict = try database.text("PRAGMA quick_check(1)")
        } catch let error as SQLiteError {
            throw Wording.storage("mirror", path, error)
        } catch {
            throw (error as? Problem) ?? Problem(.internal, "The mirror \(path) failed: \(error).")
        }
        guard verdict == "ok" else { throw Wording.damaged("mirror", path, verdict ?? "no answer") }
    }

    /// The program that wrote the newest report into it; nil where that cannot be told.
    private var writer: String? {
        let newest = "SELECT report FROM runs WHERE report IS NOT NULL ORDER BY run_id DESC LIMIT 1"
        guard let report = try? database.text(newest), let json = try? JSONValue.parse(Array(report.utf8))
        else { return nil }
        return json["tool"]?["version"]?.stringValue
    }

    /// What the next sync will do to a mirror of an older version, as a sentence; nil for one that is up to date.
    package var migration: String? {
        guard let migration = try? steps.migration(of: database) else { return nil }
        return Wording.migration("mirror", migration)
    }

    package var version: Int64? { (try? database.integer("PRAGMA user_version")) ?? nil }

    /// The account whose rows a connection holds.
    package func account(of connection: String) -> AccountIdentity? {
        guard
            let statement = try? database.prepare(
                "SELECT account_id, name FROM accounts WHERE connection=?1"),
            (try? statement.bind(connection, at: 1)) != nil, (try? statement.step()) == true
        else { return nil }
        return AccountIdentity(id: statement.text(at: 0) ?? "", name: statement.text(at: 1))
    }

    /// Seconds from one run to the next, as a rule; nil before the second one.
    package var runSpacing: Int64? { try? RunSpacing.seconds(in: database) }
}

/// How far apart the latest runs began.
enum RunSpacing {
    /// The median over the latest eleven runs.
    static func seconds(in database: Database) throws(SQLiteError) -> Int64? {
        let statement = try database.prepare("SELECT started_at FROM runs ORDER BY run_id DESC LIMIT 11")
        var starts: [Timestamp] = []
        while try statement.step() {
            if let start = statement.text(at: 0).flatMap({ Timestamp($0) }) { starts.append(start) }
        }
        let gaps = zip(starts, starts.dropFirst()).map { $0.secondsSinceEpoch - $1.secondsSinceEpoch }
            .sorted()
        return gaps.isEmpty ? nil : max(0, gaps[gaps.count / 2])
    }
}

extension MirrorStore {
    /// Seconds from one run to the next, as a rule; nil before the second one.
    package func runSpacing() throws(Problem) -> Int64? {
        try read { try RunSpacing.seconds(in: database) }
    }
}
