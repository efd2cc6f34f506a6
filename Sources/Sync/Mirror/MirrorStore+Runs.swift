import SQLite

extension MirrorStore {
    /// Opens the run's row, and closes what a killed run left open.
    ///
    /// - Parameters:
    ///   - mode: As the report tells it.
    ///   - now: Our clock.
    ///   - suffix: Four hex digits.
    ///   - reported: The newest run that left a report; the mirror may be an older one, put back from a backup.
    ///   - lastSign: When the run before was last heard of.
    /// - Returns: The run's id: our clock, or later where the newest known run is ahead of it.
    /// - Throws: `Problem` with `storage_failed`.
    package func beginRun(
        mode: String, now: Timestamp, suffix: String, after reported: String? = nil,
        lastSign: LastSign? = nil
    ) throws(Problem) -> String {
        try write {
            try closeKilledRuns(lastSign, now: now)
            let known = [try database.text("SELECT max(run_id) FROM runs"), reported]
            let newest = known.compactMap { $0 }.max()
            let run = RunID.next(after: newest, now: now, suffix: suffix)
            let statement = try database.cached(
                "INSERT INTO runs(run_id, started_at, mode, status) VALUES(?1, ?2, ?3, 'running')")
            try statement.bind(run, at: 1)
            try statement.bind(now.text, at: 2)
            try statement.bind(mode, at: 3)
            try statement.run()
            return run
        }
    }

    static var closingSQL: String {
        "UPDATE runs SET status='interrupted', exit_code=NULL,"
            + " finished_at=iif(run_id=?1, max(started_at, min(?2, ?3)), started_at) WHERE finished_at IS NULL"
    }

    static var pruningSQL: String {
        "UPDATE runs SET report=NULL WHERE report IS NOT NULL AND run_id<="
            + "(SELECT run_id FROM runs ORDER BY run_id DESC LIMIT 1 OFFSET ?1)"
    }

    /// A killed run ended when it was last heard of, or else when it began; with which code, nobody saw.
    private func closeKilledRuns(_ lastSign: LastSign?, now: Timestamp) throws(SQLiteError) {
        let statement = try database.cached(Self.closingSQL)
        try statement.bind(lastSign?.run, at: 1)
        try statement.bind(lastSign?.at.text, at: 2)
        try statement.bind(now.text, at: 3)
        try statement.run()
    }

    /// Closes the run's row.
    ///
    /// - Parameters:
    ///   - run: The run id.
    ///   - status: How it ended.
    ///   - exitCode: The process's.
    ///   - report: The report's text.
    ///   - keep: Reports that stay in the mirror, 0 for all.
    ///   - now: Our clock.
    ///   - isSynced: Whether the commit, and with it every one before, is on disk when this returns.
    /// - Throws: `Problem` with `storage_failed`.
    package func finishRun(
        _ run: String, status: String, exitCode: Int32, report: String, keep: Int, now: Timestamp,
        isSynced: Bool = true
    ) throws(Problem) {
        try read { if isSynced, !isDryRun { try database.execute("PRAGMA synchronous=FULL") } }
        try write {
            let statement = try database.cached(
                "UPDATE runs SET finished_at=?2, status=?3, exit_code=?4, report=?5 WHERE run_id=?1")
            try statement.bind(run, at: 1)
            try statement.bind(now.text, at: 2)
            try statement.bind(status, at: 3)
            try statement.bind(Int64(exitCode), at: 4)
            try statement.bind(report, at: 5)
            try statement.run()
            guard keep > 0 else { return }
            let pruning = try database.cached(Self.pruningSQL)
            try pruning.bind(Int64(keep), at: 1)
            try pruning.run()
        }
        try read { if !isDryRun { try database.execute("PRAGMA synchronous=NORMAL") } }
    }

    /// The account whose rows a connection holds.
    package func account(of connection: String) throws(Problem) -> AccountIdentity? {
        try read {
            let statement = try database.cached("SELECT account_id, name FROM accounts WHERE connection=?1")
            defer { statement.reset() }
            try statement.bind(connection, at: 1)
            guard try statement.step() else { return nil }
            return AccountIdentity(id: statement.text(at: 0) ?? "", name: statement.text(at: 1))
        }
    }

    package func remember(
        _ account: AccountIdentity, of connection: String, platform: String, now: Timestamp
    ) throws(Problem) {
        try write {
            let statement = try database.cached(
                "INSERT INTO accounts(connection, platform, account_id, name, first_seen_at, seen_at)"
                    + " VALUES(?1, ?2, ?3, ?4, ?5, ?5) ON CONFLICT DO UPDATE SET"
                    + " account_id=excluded.account_id, name=excluded.name, seen_at=excluded.seen_at")
            try statement.bind(connection, at: 1)
            try statement.bind(platform, at: 2)
            try statement.bind(account.id, at: 3)
            try statement.bind(account.name, at: 4)
            try statement.bind(now.text, at: 5)
            try statement.run()
        }
    }

    /// The ids that another resource's records name, for calls that go by id.
    ///
    /// - Parameters:
    ///   - path: Dotted path inside the records; a part ending in `[]` is a list.
    ///   - view: The other resource's view.
    ///   - connection: Whose rows.
    /// - Returns: Different ids, sorted.
    /// - Throws: `Problem` with `storage_failed`.
    package func identifiers(at path: String, in view: String, connection: String) throws(Problem) -> [String]
    {
        try read {
            guard try database.integer("SELECT count(*) FROM sqlite_master WHERE name='\(view)_data'") == 1
            else {
                return []
            }
            let parts = path.replacing("[].", with: "\n").split(separator: "\n").map(String.init)
            let sql: String
            if parts.count == 2 {
                let column = Column(parts[1], .exact)
                let value = MirrorSchema.expression(column, "l.value", .iso8601)
                sql =
                    "SELECT DISTINCT \(value) AS found FROM \(view)_data o, json_each(o.payload,"
                    + " \(SQLName.jsonPath(parts[0]))) l WHERE o.connection=?1 AND o.deleted_at IS NULL"
                    + " AND l.type='object' AND found<>'' ORDER BY found"
            } else {
                let value = MirrorSchema.expression(Column(path, .exact), "payload", .iso8601)
                sql =
                    "SELECT DISTINCT \(value) AS found FROM \(view)_data WHERE connection=?1 AND deleted_at IS NULL"
                    + " AND found<>'' ORDER BY found"
            }
            let statement = try database.prepare(sql)
            try statement.bind(connection, at: 1)
            var ids: [String] = []
            while try statement.step() {
                if let id = statement.text(at: 0) { ids.append(id) }
            }
            return ids
        }
    }
}

/// Run ids: UTC start and four hex digits, always growing.
package enum RunID {
    /// - Parameters:
    ///   - newest: The newest known id.
    ///   - now: Our clock.
    ///   - suffix: Four hex digits.
    /// - Returns: `20261120T030000Z-7f3a`; one second after the newest where our clock is not ahead of it.
    package static func next(after newest: String?, now: Timestamp, suffix: String) -> String {
        let plain = "\(now.compact)-\(suffix)"
        guard let newest, newest >= plain else { return plain }
        guard let start = start(of: newest) else { return plain }
        return "\(start.adding(seconds: 1).compact)-\(suffix)"
    }

    /// Where the digits of an id stand in RFC 3339's form.
    private static let places = [0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18]

    /// The moment an id names, or a file name that begins with an id.
    package static func start(of run: String) -> Timestamp? {
        let id = Array(run.utf8.prefix(16))
        guard id.count == 16, id[8] == 0x54, id[15] == 0x5A else { return nil }
        var text = Array("0000-00-00T00:00:00Z".utf8)
        for (digit, place) in zip([0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14], Self.places) {
            text[place] = id[digit]
        }
        return text.withUnsafeBytes { TimeReader.read($0, zone: .stated) }
    }
}
