import SQLite
import SyncTestSupport
import Testing

@testable import Sync

/// A mirror that has grown must not make every run dearer.
struct MirrorGrowthTests {
    let folder: TemporaryFolder
    let mirror: MirrorStore
    private let now = Timestamp("2026-11-20T03:00:00Z") ?? Timestamp(secondsSinceEpoch: 0)

    init() throws {
        folder = try TemporaryFolder()
        mirror = try MirrorStore(path: folder.file("mirror.db"))
    }

    private func rows(_ sql: String) throws -> [[String?]] {
        try Sample.rows(sql, in: folder.file("mirror.db"))
    }

    @Test(arguments: [
        (MirrorStore.closingSQL, ["SCAN runs USING INDEX runs_open"]),
        (
            MirrorStore.pruningSQL,
            [
                "SEARCH runs USING INDEX runs_reported (run_id<?)", "SCALAR SUBQUERY 1",
                "SCAN runs USING COVERING INDEX sqlite_autoindex_runs_1",
            ]
        ),
        ("SELECT count(*) FROM runs WHERE finished_at IS NULL", ["SCAN runs USING INDEX runs_open"]),
        ("SELECT max(run_id) FROM runs", ["SEARCH runs USING COVERING INDEX sqlite_autoindex_runs_1"]),
    ])
    func `a run does not read the runs before it`(sql: String, plan: [String]) throws {
        #expect(try rows("EXPLAIN QUERY PLAN \(sql)").map(\.last) == plan)
    }

    @Test func `changes are read in the order of their index, and no record is sorted`() async throws {
        let platform = Sample.platform()
        try await mirror.prepare(platform.resources[0], on: platform)
        let view = MirrorSchema.view(of: platform.resources[0], on: platform)
        let plan = try rows("EXPLAIN QUERY PLAN \(MirrorChanges.changesSQL(view))").map(\.last)
        #expect(plan == ["SEARCH \(view)_data USING INDEX \(view)_feed (changed_run>?)"])
        let numbers = try rows("EXPLAIN QUERY PLAN \(MirrorChanges.numbersSQL(view))").map(\.last)
        #expect(numbers.first?.flatMap { $0 }?.hasSuffix("(connection=?)") == true, "\(numbers)")
    }

    @Test func `many connections with many changes are read one by one, with the same result`() async throws {
        let platform = Sample.platform()
        let resource = platform.resources[0]
        let view = MirrorSchema.view(of: resource, on: platform)
        try await mirror.prepare(resource, on: platform)
        let names = (1...5).map { "shop\($0)" }
        for (number, name) in (names + names.reversed()).enumerated() {
            let run = try await run(0)
            let pull = try await mirror.beginPull(
                connection: name, resource: "items", kind: .full, window: "", since: nil, settings: "s",
                run: run, now: now)
            let records = ["9", "10", "2"].map { "{\"id\":\($0),\"v\":\($0 == "10" ? number : 0)}" }
            _ = try await mirror.write(
                Sample.page(records: records), of: resource, on: platform, connection: name, into: pull,
                next: nil, skipping: nil, run: run, now: now)
        }
        _ = try await run(0)
        let changes = try MirrorChanges(path: mirror.path)
        let all = try rows("SELECT run_id FROM runs ORDER BY run_id").compactMap { $0[0] }
        for (after, isQuick) in [(nil, false), (all[0], false), (all[4], true)] {
            var span = try changes.span([after ?? all[0]], since: nil)
            if after == nil { span.from = nil }
            let table = try changes.changed(in: view, after: after)
            #expect(table.isQuickByRun == isQuick, "\(table)")
            #expect(table.connections == Set(names))
            for name in names {
                var found: [[String]] = []
                for isQuickByRun in [true, false] {
                    let table = MirrorChanges.ChangedTable(
                        view: view, connections: table.connections, isQuickByRun: isQuickByRun)
                    var ids: [String] = []
                    try changes.each(of: table, connection: name, in: span) { change in
                        ids.append("\(change.id) \(change.kind) \(change.changedRun)")
                        return ids.count < 4
                    }
                    found.append(ids)
                }
                #expect(found[0] == found[1] && !found[0].isEmpty, "\(found)")
            }
        }
    }

    private func run(_ keep: Int, report: Bool = true) async throws -> String {
        let run = try await mirror.beginRun(mode: "full", now: now, suffix: "0000")
        if report {
            try await mirror.finishRun(
                run, status: "succeeded", exitCode: 0, report: "{}", keep: keep, now: now)
        }
        return run
    }

    @Test func `the newest runs keep their reports`() async throws {
        var runs: [String] = []
        for number in 0..<8 { runs.append(try await run(3, report: number != 6)) }
        let kept = try rows("SELECT run_id FROM runs WHERE report IS NOT NULL ORDER BY run_id").compactMap {
            $0[0]
        }
        #expect(kept == [runs[5], runs[7]])
        #expect(try rows("SELECT count(*) FROM runs WHERE finished_at IS NULL") == [["0"]])
        _ = try await run(0)
        #expect(try rows("SELECT count(*) FROM runs WHERE report IS NOT NULL") == [["3"]])
    }

    /// Where SQLite puts what it sorts: 1 for files, 2 for memory.
    private func place(_ mirror: isolated MirrorStore) throws -> Int64? {
        try mirror.database.integer("PRAGMA temp_store")
    }

    @Test func `what sorts a whole table does it in files, and only that`() async throws {
        #expect(try await place(mirror) == 2)
        #expect(try await sorted(mirror) == [1])
        #expect(try await place(mirror) == 2)
    }

    private func sorted(_ mirror: isolated MirrorStore) throws -> [Int64?] {
        [try mirror.sortingInFiles { () throws(Problem) in try mirror.read { try place(mirror) } }]
    }

    @Test func `a dry run sorts in memory, and keeps nothing after it lost its transaction`() async throws {
        let platform = Sample.platform()
        let before = try rows("SELECT name FROM sqlite_master ORDER BY name")
        let dry = try MirrorStore(path: mirror.path, isDryRun: true)
        #expect(try await sorted(dry) == [2])
        // What SQLite does by itself where a disk is full.
        try await end(dry)
        let problem = await #expect(throws: Problem.self) {
            try await dry.prepare(platform.resources[0], on: platform)
        }
        #expect(
            problem?.message
                == "The dry run lost its transaction on the mirror \(mirror.path) to an earlier error.")
        #expect(problem?.nextStep?.hasSuffix("run it again; nothing was kept.") == true)
        await dry.close()
        #expect(try rows("SELECT name FROM sqlite_master ORDER BY name") == before)
    }

    private func end(_ mirror: isolated MirrorStore) throws { try mirror.database.execute("ROLLBACK") }

    @Test func `where there is no folder for files it is done in memory`() async throws {
        #expect(try await sortedWithoutFolder(mirror) == [1, 2])
        #expect(try await place(mirror) == 2)
    }

    private func sortedWithoutFolder(_ mirror: isolated MirrorStore) throws -> [Int64?] {
        var places: [Int64?] = []
        try mirror.sortingInFiles { () throws(Problem) in
            try mirror.read {
                places.append(try place(mirror))
                guard places.count > 1 else {
                    throw SQLiteError(code: 6410, message: "disk I/O error", sql: "CREATE INDEX")
                }
            }
        }
        return places
    }
}
