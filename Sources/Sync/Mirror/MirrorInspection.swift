import Glibc
import SQLite

/// A look into the mirror that changes nothing, not even the files beside it.
package struct MirrorInspection {
    package let path: String
    let database: Database

    /// Opens the mirror, if there is one.
    ///
    /// - Parameter path: The file.
    /// - Returns: nil where there is no mirror yet.
    /// - Throws: `Problem` with `storage_failed` for a file that cannot be read or is no mirror of ours.
    package static func open(_ path: String) throws(Problem) -> MirrorInspection? {
        var info = stat()
        guard stat(path, &info) == 0, info.st_size > 0 else { return nil }
        // Without its log nobody writes it now, and opening it the usual way would make one.
        let isQuiet = access("\(path)-wal", F_OK) != 0
        do throws(SQLiteError) {
            let database = try Database(path: path, access: isQuiet ? .immutable : .readOnly)
            // Read here so that a file which is no database is found out at once.
            _ = try database.integer("PRAGMA user_version")
            return MirrorInspection(path: path, database: database)
        } catch {
            throw Wording.storage("mirror", path, error)
        }
    }

    init(path: String, database: Database) {
        self.path = path
        self.database = database
    }

    /// Whether it is a mirror, and one that this program knows.
    ///
    /// - Throws: `Problem` with `storage_failed`, or `SQLiteError`.
    func checkKind() throws {
        guard try database.integer("PRAGMA application_id") == MirrorSchema.applicationID else {
            throw Wording.foreignFile("mirror", path)
        }
        let version = try database.integer("PRAGMA user_version") ?? 0
        guard version <= MirrorSchema.version else {
            throw Wording.newerFile("mirror", path, version, known: MirrorSchema.version)
        }
    }

    /// Whether it is a sound mirror that this program knows.
    ///
    /// - Throws: `Problem` with `storage_failed` that says what is wrong.
    package func check() throws(Problem) {
        let found: (application: Int64?, version: Int64?, verdict: String?)
        do throws(SQLiteError) {
            found = (
                try database.integer("PRAGMA application_id"), try database.integer("PRAGMA user_version"),
                try database.text("PRAGMA quick_check(1)")
            )
        } catch {
            throw Wording.storage("mirror", path, error)
        }
        guard found.application == MirrorSchema.applicationID else {
            throw Wording.foreignFile("mirror", path)
        }
        guard let version = found.version, version <= MirrorSchema.version else {
            throw Wording.newerFile("mirror", path, found.version ?? 0, known: MirrorSchema.version)
        }
        guard found.verdict == "ok" else {
            throw Wording.damaged("mirror", path, found.verdict ?? "no answer")
        }
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
