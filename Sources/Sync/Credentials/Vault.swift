import Digest
import Glibc
import SQLite

/// The file with the tokens, and nothing else that could be shown. Every change is on disk before it returns.
package actor Vault {
    package nonisolated let path: String
    private let database: Database
    /// When it was last seen to take a write, in monotonic seconds.
    private var confirmedAt: Double?

    private static let applicationID: Int64 = 0x7368_7674

    /// Element N leads from version N to N + 1; what was released stays as it is.
    package static let steps = [
        SchemaStep("makes the tables of tokens and nonces") { database in
            try database.execute(
                """
                CREATE TABLE IF NOT EXISTS tokens(connection TEXT PRIMARY KEY, platform TEXT NOT NULL, access_token TEXT,
                  refresh_token TEXT, uid TEXT, state TEXT, access_expires_at TEXT, refresh_expires_at TEXT,
                  scope TEXT, seed_sha256 TEXT, obtained_at TEXT NOT NULL, refreshed_at TEXT, refused TEXT) WITHOUT ROWID;
                CREATE TABLE IF NOT EXISTS nonces(connection TEXT PRIMARY KEY, nonce TEXT NOT NULL,
                  expires_at TEXT NOT NULL) WITHOUT ROWID;
                """)
        }
    ]

    /// Opens or creates the vault, and brings one of an older version up to date.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - steps: The schema.
    /// - Throws: `Problem` with `storage_failed`, also when others can read the file.
    package init(path: String, steps: [SchemaStep] = Vault.steps) throws(Problem) {
        self.path = path
        let folder = Paths.folder(of: path)
        if access(folder, F_OK) != 0, let failed = Folders.make(folder, mode: 0o700) {
            throw Wording.file("vault's folder", folder, failed)
        }
        try Self.checkMode(path)
        // Created with its final mode, so that it is never readable by others, not even for an instant.
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Wording.file("vault", path, errno) }
        _ = fchmod(descriptor, 0o600)
        Glibc.close(descriptor)
        do {
            database = try Database(path: path, access: .readWrite)
            try Self.prepare(database, steps)
        } catch let error as SQLiteError {
            throw Wording.storage("vault", path, error)
        } catch let problem as Problem {
            throw problem
        } catch {
            throw Problem(.internal, "The vault \(path) cannot be opened: \(error).")
        }
    }

    /// Opens a vault that is there already, and makes none.
    ///
    /// - Returns: nil where there is none.
    /// - Throws: `Problem` with `storage_failed`, as `init` does.
    package static func existing(_ path: String) throws(Problem) -> Vault? {
        var info = stat()
        guard stat(path, &info) == 0, info.st_size > 0 else { return nil }
        return try Vault(path: path)
    }

    /// A look at a vault that is there already: one of an older version is brought up to date in memory alone.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - steps: The schema.
    /// - Returns: The vault, nil where there is none, and what the next sync will do to an older one.
    /// - Throws: `Problem` with `storage_failed`, as `init` does.
    package static func look(
        at path: String, steps: [SchemaStep] = Vault.steps
    ) throws(Problem) -> (vault: Vault?, migration: String?) {
        var info = stat()
        guard stat(path, &info) == 0, info.st_size > 0 else { return (nil, nil) }
        try checkMode(path)
        do {
            let file = try Database(path: path, access: .readOnly)
            guard try file.integer("PRAGMA application_id") == applicationID,
                let migration = try steps.migration(of: file)
            else { return (try Vault(path: path, steps: steps), nil) }
            let copy = try Database(path: ":memory:")
            try copy.copy(from: file)
            try migration.run(in: copy)
            return (Vault(path: path, database: copy), Wording.migration("vault", migration))
        } catch let error as SQLiteError {
            throw Wording.storage("vault", path, error)
        } catch {
            throw (error as? Problem) ?? Problem(.internal, "The vault \(path) cannot be opened: \(error).")
        }
    }

    private init(path: String, database: Database) {
        self.path = path
        self.database = database
    }

    private static func checkMode(_ path: String) throws(Problem) {
        var info = stat()
        guard stat(path, &info) == 0, info.st_mode & 0o077 != 0 else { return }
        throw Problem(
            .storageFailed,
            "The vault \(path) can be read by others (mode 0\(String(info.st_mode & 0o777, radix: 8))); it is not used.",
            next: "Run: chmod 600 \(path)   and think about who may have read the tokens in it.")
    }

    private static func prepare(_ database: Database, _ steps: [SchemaStep]) throws {
        let isNew = try database.integer("SELECT count(*) FROM sqlite_master") == 0
        // First of all, since the settings below already change a file.
        if !isNew { try refuseForeign(database, steps) }
        try database.execute(
            "PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY"
        )
        guard try steps.migration(of: database) != nil else { return }
        try database.transaction {
            // Another process may have been first.
            guard let migration = try steps.migration(of: database) else { return }
            try database.execute("PRAGMA application_id=\(applicationID)")
            try migration.run(in: database)
        }
    }

    private static func refuseForeign(_ database: Database, _ steps: [SchemaStep]) throws {
        guard try database.integer("PRAGMA application_id") == applicationID else {
            throw Wording.foreignFile("vault", database.path)
        }
        let found = try database.integer("PRAGMA user_version") ?? 0
        guard found <= steps.version else {
            throw Wording.newerFile("vault", database.path, found, known: steps.version)
        }
    }

    /// Writes what stands there already, so that a disk that takes nothing is known before a pair is put at risk.
    ///
    /// - Parameter now: Monotonic seconds; what was found out less than a second before still holds.
    /// - Throws: `Problem` with `storage_failed`.
    package func confirmWritable(now: Double) throws(Problem) {
        if let confirmedAt, (0..<1).contains(now - confirmedAt) { return }
        try guarded {
            try database.transaction {
                let version = try database.integer("PRAGMA user_version") ?? 0
                try database.execute("PRAGMA user_version=\(version)")
            }
        }
        confirmedAt = now
    }

    /// The stored tokens of a connection.
    package func entry(_ connection: String) throws(Problem) -> VaultEntry? {
        try guarded {
            let statement = try database.cached(
                "SELECT platform, access_token, refresh_token, uid, state, access_expires_at, refresh_expires_at, scope,"
                    + " seed_sha256, obtained_at, refreshed_at, refused FROM tokens WHERE connection=?1")
            defer { statement.reset() }
            try statement.bind(connection, at: 1)
            guard try statement.step() else { return nil }
            func time(_ index: Int32) -> Timestamp? { statement.text(at: index).flatMap { Timestamp($0) } }
            let tokens = TokenSet(
                accessToken: statement.text(at: 1), refreshToken: statement.text(at: 2),
                uid: statement.text(at: 3),
                state: statement.text(at: 4), accessExpiresAt: time(5), refreshExpiresAt: time(6),
                scope: statement.text(at: 7))
            return VaultEntry(
                platform: statement.text(at: 0) ?? "", tokens: tokens, seedSHA256: statement.text(at: 8),
                obtainedAt: time(9) ?? Timestamp(secondsSinceEpoch: 0), refreshedAt: time(10),
                refused: statement.text(at: 11))
        }
    }

    /// Stores tokens; they are on disk when this returns.
    ///
    /// An empty or missing token never erases a stored one.
    package func store(_ entry: VaultEntry, of connection: String) throws(Problem) {
        try guarded { try database.transaction { try write(entry, of: connection) } }
    }

    /// Stores the tokens of a new sign-in, or none; nothing of the earlier ones stays.
    package func replace(_ entry: VaultEntry?, of connection: String) throws(Problem) {
        try guarded {
            try database.transaction {
                try delete("tokens", connection)
                if let entry { try write(entry, of: connection) }
            }
        }
    }

    private func write(_ entry: VaultEntry, of connection: String) throws(SQLiteError) {
        let statement = try database.cached(
            "INSERT INTO tokens VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
                + " ON CONFLICT DO UPDATE SET platform=excluded.platform,"
                + " access_token=coalesce(nullif(excluded.access_token,''), access_token),"
                + " refresh_token=coalesce(nullif(excluded.refresh_token,''), refresh_token),"
                + " uid=coalesce(excluded.uid, uid), state=coalesce(excluded.state, state),"
                + " access_expires_at=excluded.access_expires_at, refresh_expires_at=excluded.refresh_expires_at,"
                + " scope=coalesce(excluded.scope, scope), seed_sha256=excluded.seed_sha256,"
                + " obtained_at=excluded.obtained_at, refreshed_at=excluded.refreshed_at, refused=excluded.refused"
        )
        let tokens = entry.tokens
        let values = [
            connection, entry.platform, tokens.accessToken, tokens.refreshToken, tokens.uid, tokens.state,
            tokens.accessExpiresAt?.text, tokens.refreshExpiresAt?.text, tokens.scope, entry.seedSHA256,
            entry.obtainedAt.text, entry.refreshedAt?.text, entry.refused,
        ]
        for (index, value) in values.enumerated() { try statement.bind(value, at: Int32(index + 1)) }
        try statement.run()
    }

    /// Remembers that the platform refused a token for good, unless another one has taken its place since.
    package func markRefused(_ token: String?, of connection: String, reason: String) throws(Problem) {
        try guarded {
            let statement = try database.cached(
                "UPDATE tokens SET refused=?3 WHERE connection=?1 AND access_token IS ?2")
            try statement.bind(connection, at: 1)
            try statement.bind(token, at: 2)
            try statement.bind(reason, at: 3)
            try statement.run()
        }
    }

    /// Drops a connection's tokens.
    ///
    /// - Returns: Whether there were any.
    package func forget(_ connection: String) throws(Problem) -> Bool {
        try guarded {
            try database.transaction {
                try delete("nonces", connection)
                try delete("tokens", connection)
                return database.changes > 0
            }
        }
    }

    private func delete(_ table: String, _ connection: String) throws(SQLiteError) {
        let statement = try database.cached("DELETE FROM \(table) WHERE connection=?1")
        try statement.bind(connection, at: 1)
        try statement.run()
    }

    /// Every connection that has tokens here.
    package func connections() throws(Problem) -> [String] {
        try guarded {
            let statement = try database.prepare("SELECT connection FROM tokens ORDER BY connection")
            var names: [String] = []
            while try statement.step() { names += [statement.text(at: 0)].compactMap { $0 } }
            return names
        }
    }

    /// Keeps the nonce of a printed sign-in URL for ten minutes.
    package func keep(nonce: String, of connection: String, now: Timestamp) throws(Problem) {
        try guarded {
            let statement = try database.cached("INSERT OR REPLACE INTO nonces VALUES(?1, ?2, ?3)")
            try statement.bind(connection, at: 1)
            try statement.bind(nonce, at: 2)
            try statement.bind(now.adding(seconds: 600).text, at: 3)
            try statement.run()
        }
    }

    /// The nonce of a sign-in URL that is at most ten minutes old.
    package func nonce(of connection: String, now: Timestamp) throws(Problem) -> String? {
        try guarded {
            let statement = try database.cached(
                "SELECT nonce FROM nonces WHERE connection=?1 AND expires_at>=?2")
            defer { statement.reset() }
            try statement.bind(connection, at: 1)
            try statement.bind(now.text, at: 2)
            return try statement.step() ? statement.text(at: 0) : nil
        }
    }

    /// Makes a nonce unusable.
    ///
    /// - Returns: Whether it was still usable; of two that try at the same time one is too late.
    package func spend(nonce: String, of connection: String) throws(Problem) -> Bool {
        try guarded {
            let statement = try database.cached("DELETE FROM nonces WHERE connection=?1 AND nonce=?2")
            try statement.bind(connection, at: 1)
            try statement.bind(nonce, at: 2)
            try statement.run()
            return database.changes > 0
        }
    }

    package func close() { database.close() }

    private func guarded<Result>(_ body: () throws -> Result) throws(Problem) -> Result {
        do { return try body() } catch {
            confirmedAt = nil
            if let error = error as? SQLiteError { throw Wording.storage("vault", path, error) }
            throw (error as? Problem) ?? Problem(.internal, "The vault \(path) failed: \(error).")
        }
    }
}
