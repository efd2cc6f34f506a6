import Glibc
import JSON
import SQLite
import SyncTestSupport
import Testing

@testable import Sync

/// The log is copied beside the writer: it stays bounded, readers are never in the way, and nothing is lost.
struct LogCopierTests {
    private let folder: TemporaryFolder
    private let platform = Sample.platform()
    private let now = Timestamp("2026-11-20T03:00:00Z") ?? Timestamp(secondsSinceEpoch: 0)

    init() throws { folder = try TemporaryFolder() }

    private var path: String { folder.file("mirror.db") }

    private func store() async throws -> MirrorStore {
        let mirror = try MirrorStore(path: path)
        try await mirror.prepare(platform.resources[0], on: platform)
        return mirror
    }

    /// Writes pages of a hundred records of 8 KB each, about fifty pages of the log.
    private func write(_ pages: Range<Int>, to mirror: MirrorStore) async throws {
        let filler = String(repeating: "x", count: 8000)
        var pull = try await mirror.beginPull(
            connection: "main", resource: "items", kind: .incremental, window: "", since: nil, settings: "s",
            run: "run-1", now: now)
        for page in pages {
            let records = (0..<100).map { #"{"id":"\#(page)-\#($0)","text":"\#(filler)"}"# }
            let outcome = try await mirror.write(
                Sample.page(records: records), of: platform.resources[0], on: platform, connection: "main",
                into: pull, next: nil, skipping: nil, run: "run-1", now: now)
            pull.checkpoint = outcome.checkpoint
        }
    }

    private var logBytes: Int {
        var info = stat()
        return stat(path + "-wal", &info) == 0 ? Int(info.st_size) : -1
    }

    private func rows() throws -> Int64? {
        let database = try Database(path: path, access: .readOnly)
        #expect(try database.text("PRAGMA integrity_check") == "ok")
        return try database.integer("SELECT count(*) FROM sample_items")
    }

    @Test func `the log stays under 2 MiB where nothing changes`() async throws {
        let mirror = try await store()
        var pull = try await mirror.beginPull(
            connection: "main", resource: "items", kind: .full, window: "", since: nil, settings: "s",
            run: "run-1", now: now)
        var largest = 0
        for _ in 0..<1000 {
            let outcome = try await mirror.write(
                Sample.page(records: [#"{"id":"1"}"#]), of: platform.resources[0], on: platform,
                connection: "main", into: pull, next: nil, skipping: nil, run: "run-1", now: now)
            pull.checkpoint = outcome.checkpoint
            largest = max(largest, logBytes)
        }
        #expect(largest > 1 << 20 && largest < 2 << 20, "\(largest)")
        await mirror.close()
    }

    @Test func `the log stays under 2 MiB where nothing changes and no row stands behind the one before`()
        async throws
    {
        let records = (0..<15_000).map { #"{"id":"\#($0)"}"# }
        let next = String(repeating: "n", count: 700)
        var largest = 0
        for (step, kind) in [(1, Pull.Kind.incremental), (7919, .full)] {
            let mirror = try await store()
            var pull = try await mirror.beginPull(
                connection: "main", resource: "items", kind: kind, window: "", since: nil, settings: "s",
                run: "run-1", now: now)
            largest = 0
            for page in 0..<150 {
                let shown = (0..<100).map { records[(page * 100 + $0) * step % records.count] }
                let outcome = try await mirror.write(
                    Sample.page(records: shown), of: platform.resources[0], on: platform, connection: "main",
                    into: pull, next: next, skipping: nil, run: "run-1", now: now)
                #expect(outcome.counts.unchanged == (kind == .full ? 100 : 0))
                pull.checkpoint = outcome.checkpoint
                largest = max(largest, logBytes)
            }
            #expect(try await mirror.checkpoint())
            await mirror.close()
        }
        #expect(largest > 1 << 20 && largest < 2 << 20, "\(largest)")
    }

    @Test func `the log begins anew while much is written`() async throws {
        let mirror = try await store()
        try await write(0..<60, to: mirror)
        // 48 MB were written; the writer waits at 16 MiB, and a transaction more may follow.
        #expect(logBytes < 20 << 20)
        #expect(try rows() == 6000)
        #expect(try await mirror.checkpoint())
        #expect(logBytes == 0)
        await mirror.close()
        #expect(try rows() == 6000)
    }

    @Test func `a reader that stays holds nobody up, and the log is copied once it has gone`() async throws {
        let mirror = try await store()
        try await write(0..<1, to: mirror)
        let reader = try Database(path: path, access: .readOnly)
        try reader.execute("BEGIN")
        #expect(try reader.integer("SELECT count(*) FROM sample_items") == 100)
        try await write(1..<60, to: mirror)
        #expect(logBytes > 20 << 20)
        #expect(try reader.integer("SELECT count(*) FROM sample_items") == 100)
        #expect(try await !mirror.checkpoint())
        try reader.execute("COMMIT")
        #expect(try reader.integer("SELECT count(*) FROM sample_items") == 6000)
        #expect(try await mirror.checkpoint())
        #expect(logBytes == 0)
        await mirror.close()
    }

    @Test func `a store that is closed while it copies leaves a whole mirror and its log beside it`()
        async throws
    {
        let mirror = try await store()
        try await write(0..<4, to: mirror)
        await mirror.close()
        #expect(logBytes >= 0)
        #expect(try rows() == 400)
    }
}
