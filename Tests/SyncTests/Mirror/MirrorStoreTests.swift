import JSON
import SQLite
import SyncTestSupport
import Testing

@testable import Sync

struct MirrorStoreTests {
    let folder: TemporaryFolder
    let mirror: MirrorStore
    let platform = Sample.platform()
    let now = Timestamp("2026-11-20T03:00:00Z") ?? Timestamp(secondsSinceEpoch: 0)

    init() async throws {
        folder = try TemporaryFolder()
        mirror = try MirrorStore(path: folder.file("mirror.db"))
        try await mirror.prepare(platform.resources[0], on: platform)
    }

    private var resource: Resource { platform.resources[0] }

    private func begin(_ kind: Pull.Kind, window: String = "", settings: String = "s") async throws -> Pull {
        try await mirror.beginPull(
            connection: "main", resource: "items", kind: kind, window: window, since: nil, settings: settings,
            run: "run-1", now: now)
    }

    private func write(
        _ records: [String], into pull: inout Pull, next: String? = nil, run: String = "run-1",
        skipping: Int? = nil
    ) async throws -> RecordCounts {
        let outcome = try await mirror.write(
            Sample.page(records: records), of: resource, on: platform, connection: "main", into: pull,
            next: next,
            skipping: skipping, run: run, now: now)
        pull.checkpoint = outcome.checkpoint
        return outcome.counts
    }

    private func open(_ kind: Pull.Kind, window: String = "") async throws -> Pull? {
        try await mirror.openPull(connection: "main", resource: "items", kind: kind, window: window)
    }

    private func rows(_ sql: String) throws -> [[String?]] {
        try Sample.rows(sql, in: folder.file("mirror.db"))
    }

    // MARK: Counts

    @Test func `every record is counted by what became of it`() async throws {
        var pull = try await begin(.full)
        let first = try await write(
            [#"{"id":1,"v":1}"#, #"{"id":2,"v":1}"#, #"{"id":3,"v":1}"#], into: &pull)
        #expect(first.fetched == 3 && first.inserted == 3)
        let unseen = try await mirror.unseen(by: pull, of: resource, on: platform, connection: "main")
        #expect(unseen.rows.isEmpty && unseen.live == 3)
        try await mirror.finish(
            pull, Settlement(cursor: nil, gone: [3], isFull: true), of: resource, on: platform,
            connection: "main",
            run: "run-1", now: now)
        pull = try await begin(.full)
        let second = try await write(
            [#"{"id":1,"v":1}"#, #"{"id":2,"v":2}"#, #"{"id":3,"v":1}"#, #"{"id":4}"#, #"{"id":4,"v":9}"#],
            into: &pull,
            run: "run-2")
        #expect(second.fetched == 5)
        #expect(second.unchanged == 1)
        #expect(second.updated == 1)
        #expect(second.restored == 1)
        #expect(second.inserted == 1)
        #expect(second.duplicate == 1)
        #expect(
            try rows("SELECT id, change, changed_run, payload->>'v' FROM sample_items ORDER BY id") == [
                ["1", "inserted", "run-1", "1"], ["2", "updated", "run-2", "2"],
                ["3", "restored", "run-2", "1"],
                ["4", "inserted", "run-2", "9"],
            ])
    }

    @Test func `the row that only joins two pages is not counted`() async throws {
        var pull = try await begin(.full)
        _ = try await write([#"{"id":1}"#, #"{"id":2}"#], into: &pull)
        let counts = try await write([#"{"id":2,"late":true}"#, #"{"id":3}"#], into: &pull, skipping: 0)
        #expect(counts.fetched == 1 && counts.inserted == 1)
        #expect(pull.checkpoint?.distinct == 3)
    }

    @Test func `another connection's rows are its own`() async throws {
        var pull = try await begin(.full)
        _ = try await write([#"{"id":1}"#], into: &pull)
        let outcome = try await mirror.write(
            Sample.page(["1"]), of: resource, on: platform, connection: "other",
            into: mirror.beginPull(
                connection: "other", resource: "items", kind: .full, window: "", since: nil, settings: "s",
                run: "run-1",
                now: now),
            next: nil, skipping: nil, run: "run-1", now: now)
        #expect(outcome.counts.inserted == 1)
        #expect(
            try rows("SELECT connection, id FROM sample_items ORDER BY 1") == [
                ["main", "1"], ["other", "1"],
            ])
        #expect(try await mirror.unseen(by: pull, of: resource, on: platform, connection: "main").live == 1)
    }

    // MARK: Checkpoints

    @Test func `an open pull is found again with everything that it has seen`() async throws {
        var pull = try await begin(.full)
        _ = try await write([#"{"id":1,"at":"2026-01-02T00:00:00Z"}"#], into: &pull, next: "second")
        _ = try await write(
            [#"{"id":2,"at":"2026-01-01T00:00:00Z"}"#, #"{"id":1}"#], into: &pull, next: "third")
        await mirror.close()
        let reopened = try MirrorStore(path: folder.file("mirror.db"))
        let found = try await reopened.openPull(
            connection: "main", resource: "items", kind: .full, window: "")
        #expect(found?.checkpoint?.page == 2)
        #expect(found?.checkpoint?.next == "third")
        #expect(found?.checkpoint?.high?.text == "2026-01-02T00:00:00Z")
        #expect(found?.checkpoint?.fetched == 3)
        #expect(found?.checkpoint?.distinct == 2)
        #expect(found?.settings == "s")
        let pulled = try #require(found)
        #expect(
            try await reopened.unseen(by: pulled, of: resource, on: platform, connection: "main").rows.isEmpty
        )
    }

    @Test func `pulls of every kind and window are open side by side`() async throws {
        var full = try await begin(.full)
        var incremental = try await begin(.incremental)
        var first = try await begin(.backfill, window: "a..b")
        var second = try await begin(.backfill, window: "b..c")
        _ = try await write([#"{"id":1}"#], into: &full, next: "full")
        _ = try await write([#"{"id":1}"#], into: &incremental, next: "incremental")
        _ = try await write([#"{"id":1}"#], into: &first, next: "first")
        _ = try await write([#"{"id":1}"#], into: &second, next: "second")
        #expect(try await open(.full)?.checkpoint?.next == "full")
        #expect(try await open(.incremental)?.checkpoint?.next == "incremental")
        #expect(try await open(.backfill, window: "a..b")?.checkpoint?.next == "first")
        #expect(try await open(.backfill, window: "b..c")?.checkpoint?.next == "second")
        #expect(try await open(.backfill, window: "x") == nil)
    }

    @Test func `beginning again abandons the pull of the same kind and window`() async throws {
        var old = try await begin(.full)
        _ = try await write([#"{"id":1}"#], into: &old, next: "old")
        let new = try await begin(.full, settings: "t")
        #expect(new.number != old.number || new.checkpoint == nil)
        #expect(try await open(.full)?.checkpoint == nil)
        #expect(try await open(.full)?.settings == "t")
        #expect(try rows("SELECT count(*) FROM pull_pages") == [["0"]])
        #expect(
            try await mirror.unseen(by: new, of: resource, on: platform, connection: "main").rows.map(\.id)
                == ["1"])
    }

    @Test func `a finished full pull leaves nothing open, and settles`() async throws {
        var full = try await begin(.full)
        var incremental = try await begin(.incremental)
        _ = try await write([#"{"id":1}"#], into: &full)
        _ = try await write([#"{"id":1}"#], into: &incremental, next: "more")
        try await mirror.finish(
            full, Settlement(cursor: now, gone: [], isFull: true), of: resource, on: platform,
            connection: "main",
            run: "run-1", now: now.adding(seconds: 60))
        #expect(try await open(.full) == nil)
        #expect(try await open(.incremental) == nil)
        let state = try await mirror.state(connection: "main", resource: "items")
        #expect(state?.cursor == now)
        #expect(state?.lastFullAt == now)
        #expect(state?.lastSuccessAt == now.adding(seconds: 60))
    }

    @Test func `a cursor never goes back, and a backfill never moves it`() async throws {
        for (kind, cursor, expected) in [
            (Pull.Kind.full, Int64(0), Int64(0)), (.incremental, 100, 100), (.incremental, 50, 100),
            (.backfill, 500, 100),
        ] {
            var pull = try await begin(kind)
            _ = try await write([#"{"id":1}"#], into: &pull)
            try await mirror.finish(
                pull, Settlement(cursor: now.adding(seconds: cursor), gone: [], isFull: kind == .full),
                of: resource,
                on: platform, connection: "main", run: "run-1", now: now)
            let state = try await mirror.state(connection: "main", resource: "items")
            #expect(state?.cursor == now.adding(seconds: expected))
        }
    }

    @Test func `a page that fails leaves neither rows nor a checkpoint`() async throws {
        var pull = try await begin(.full)
        _ = try await write([#"{"id":1}"#], into: &pull, next: "second")
        let stale = pull
        _ = try await write([#"{"id":2}"#], into: &pull, next: "third")
        // The same page number once more breaks the checkpoint's key, after the rows were written.
        var again = stale
        await #expect(throws: Problem.self) { _ = try await write([#"{"id":3}"#], into: &again, next: "x") }
        #expect(try rows("SELECT id FROM sample_items ORDER BY id") == [["1"], ["2"]])
        #expect(try await open(.full)?.checkpoint?.next == "third")
    }

    // MARK: Runs

    @Test func `a run's id grows, and a killed run is closed`() async throws {
        let first = try await mirror.beginRun(mode: "incremental", now: now, suffix: "0001")
        let second = try await mirror.beginRun(mode: "full", now: now.adding(seconds: -3600), suffix: "0000")
        #expect(first == "20261120T030000Z-0001")
        #expect(second == "20261120T030001Z-0000")
        try await mirror.finishRun(
            second, status: "succeeded", exitCode: 0, report: "{}", keep: 500, now: now)
        #expect(
            try rows("SELECT run_id, mode, status, exit_code, report FROM runs ORDER BY run_id") == [
                [first, "incremental", "interrupted", nil, nil], [second, "full", "succeeded", "0", "{}"],
            ])
    }

    @Test func `a killed run ended when it was last heard of`() async throws {
        var runs: [String] = []
        for (index, seconds) in [Int64(700), -700, 7000].enumerated() {
            let begun = now.adding(seconds: Int64(index) * 3600)
            let sign = runs.last.map { LastSign(run: $0, at: begun.adding(seconds: seconds - 3600)) }
            runs.append(
                try await mirror.beginRun(mode: "full", now: begun, suffix: "0000", lastSign: sign))
        }
        let other = LastSign(run: runs[0], at: now.adding(seconds: 7300))
        _ = try await mirror.beginRun(
            mode: "full", now: now.adding(seconds: 10_800), suffix: "0000", lastSign: other)
        // One from before its start, one from after the next run's start, and one of another run.
        #expect(
            try rows("SELECT started_at, finished_at FROM runs WHERE finished_at NOT NULL ORDER BY run_id")
                == [
                    ["2026-11-20T03:00:00Z", "2026-11-20T03:00:00Z"],
                    ["2026-11-20T04:00:00Z", "2026-11-20T05:00:00Z"],
                    ["2026-11-20T05:00:00Z", "2026-11-20T05:00:00Z"],
                ])
    }

    @Test func `a dry run counts and keeps nothing`() async throws {
        var pull = try await begin(.full)
        _ = try await write([#"{"id":1,"v":1}"#], into: &pull)
        await mirror.close()
        let dry = try MirrorStore(path: folder.file("mirror.db"), isDryRun: true)
        try await dry.prepare(resource, on: platform)
        let trial = try await dry.beginPull(
            connection: "main", resource: "items", kind: .full, window: "", since: nil, settings: "s",
            run: "run-2", now: now)
        let outcome = try await dry.write(
            Sample.page(records: [#"{"id":1,"v":2}"#, #"{"id":2}"#]), of: resource, on: platform,
            connection: "main",
            into: trial, next: nil, skipping: nil, run: "run-2", now: now)
        #expect(outcome.counts.updated == 1 && outcome.counts.inserted == 1)
        await dry.close()
        #expect(try rows("SELECT id, payload->>'v' FROM sample_items") == [["1", "1"]])
    }

    // MARK: Views

    @Test(arguments: [
        ("1.10", "1.10"), ("\"1.10\"", "1.10"), ("18446744073709551617", "18446744073709551617"),
        ("1e3", "1e3"),
        ("-0.0", "-0.0"), ("null", nil), ("\"\"", ""),
    ])
    func `an exact column shows every digit as text`(written: String, shown: String?) async throws {
        let platform = Sample.platform(columns: [.exact("amount"), .exact("inner", at: "deep.amount")])
        try await mirror.prepare(platform.resources[0], on: platform)
        var pull = try await begin(.full)
        _ = try await write([#"{"id":1,"amount":\#(written),"deep":{"amount":\#(written)}}"#], into: &pull)
        #expect(try rows("SELECT amount, \"inner\" FROM sample_items") == [[shown, shown]])
    }

    @Test func `a column that clashes with ours gets the resource in front`() async throws {
        let platform = Sample.platform(columns: [.text("payload"), .text("change"), .text("deleted_at")])
        try await mirror.prepare(platform.resources[0], on: platform)
        var pull = try await begin(.full)
        _ = try await write([#"{"id":1,"payload":"p","change":"c","deleted_at":"d"}"#], into: &pull)
        #expect(
            try rows(
                "SELECT item_payload, item_change, item_deleted_at, change, deleted_at FROM sample_items")
                == [["p", "c", "d", "inserted", nil]])
    }

    @Test func `a view follows its declaration`() async throws {
        for columns in [[Column.text("a")], [.text("a"), .integer("b")], [.integer("b")]] {
            let platform = Sample.platform(columns: columns)
            try await mirror.prepare(platform.resources[0], on: platform)
            let names = try rows("SELECT name FROM pragma_table_info('sample_items')").compactMap { $0[0] }
            #expect(Set(names).isSuperset(of: columns.map(\.name)))
        }
        #expect(throws: SQLiteError.self) { try rows("SELECT a FROM sample_items") }
    }
}
