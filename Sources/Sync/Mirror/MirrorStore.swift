import Glibc
package import JSON
import SQLite

/// The mirror file, and the only one who writes it.
package actor MirrorStore {
    package nonisolated let path: String
    /// Counts as everywhere, but keeps nothing: everything happens in one transaction that is rolled back.
    package nonisolated let isDryRun: Bool
    /// Replaced versions that are kept of each record; see `PastVersions`.
    nonisolated let history: Int
    let database: Database
    /// Every platform there is, for the views over all of them.
    nonisolated let platforms: [Platform]
    var seen: [Int64: RowSet] = [:]
    /// Of each pull the row where its next record is likely to be.
    var following: [Int64: Int64] = [:]
    private var changedRows = 0
    /// Columns of the views that were made or found right in this run; connections of a platform share them.
    private var prepared: [String: [Column]] = [:]
    /// What a page is written with, by view.
    private var upserts: [String: Upsert.Text] = [:]
    private let copier: LogCopier?

    /// Opens or creates the mirror, and brings one of an older version up to date.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - isDryRun: Whether nothing is kept.
    ///   - isSound: Whether the file is known to be whole, and need not be read through.
    ///   - history: How many replaced versions of each record are kept.
    ///   - platforms: Those that the views over all platforms show; without any there are no such views.
    ///   - steps: The schema.
    /// - Throws: `Problem` with `storage_failed`.
    package init(
        path: String, isDryRun: Bool = false, isSound: Bool = false, history: Int = 0,
        platforms: [Platform] = [],
        steps: [SchemaStep] = MirrorSchema.steps
    ) throws(Problem) {
        self.path = path
        self.platforms = platforms
        self.isDryRun = isDryRun
        self.history = history
        let exists = access(path, F_OK) == 0
        do {
            if exists, !isSound { try MirrorInspection.open(path, steps: steps)?.checkBeforeRun() }
            database = try Database(path: isDryRun && !exists ? "" : path)
            if isSound {
                // Refused or not, the files beside it stay for its readers.
                try database.persistWAL()
                try MirrorInspection(path: path, database: database, steps: steps).checkKind()
            }
            try Self.prepare(database, isTemporary: isDryRun && !exists)
            if isDryRun { try database.execute("BEGIN IMMEDIATE") }
            try Self.migrate(database, steps, isDryRun: isDryRun)
            if history > 0 { try Self.makePast(database) }
            copier = isDryRun ? nil : LogCopier(for: database)
        } catch let error as SQLiteError {
            throw Wording.storage("mirror", path, error)
        } catch let problem as Problem {
            throw problem
        } catch {
            throw Problem(.internal, "The mirror \(path) cannot be opened: \(error).")
        }
    }

    private static func prepare(_ database: Database, isTemporary: Bool) throws {
        let isNew = try database.integer("SELECT count(*) FROM sqlite_master") == 0
        if isNew { try database.execute("PRAGMA page_size=16384") }
        try database.execute(
            """
            PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-3072;
            PRAGMA journal_size_limit=33554432; PRAGMA trusted_schema=ON; PRAGMA secure_delete=ON
            """)
        try database.offerRows()
        if !isTemporary {
            try database.execute("PRAGMA journal_mode=WAL")
            try database.persistWAL()
        }
    }

    /// All or nothing; whoever is killed meanwhile leaves the file as it was.
    private static func migrate(_ database: Database, _ steps: [SchemaStep], isDryRun: Bool) throws {
        guard let migration = try steps.migration(of: database) else { return }
        func run() throws {
            try database.execute("PRAGMA application_id=\(MirrorSchema.applicationID)")
            try migration.run(in: database)
        }
        if isDryRun { try run() } else { try database.transaction(run) }
    }

    /// A file that was made without it lacks the table for replaced records.
    private static func makePast(_ database: Database) throws {
        guard !database.isInTransaction else { return try database.execute(PastVersions.sql) }
        try database.transaction { try database.execute(PastVersions.sql) }
    }

    // MARK: Transactions

    /// One transaction, or a savepoint of the dry run's single one.
    func write<Result>(_ body: () throws -> Result) throws(Problem) -> Result {
        do {
            guard isDryRun else {
                let result = try database.transaction(body)
                copier?.advance()
                return result
            }
            // SQLite ends a transaction by itself where a disk is full or fails. Outside of one a savepoint would be kept.
            guard database.isInTransaction else {
                throw Problem(
                    .storageFailed,
                    "The dry run lost its transaction on the mirror \(path) to an earlier error.",
                    next: "Look at the errors before this one, and run it again; nothing was kept.")
            }
            try database.execute("SAVEPOINT step")
            do {
                let result = try body()
                try database.execute("RELEASE step")
                return result
            } catch {
                try? database.execute("ROLLBACK TO step")
                try? database.execute("RELEASE step")
                throw error
            }
        } catch {
            throw translated(error)
        }
    }

    func read<Result>(_ body: () throws -> Result) throws(Problem) -> Result {
        do { return try body() } catch { throw translated(error) }
    }

    /// For what sorts as many rows as a table has: in temporary files, so that memory does not grow with the mirror, or in
    /// memory where there is no folder for them.
    ///
    /// A dry run must not fail half way: its one transaction would be gone.
    func sortingInFiles<Result>(_ body: () throws(Problem) -> Result) throws(Problem) -> Result {
        guard !isDryRun else { return try body() }
        do {
            // What is kept before it goes to a file is as much as the cache may have.
            try read { try database.execute("PRAGMA temp_store=FILE; PRAGMA cache_size=-2048") }
            defer { try? database.execute("PRAGMA temp_store=MEMORY; PRAGMA cache_size=-3072") }
            return try body()
        } catch {
            return try body()
        }
    }

    private func translated(_ error: any Error) -> Problem {
        if let error = error as? SQLiteError { return Wording.storage("mirror", path, error) }
        if let problem = error as? Problem { return problem }
        return Problem(.internal, "The mirror \(path) failed: \(error).")
    }

    // MARK: Tables

    /// Makes sure that a resource's table and views exist and are as declared now.
    package func prepare(_ resource: Resource, on platform: Platform) throws(Problem) {
        let view = MirrorSchema.view(of: resource, on: platform)
        guard prepared[view] != resource.columns else { return }
        try write {
            var hasNewTable = try makeTable(of: resource, on: platform)
            try database.execute(MirrorSchema.goneIndexSQL(view))
            try replaceView(view, MirrorSchema.viewSQL(of: resource, on: platform))
            if let history = resource.history {
                let table = HistoryTable(history, of: resource, on: platform)
                if try schema("table", table.table) == nil {
                    try database.execute(table.sql)
                    try database.execute(table.indexSQL)
                }
            }
            for list in resource.lists {
                if let other = list.other.flatMap({ platform.resource(named: $0) }) {
                    hasNewTable = try makeTable(of: other, on: platform) || hasNewTable
                }
                let (name, sql) = MirrorSchema.listViewSQL(list, of: resource, on: platform)
                try replaceView(name, sql)
            }
            if hasNewTable { try remakeJointViews() }
        }
        prepared[view] = resource.columns
    }

    /// - Returns: Whether the table was not there before.
    private func makeTable(of resource: Resource, on platform: Platform) throws -> Bool {
        let view = MirrorSchema.view(of: resource, on: platform)
        guard try schema("table", "\(view)_data") == nil else { return false }
        try database.execute(MirrorSchema.tableSQL(view))
        try database.execute(MirrorSchema.feedIndexSQL(view))
        return true
    }

    func replaceView(_ name: String, _ sql: String) throws {
        let present = try schema("view", name)
        guard present != sql else { return }
        if present != nil { try database.execute("DROP VIEW \(name)") }
        try database.execute(sql)
    }

    func schema(_ type: String, _ name: String) throws(SQLiteError) -> String? {
        let statement = try database.cached("SELECT sql FROM sqlite_master WHERE type=?1 AND name=?2")
        defer { statement.reset() }
        try statement.bind(type, at: 1)
        try statement.bind(name, at: 2)
        return try statement.step() ? statement.text(at: 0) : nil
    }

    // MARK: Pages

    /// Stores a page: rows, counts, seen rows and checkpoint in one transaction.
    package func write(
        _ page: ScannedPage, of resource: Resource, on platform: Platform, connection: String,
        into pull: Pull, next: String?, skipping skipped: Int?, run: String, now: Timestamp,
        instant: @Sendable (RunContext.Instant) -> Void = { _ in }
    ) throws(Problem) -> PageOutcome {
        let view = MirrorSchema.view(of: resource, on: platform)
        let before = pull.checkpoint
        var rows: [Int64] = []
        let outcome = try write { () -> PageOutcome in
            let upsert = try Upsert(
                upsertText(view), zone: platform.times.zone, connection: connection, in: database, run: run,
                now: now.text, history: history)
            let written = try upsert.write(page, skipped: skipped, at: following[pull.number])
            rows = written.rows
            following[pull.number] = written.following
            if let history = resource.history {
                try HistoryTable(history, of: resource, on: platform).append(
                    rows, in: database, run: run, now: now.text)
            }
            let high = [before?.high, written.high].compactMap { $0 }.max()
            let checkpoint = Checkpoint(
                page: (before?.page ?? 0) + 1, next: next, high: high,
                fetched: (before?.fetched ?? 0) + written.counts.fetched, distinct: 0)
            try record(checkpoint, of: pull, fetched: written.counts.fetched, rows: rows)
            changedRows += written.changedRows
            instant(.beforePageCommit)
            return PageOutcome(
                counts: written.counts, checkpoint: checkpoint, unreadableTimes: written.unreadableTimes)
        }
        instant(.afterPageCommit)
        var finished = outcome
        if pull.kind == .full {
            var set = seen.removeValue(forKey: pull.number) ?? RowSet()
            for row in rows { set.insert(row) }
            finished.checkpoint.distinct = set.count
            seen[pull.number] = set
        }
        return finished
    }

    private func upsertText(_ view: String) -> Upsert.Text {
        if let text = upserts[view] { return text }
        let text = Upsert.Text(view)
        upserts[view] = text
        return text
    }

    private func record(_ checkpoint: Checkpoint, of pull: Pull, fetched: Int, rows: [Int64])
        throws(SQLiteError)
    {
        let statement = try database.cached(
            "INSERT INTO pull_pages(pull, page, next, high, fetched, rows) VALUES(?1, ?2, ?3, ?4, ?5, ?6)")
        try statement.bind(pull.number, at: 1)
        try statement.bind(Int64(checkpoint.page), at: 2)
        try statement.bind(checkpoint.next, at: 3)
        try statement.bind(checkpoint.high?.text, at: 4)
        try statement.bind(Int64(fetched), at: 5)
        try statement.bind(pull.kind == .full ? RowSet.rangesText(rows) : nil, at: 6)
        try statement.run()
    }

    // MARK: End

    /// Brings everything to disk.
    ///
    /// - Returns: false when a reader holds a part of the log back.
    package func checkpoint() throws(Problem) -> Bool {
        guard !isDryRun else { return true }
        copier?.rest()
        if let failure = copier?.failure { throw Wording.storage("mirror", path, failure) }
        return try read {
            database.setBusyTimeout(milliseconds: 500)
            defer { database.setBusyTimeout(milliseconds: 10_000) }
            if try database.checkpoint(truncate: true) { return true }
            return try database.checkpoint(truncate: false)
        }
    }

    package var hasChanges: Bool { changedRows > 0 }

    func countChanges(_ count: Int) { changedRows += count }

    /// Closes the file; a dry run leaves it as it was.
    package func close() {
        if isDryRun { try? database.execute("ROLLBACK") }
        copier?.close()
        database.close()
    }
}
