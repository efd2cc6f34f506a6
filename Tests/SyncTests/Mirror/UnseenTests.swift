import SQLite
import SyncTestSupport
import Testing

@testable import Sync

/// What a full pull has not seen is found, however the rows are numbered.
struct UnseenTests {
    private let folder: TemporaryFolder
    private let mirror: MirrorStore
    private let platform = Sample.platform()
    private let now = Timestamp("2026-11-20T03:00:00Z") ?? Timestamp(secondsSinceEpoch: 0)
    private let ids = (0..<130).map(String.init)

    init() async throws {
        folder = try TemporaryFolder()
        mirror = try MirrorStore(path: folder.file("mirror.db"))
        try await mirror.prepare(platform.resources[0], on: platform)
    }

    private func change(_ sql: String) throws { try Database(path: folder.file("mirror.db")).execute(sql) }

    private func pull(_ ids: [String], of connection: String = "main") async throws -> Pull {
        let pull = try await mirror.beginPull(
            connection: connection, resource: "items", kind: .full, window: "", since: nil, settings: "s",
            run: "run-1", now: now)
        _ = try await mirror.write(
            Sample.page(ids), of: platform.resources[0], on: platform, connection: connection, into: pull,
            next: nil, skipping: nil, run: "run-1", now: now)
        return pull
    }

    /// Ids that are not seen when only `shown` come, and how many rows are live.
    private func unseen(_ shown: [String]) async throws -> (ids: [String], live: Int) {
        let pull = try await pull(shown)
        let found = try await mirror.unseen(
            by: pull, of: platform.resources[0], on: platform, connection: "main")
        return (found.rows.map(\.id).sorted(), found.live)
    }

    @Test func `without a gap between the rows`() async throws {
        _ = try await pull(ids)
        #expect(try await unseen(ids) == ([], 130))
        for missing in ["0", "62", "63", "64", "128", "129"] {
            #expect(try await unseen(ids.filter { $0 != missing }) == ([missing], 130))
        }
        #expect(try await unseen(["7"]).ids.count == 129)
    }

    @Test func `with gaps, and rows of another connection in them`() async throws {
        _ = try await pull(Array(ids[..<50]))
        _ = try await pull(ids, of: "other")
        _ = try await pull(ids)
        try change("DELETE FROM sample_items_data WHERE connection='main' AND id='90'")
        let rest = ids.filter { $0 != "90" }
        #expect(try await unseen(rest) == ([], 129))
        #expect(try await unseen(rest.filter { $0 != "49" && $0 != "50" }) == (["49", "50"], 129))
    }

    @Test func `as many rows that were seen and have gone as rows that were not seen`() async throws {
        _ = try await pull(ids)
        let pull = try await pull(ids.filter { $0 != "5" })
        try change("DELETE FROM sample_items_data WHERE id='129'")
        let found = try await mirror.unseen(
            by: pull, of: platform.resources[0], on: platform, connection: "main")
        #expect(found.rows.map(\.id) == ["5"] && found.live == 129)
    }

    @Test func `rows marked as deleted are not missed once more`() async throws {
        _ = try await pull(ids)
        try change("UPDATE sample_items_data SET deleted_at='2026-01-01T00:00:00Z' WHERE id='7'")
        #expect(try await unseen(ids.filter { $0 != "7" }) == ([], 129))
        #expect(try await unseen([]).ids.count == 129)
    }

    @Test func `a mirror without rows misses none`() async throws {
        #expect(try await unseen([]) == ([], 0))
    }
}
