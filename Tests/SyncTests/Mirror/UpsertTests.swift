import JSON
import SQLite
import SyncTestSupport
import Testing

@testable import Sync

/// New records are inserted by one statement for as long as they are new; counts, rows and times must not tell.
struct UpsertTests {
    private let folder: TemporaryFolder
    private let mirror: MirrorStore
    private let platform = Sample.platform()
    private let now = Timestamp("2026-11-20T03:00:00Z") ?? Timestamp(secondsSinceEpoch: 0)

    init() async throws {
        folder = try TemporaryFolder()
        mirror = try MirrorStore(path: folder.file("mirror.db"))
        try await mirror.prepare(platform.resources[0], on: platform)
    }

    private func begin(_ connection: String) async throws -> Pull {
        try await mirror.beginPull(
            connection: connection, resource: "items", kind: .full, window: "", since: nil, settings: "s",
            run: "run-1", now: now)
    }

    private func write(
        _ records: [String], of connection: String = "main", into pull: Pull? = nil, skipping: Int? = nil
    ) async throws -> PageOutcome {
        var pull = pull
        if pull == nil { pull = try await begin(connection) }
        return try await mirror.write(
            Sample.page(records: records), of: platform.resources[0], on: platform, connection: connection,
            into: #require(pull), next: nil, skipping: skipping, run: "run-1", now: now)
    }

    private func rows() throws -> [[String?]] {
        let database = try Database(path: folder.file("mirror.db"), access: .readOnly)
        defer { database.close() }
        let statement = try database.prepare(
            "SELECT id, change, created_at, updated_at, payload->>'v' FROM sample_items ORDER BY length(id), id"
        )
        var rows: [[String?]] = []
        while try statement.step() { rows.append((0..<5).map { statement.text(at: $0) }) }
        return rows
    }

    @Test func `every mix of new and known records is counted as one by one`() async throws {
        // Known are the records whose bit is set; of them every second one has changed.
        for pattern in 0..<64 {
            let known = (0..<6).filter { pattern & (1 << $0) != 0 }
            let first = try await write(known.map { #"{"id":"\#(pattern)-\#($0)","v":\#($0)}"# })
            #expect(first.counts.inserted == known.count)
            let changed = Set(known.enumerated().filter { $0.offset % 2 == 1 }.map(\.element))
            let outcome = try await write(
                (0..<6).map { #"{"id":"\#(pattern)-\#($0)","v":\#(changed.contains($0) ? 9 : $0)}"# })
            #expect(outcome.counts.fetched == 6)
            #expect(outcome.counts.inserted == 6 - known.count, "\(pattern)")
            #expect(outcome.counts.updated == changed.count, "\(pattern)")
            #expect(outcome.counts.unchanged == known.count - changed.count, "\(pattern)")
            #expect(outcome.checkpoint.distinct == 6, "\(pattern)")
        }
        #expect(try rows().count == 64 * 6)
    }

    @Test func `in whatever order known records come, each is compared with its own row`() async throws {
        func record(_ id: Int, _ value: Int) -> String { #"{"id":"\#(id)","v":\#(value)}"# }
        func orders(of ids: [Int]) -> [[Int]] {
            guard ids.count > 1 else { return [ids] }
            return ids.flatMap { first in orders(of: ids.filter { $0 != first }).map { [first] + $0 } }
        }
        _ = try await write((0..<6).map { record($0, 0) })
        var values = [Int](repeating: 0, count: 6)
        for (round, order) in orders(of: Array(0..<5)).enumerated() {
            // One of them is left out now and then, and one after the other changes.
            let shown = order.filter { (round + $0) % 11 > 0 } + [5]
            let changed = shown.filter { (round * 7 + $0) % 5 == 0 }
            for id in changed { values[id] = round + 1 }
            let outcome = try await write(shown.map { record($0, values[$0]) })
            #expect(outcome.counts.updated == changed.count && outcome.counts.inserted == 0, "\(order)")
            #expect(outcome.checkpoint.distinct == shown.count, "\(order)")
            #expect(try rows().map { $0[4] } == values.map(String.init), "\(order)")
        }
    }

    @Test func `long runs of rows with gaps between them are compared row by row`() async throws {
        func record(_ id: Int, _ value: Int) -> String { #"{"id":"\#(id)","v":\#(value)}"# }
        // Every twelfth record came later, and so its row stands behind all the others.
        let late = (0..<60).filter { $0 % 12 == 11 }
        _ = try await write((0..<60).filter { $0 % 12 != 11 }.map { record($0, 0) })
        _ = try await write(late.map { record($0, 0) })
        let outcome = try await write((0..<61).map { record($0, $0 % 10 == 3 ? 1 : 0) })
        #expect(outcome.counts.updated == 6 && outcome.counts.unchanged == 54 && outcome.counts.inserted == 1)
        #expect(outcome.checkpoint.distinct == 61)
        #expect(try rows().map { $0[4] } == (0..<61).map { $0 % 10 == 3 ? "1" : "0" })
    }

    @Test func `the next row is found without an index, any other by its key`() throws {
        let database = try Database(path: folder.file("mirror.db"))
        defer { database.close() }
        try database.offerRows()
        func plan(_ sql: String) throws -> String? {
            let statement = try database.prepare("EXPLAIN QUERY PLAN \(sql)")
            var last: String?
            while try statement.step() { last = statement.text(at: 3) }
            return last
        }
        #expect(
            try plan(Upsert.Text("sample_items").succession)
                == "SEARCH d USING INTEGER PRIMARY KEY (rowid=?) LEFT-JOIN")
        #expect(
            try plan(Upsert.Text("sample_items").comparison)
                == "SEARCH d USING INDEX sqlite_autoindex_sample_items_data_1 (connection=? AND id=?) LEFT-JOIN"
        )
    }

    @Test func `a row of another connection is not taken for the next one`() async throws {
        func record(_ id: Int) -> String { #"{"id":"\#(id)","v":0}"# }
        _ = try await write([1, 2].map(record))
        _ = try await write([3, 4].map(record), of: "other")
        _ = try await write([5].map(record))
        let outcome = try await write((1...5).map(record))
        #expect(outcome.counts.unchanged == 3 && outcome.counts.inserted == 2)
        #expect(outcome.checkpoint.distinct == 5)
        #expect(try rows().map { $0[0] } == ["1", "2", "3", "3", "4", "4", "5"])
    }

    @Test func `whatever order the pages of a pull come in, each record is compared with its own row`()
        async throws
    {
        let count = 24
        func record(_ id: Int, _ value: Int) -> String { #"{"id":"\#(id)","v":\#(value)}"# }
        // Rows of two connections take turns, with the same ids; the last ones of the first one stand together.
        for ids in [0..<8, 8..<16] {
            for connection in ["main", "other"] {
                _ = try await write(ids.map { record($0, 0) }, of: connection)
            }
        }
        _ = try await write((16..<count).map { record($0, 0) })
        _ = try await write((16..<count).map { record($0, 0) }, of: "other")
        var values = ["main": [Int](repeating: 0, count: count), "other": [Int](repeating: 0, count: count)]
        for (round, step) in [1, 5, 7, 11, 13, 17, 19, 23].enumerated() {
            for size in [1, 2, 3, 8, 13] {
                for connection in ["main", "other"] {
                    let order = (0..<count).map { ($0 * step + round) % count }
                    let changed = order.filter { ($0 + round + size) % 6 == 0 }
                    for id in changed { values[connection]?[id] += 1 }
                    let kept = values[connection] ?? []
                    var pull = try await begin(connection)
                    var updated = 0
                    for start in stride(from: 0, to: count, by: size) {
                        let page = order[start..<min(start + size, count)].map { record($0, kept[$0]) }
                        let outcome = try await write(page, of: connection, into: pull)
                        updated += outcome.counts.updated
                        #expect(outcome.counts.inserted == 0)
                        pull.checkpoint = outcome.checkpoint
                    }
                    #expect(updated == changed.count && pull.checkpoint?.distinct == count)
                    #expect(try self.values(of: connection) == kept.map(String.init), "\(step) \(size)")
                }
            }
        }
    }

    @Test func `the next page is looked for behind rows that were there in order, and only behind them`()
        async throws
    {
        func following(_ pages: [[Int]]) async throws -> Int64? {
            var pull = try await begin("main")
            for page in pages {
                let records = page.map { #"{"id":"\#($0)","v":0}"# }
                pull.checkpoint = try await write(records, into: pull).checkpoint
            }
            return await mirror.following[pull.number]
        }
        #expect(try await following([[1, 2, 3], [4, 5, 6]]) == nil)
        #expect(try await following([[1, 2, 3]]) == 4)
        #expect(try await following([[1, 2, 3], [4, 5]]) == 6)
        #expect(try await following([[1, 2, 3], [5, 4]]) == nil)
        #expect(try await following([[1, 2, 3], [3]]) == nil)
        #expect(try await following([[1, 2, 3], []]) == nil)
        #expect(try await following([[4, 5, 6], [7, 8]]) == nil)
        let pull = try await begin("main")
        _ = try await write([#"{"id":"1"}"#, #"{"id":"2"}"#], into: pull)
        #expect(await mirror.following == [pull.number: 3])
        _ = try await begin("main")
        #expect(await mirror.following.isEmpty)
    }

    private func values(of connection: String) throws -> [String?] {
        try Sample.rows(
            "SELECT payload->>'v' FROM sample_items WHERE connection='\(connection)' ORDER BY length(id), id",
            in: folder.file("mirror.db")
        ).map { $0[0] }
    }

    @Test func `a row behind its forerunner that was marked as deleted comes back`() async throws {
        let records = (1...5).map { #"{"id":"\#($0)","v":0}"# }
        _ = try await write(records)
        try Database(path: folder.file("mirror.db")).execute(
            "UPDATE sample_items_data SET deleted_at='2026-01-01T00:00:00Z', change='deleted' WHERE id='4'")
        let outcome = try await write(records)
        #expect(outcome.counts.restored == 1 && outcome.counts.unchanged == 4)
        #expect(try rows().map { $0[1] } == ["inserted", "inserted", "inserted", "restored", "inserted"])
    }

    @Test func `what a record held before is overwritten in the file`() async throws {
        let resource = platform.resources[0]
        func record(_ id: Int, _ text: String) -> String { #"{"id":"\#(id)","v":"\#(text)"}"# }
        let filler = String(repeating: "x", count: 900)
        _ = try await write((0..<40).map { record($0, "before cleaning \(filler)") })
        try await mirror.clean(
            resource, on: platform, connection: "main", drop: [JSONPath("$.other")], run: "run-2", now: now)
        _ = try await write((0..<40).map { record($0, "after") })
        #expect(try await mirror.checkpoint())
        await mirror.close()
        let bytes = try #require(SystemFile.bytes(at: folder.file("mirror.db"), limit: 1 << 24))
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains("after") && !text.contains("before cleaning"))
    }

    @Test func `a record's own times and values go into its own row`() async throws {
        _ = try await write([#"{"id":"2","v":"old","at":"2026-01-02T00:00:00Z"}"#])
        let outcome = try await write([
            #"{"id":"1","v":"","made":"2025-01-01T01:00:00+01:00","at":"2026-01-01T00:00:00Z"}"#,
            #"{"id":"2","v":"new","made":"soon","at":"2026-01-03T00:00:00Z"}"#,
            #"{"id":"3","v":"c","made":"never"}"#,
            #"{"id":"4","v":"d","at":"2026-01-04T00:00:00Z"}"#,
        ])
        #expect(outcome.unreadableTimes == 2)
        #expect(outcome.checkpoint.high?.text == "2026-01-04T00:00:00Z")
        #expect(
            try rows() == [
                ["1", "inserted", "2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z", ""],
                ["2", "updated", nil, "2026-01-03T00:00:00Z", "new"],
                ["3", "inserted", nil, nil, "c"],
                ["4", "inserted", nil, "2026-01-04T00:00:00Z", "d"],
            ])
    }

    @Test func `a time of creation is kept, replaced and taken away with its record`() async throws {
        func made(_ time: String?, _ value: Int) async throws -> [String?]? {
            let member = time.map { #","made":"\#($0)""# } ?? ""
            _ = try await write([#"{"id":"1","v":\#(value)\#(member)}"#])
            return try rows().first
        }
        let noon = "2026-01-01T12:00:00Z"
        let evening = "2026-01-01T20:00:00Z"
        _ = try await made(noon, 1)
        try Database(path: folder.file("mirror.db")).execute(
            "CREATE INDEX made ON sample_items_data(created_at)")
        #expect(try await made(noon, 2) == ["1", "updated", noon, nil, "2"])
        #expect(try await made(evening, 2) == ["1", "updated", evening, nil, "2"])
        #expect(try await made(nil, 2) == ["1", "updated", nil, nil, "2"])
        #expect(try await made(nil, 3) == ["1", "updated", nil, nil, "3"])
        #expect(try await made(noon, 4) == ["1", "updated", noon, nil, "4"])
        let check = try Database(path: folder.file("mirror.db"), access: .readOnly)
        #expect(try check.text("PRAGMA integrity_check") == "ok")
        #expect(
            try check.text("SELECT id FROM sample_items_data INDEXED BY made WHERE created_at='\(noon)'")
                == "1")
    }

    @Test func `of a key that stands twice the last one counts, also among new records`() async throws {
        let outcome = try await write(
            [#"{"id":"1","v":1}"#, #"{"id":"2","v":1}"#, #"{"id":"1","v":2}"#, #"{"id":"3","v":1}"#],
            skipping: 3)
        #expect(outcome.counts.fetched == 3 && outcome.counts.duplicate == 1 && outcome.counts.inserted == 2)
        #expect(try rows().map { [$0[0], $0[4]] } == [["1", "2"], ["2", "1"]])
    }
}
