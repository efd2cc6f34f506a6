import SQLite
import SyncTestSupport
import Testing

@testable import Sync

struct ChangeFeedTests {
    let folder: TemporaryFolder
    let mirror: MirrorStore
    let platform: Platform
    let now = Timestamp("2026-11-20T03:00:00Z") ?? Timestamp(secondsSinceEpoch: 0)

    init() async throws {
        folder = try TemporaryFolder()
        platform = Sample.platform(columns: [.text("name"), .integer("count"), .boolean("on")])
        mirror = try MirrorStore(path: folder.file("mirror.db"))
        try await mirror.prepare(platform.resources[0], on: platform)
    }

    private var path: String { folder.file("mirror.db") }

    /// A run that stores these records.
    @discardableResult
    private func run(_ records: String..., suffix: String = "0000") async throws -> String {
        let run = try await mirror.beginRun(mode: "full", now: now, suffix: suffix)
        let pull = try await mirror.beginPull(
            connection: "main", resource: "items", kind: .full, window: "", since: nil, settings: "",
            run: run,
            now: now)
        _ = try await mirror.write(
            Sample.page(records: records), of: platform.resources[0], on: platform, connection: "main",
            into: pull,
            next: nil, skipping: nil, run: run, now: now)
        try await mirror.finishRun(run, status: "succeeded", exitCode: 0, report: "{}", keep: 0, now: now)
        return run
    }

    private func text(
        _ form: Export.Form, of feed: ChangeFeed, after last: SingerState = SingerState()
    ) throws -> String {
        var bytes: [UInt8] = []
        let tables = try feed.tables(of: [platform], named: [])
        _ = try Export(feed, tables, connections: [], after: last, as: form).run {
            bytes += $0
            return true
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `one state of the mirror is read, whatever is written meanwhile`() async throws {
        try await run(#"{"id":1,"name":"first"}"#)
        let feed = try ChangeFeed(path: path)
        try await run(#"{"id":1,"name":"second"}"#, #"{"id":2}"#)
        let text = try text(.ndjson, of: feed)
        #expect(text.contains(#""record":{"id":1,"name":"first"}}"#) && !text.contains("second"))
        #expect(text.split(separator: "\n").count == 1)
    }

    @Test(arguments: [true, false], [0, 2])
    func `a table is walked through its index of changes`(isIncremental: Bool, connections: Int) async throws
    {
        let database = try Database(path: path, access: .readOnly)
        defer { database.close() }
        let sql = ChangeFeed.sql(
            "sample_items", ["connection", "id", "payload"], isIncremental: isIncremental,
            connections: connections)
        let statement = try database.prepare("EXPLAIN QUERY PLAN " + sql)
        var plan: [String] = []
        while try statement.step() { plan.append(statement.text(at: 3) ?? "") }
        #expect(plan.count == 1)
        #expect(
            plan.first?.hasPrefix("SEARCH sample_items_data USING INDEX sample_items_feed") == true, "\(plan)"
        )
    }

    @Test func `csv quotes what needs it and tells an empty text from NULL`() async throws {
        try await run(
            #"{"id":1,"name":"a,b","count":5,"on":true}"#, #"{"id":2,"name":"say \"hi\"\r\n","count":"x"}"#,
            #"{"id":3,"name":""}"#)
        let text = try text(.csv, of: ChangeFeed(path: path))
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
        #expect(
            lines[0]
                == "connection,id,created_at,updated_at,name,count,on,first_seen_at,changed_at,changed_run,change,deleted_at,payload"
        )
        #expect(lines[1].hasPrefix("main,1,,,\"a,b\",5,1,2026-11-20T03:00:00Z,"))
        #expect(
            lines[1].hasSuffix(
                ",,\"{\"\"id\"\":1,\"\"name\"\":\"\"a,b\"\",\"\"count\"\":5,\"\"on\"\":true}\""))
        #expect(lines[2] == "main,2,,,\"say \"\"hi\"\"")
        #expect(lines[3].hasPrefix("\",x,,2026-"))
        #expect(lines[4].hasPrefix("main,3,,,\"\",,,2026-"))
        #expect(lines.count == 6 && lines[5].isEmpty)
    }

    @Test(arguments: [
        ("5", "5"), ("\"5\"", "5"), ("-40", "-40"), ("0", "0"), ("\"05\"", "null"), ("\"-\"", "null"),
        ("1.5", "null"), ("123456789012345678", "123456789012345678"), ("1234567890123456789", "null"),
        ("null", "null"), ("\"\"", "null"), ("\"5 \"", "null"),
    ])
    func `singer takes a number only where its digits are one`(value: String, shown: String) async throws {
        try await run(#"{"id":1,"count":\#(value)}"#)
        let text = try text(.singer, of: ChangeFeed(path: path))
        #expect(text.contains(",\"count\":\(shown),\"on\":null,"))
    }

    @Test func `control characters are escaped as JSON wants it`() async throws {
        try await run(#"{"id":"a\u0001\t\"\\é","name":"x"}"#)
        let text = try text(.ndjson, of: ChangeFeed(path: path))
        #expect(text.contains(#","id":"a\u0001\t\"\\é","change":"#))
    }

    @Test func `without a finished run there is nothing, and no state`() async throws {
        let feed = try ChangeFeed(path: path)
        #expect(feed.newest == nil)
        #expect(try text(.ndjson, of: feed) == "")
        #expect(try !text(.singer, of: feed).contains("STATE"))
    }

    @Test func `a program that keeps readers out is named as what it is`() async throws {
        try await run(#"{"id":1}"#)
        await mirror.close()
        let other = try Database(path: path)
        try other.execute("PRAGMA locking_mode=EXCLUSIVE; BEGIN IMMEDIATE; DELETE FROM pulls")
        let problem = #expect(throws: Problem.self) { try ChangeFeed(path: path, patience: 0) }
        #expect(problem?.code == .storageFailed)
        #expect(
            problem?.message
                == "Another program keeps every reader out of the mirror \(path), and did not end in time.")
        other.close()
        #expect(try ChangeFeed(path: path).newest != nil)
    }

    @Test func `another program's database and a newer mirror are refused`() async throws {
        await mirror.close()
        let file = try Database(path: path)
        try file.execute("PRAGMA user_version=99")
        let newer = #expect(throws: Problem.self) { try ChangeFeed(path: path) }
        #expect(newer?.message.contains("has schema 99, and this program knows") == true)
        try file.execute("PRAGMA application_id=7")
        let foreign = #expect(throws: Problem.self) { try ChangeFeed(path: path) }
        #expect(foreign?.message == "The file \(path) is a database, but no mirror of shopmirror.")
    }
}
