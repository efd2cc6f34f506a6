import Foundation
import JSON
import Testing

/// What a run says: its report, stdout and stderr.
@Suite(.timeLimit(.minutes(10)))
struct RunOutputTests {
    let sandbox: SandboxServer
    let work: Workplace

    init() async throws {
        sandbox = try await SandboxServer()
        work = try Workplace(sandbox)
    }

    // MARK: Silence

    @Test func `a run that succeeds says nothing without a terminal`() async throws {
        try work.configure(work.shopline(resources: "store orders"), work.nextEngine())
        for arguments in [[], ["--full"], ["--dry-run"]] {
            let outcome = try await work.run(["sync", "-c", work.path("config.toml")] + arguments)
            #expect(outcome.exitCode == 0)
            #expect(outcome.stdout == "")
            #expect(outcome.stderr == "")
        }
    }

    @Test func `a problem is one block: what, where, what to do`() async throws {
        try work.configure(work.shopline(resources: "store orders"))
        try sandbox.fault("not-permitted", at: "/orders.json", "\"times\":99")
        let outcome = try await work.sync()
        #expect(outcome.stdout == "")
        let lines = outcome.stderr.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 3)
        #expect(
            lines.first?.hasPrefix(
                "error [taipei/orders] not_permitted: 127.0.0.1 answered orders with HTTP 403") == true)
        #expect(lines[1].hasPrefix("  next: Grant the app the permission for 'orders'"))
    }

    @Test func `--log-format json writes one object a line with stable keys`() async throws {
        try work.configure(work.shopline(resources: "store orders"))
        try sandbox.fault("not-permitted", at: "/orders.json", "\"times\":99")
        let outcome = try await work.sync("--log-format", "json", "-vv")
        let lines = try outcome.stderr.split(separator: "\n").map { try JSONValue.parse(Array($0.utf8)) }
        #expect(lines.count > 3)
        for line in lines {
            let keys = line.objectValue?.map(\.key).prefix(5)
            #expect(keys == ["at", "level", "message", "connection", "resource"])
        }
        let error = lines.last { $0["level"]?.stringValue == "error" }
        #expect(error?["code"]?.stringValue == "not_permitted")
        #expect(error?["next_step"]?.stringValue?.isEmpty == false)
        #expect(error?["connection"]?.stringValue == "taipei")
        #expect(error?["resource"]?.stringValue == "orders")
    }

    @Test func `-vv shows requests as host and path, never more`() async throws {
        try work.configure(work.shopline(resources: "orders"))
        let outcome = try await work.sync("-vv")
        #expect(outcome.stderr.contains("/orders.json"))
        #expect(!outcome.stderr.contains("limit="))
        #expect(!outcome.stderr.contains("Bearer"))
    }

    @Test func `--quiet leaves warnings out and errors in`() async throws {
        try work.configure(work.shopline(resources: "locations orders"))
        try sandbox.answer("/locations/list.json", with: #"{"locations":[{"id":1},{"id":1}]}"#)
        try sandbox.fault("not-permitted", at: "/orders.json", "\"times\":99")
        let outcome = try await work.sync("-q")
        #expect(!outcome.stderr.contains("duplicate_key"))
        #expect(outcome.stderr.contains("error [taipei/orders] not_permitted"))
        #expect(try work.latestReport().warnings == ["duplicate_key"])
    }

    @Test func `--progress always draws lines and a table without a terminal`() async throws {
        try work.configure(work.shopline(resources: "store orders"))
        let outcome = try await work.sync("--progress", "always")
        #expect(outcome.exitCode == 0)
        #expect(outcome.stdout == "")
        let table = outcome.stderr.split(separator: "\n")
        #expect(table.contains { $0.contains("connection  resource") && $0.contains("status") })
        #expect(table.contains { $0.contains("taipei") && $0.contains("orders") && $0.contains("250") })
        #expect(table.last?.contains("succeeded: run ") == true)
    }

    // MARK: Files

    @Test func `--report - writes the report to stdout, like the files and the runs row`() async throws {
        try work.configure(work.shopline(resources: "store orders"), work.nextEngine())
        let outcome = try await work.sync("--report", "-")
        let report = try Report(outcome.stdout)
        let id = report.runID ?? ""
        #expect(outcome.stderr == "")
        #expect(try work.bytes("data/reports/\(id).json") == Data(outcome.stdout.utf8))
        #expect(try work.bytes("data/reports/latest.json") == Data(outcome.stdout.utf8))
        #expect(try work.mirror.text("SELECT report FROM runs WHERE run_id='\(id)'") == outcome.stdout)
        #expect(
            try work.mirror.rows("SELECT run_id, started_at, finished_at, mode, status, exit_code FROM runs")
                == [
                    [
                        id, report.json["started_at"]?.stringValue, report.json["finished_at"]?.stringValue,
                        "incremental", "succeeded", "0",
                    ]
                ])
    }

    @Test func `--report FILE writes a copy there`() async throws {
        try work.configure(work.shopline(resources: "store"))
        #expect(try await work.sync("--report", "copy.json").exitCode == 0)
        #expect(try work.bytes("copy.json") == work.bytes("data/reports/latest.json"))
    }

    @Test func `the newest keep_reports are kept, in the folder and in the mirror`() async throws {
        try work.configure(work.shopline(resources: "store"), storage: "keep_reports = 3")
        try work.write("{}", to: "data/reports/notes.json")
        for hour in 1...5 { try await work.sync(hooks: "clock=\(hour * 3600)") }
        let ids = try work.mirror.texts("SELECT run_id FROM runs ORDER BY run_id").compactMap { $0 }
        #expect(ids.count == 5)
        #expect(work.reports == ids.suffix(3).map { "\($0).json" } + ["notes.json"])
        #expect(
            try work.mirror.texts("SELECT run_id FROM runs WHERE report IS NOT NULL ORDER BY run_id")
                == ids.suffix(3).map { $0 })
        #expect(try work.latestReport().runID == ids.last)
    }

    @Test func `keep_reports 0 keeps all`() async throws {
        try work.configure(work.shopline(resources: "store"), storage: "keep_reports = 0")
        for hour in 1...4 { try await work.sync(hooks: "clock=\(hour * 3600)") }
        #expect(work.reports.count == 4)
        #expect(try work.mirror.count("SELECT count(*) FROM runs WHERE report IS NOT NULL") == 4)
    }

    @Test func `no temporary file stays behind`() async throws {
        try work.configure(work.shopline(resources: "store"))
        try await work.sync()
        #expect(try Files.all(in: work.path("data")).keys.filter { $0.contains("tmp") }.isEmpty)
    }

    // MARK: Content

    @Test func `counts add up in every part of a report`() async throws {
        try work.configure(
            work.shopline(resources: "store locations products orders"),
            work.nextEngine(resources: "shops goods"))
        try await work.sync()
        try sandbox.control(
            #"{"op":"edit","resource":"shopline.orders","account":"open001","changes":{"delete":9,"insert":4,"update":11}}"#
        )
        try await work.sync("--full")
        let report = try work.latestReport()
        let names = ["fetched", "inserted", "updated", "unchanged", "restored", "duplicate", "deleted"]
        let connections = report.json["connections"]?.arrayValue ?? []
        let resources = connections.flatMap { $0["resources"]?.arrayValue ?? [] }
        for name in names {
            #expect(
                report.total(name) == resources.reduce(0) { $0 + ($1["records"]?[name]?.int64Value ?? -1) })
        }
        for resource in resources {
            func count(_ name: String) -> Int64 { resource["records"]?[name]?.int64Value ?? -1 }
            let parts = ["inserted", "updated", "unchanged", "restored", "duplicate"]
            #expect(count("fetched") == parts.reduce(0) { $0 + count($1) })
        }
        #expect(report.total("deleted") == 9)
        for name in ["requests", "retries", "throttled", "errors", "bytes_received"] {
            let sum = connections.reduce(Int64(0)) { $0 + ($1["http"]?[name]?.int64Value ?? -1) }
            #expect(report.json["totals"]?["http"]?[name]?.int64Value == sum)
        }
        let stored = try work.mirror.count("SELECT count(*) FROM runs")
        #expect(stored == 2)
        #expect(report.json["totals"]?["connections"]?.int64Value == 2)
        #expect(report.json["totals"]?["connections_succeeded"]?.int64Value == 2)
        #expect(report.json["totals"]?["resources"]?.int64Value == 6)
    }

    @Test func `requests and bytes are what the platform saw`() async throws {
        try work.configure(work.shopline(resources: "store orders products"))
        try sandbox.fault("status", at: "/orders.json", #""status":503,"times":2"#)
        try await work.sync()
        let http = try work.latestReport().json["totals"]?["http"]
        #expect(http?["requests"]?.int64Value == (try sandbox.requestCount))
        #expect(http?["retries"]?.int64Value == 2)
        #expect(http?["errors"]?.int64Value == 2)
        #expect(http?["bytes_received"]?.int64Value ?? 0 > 100_000)
        let latency = http?["latency_ms"]
        #expect(latency?["p50"]?.doubleValue ?? 0 > 0)
        #expect(latency?["max"]?.doubleValue ?? 0 >= latency?["p95"]?.doubleValue ?? 1)
    }

    @Test func `the config is named with its digest`() async throws {
        try work.configure(work.shopline(resources: "store"))
        try await work.sync()
        let config = try work.latestReport().json["config"]
        #expect(config?["path"]?.stringValue == work.path("config.toml"))
        #expect(config?["sha256"]?.stringValue?.count == 64)
    }

    // MARK: The schema

    @Test func `every kind of report is as the schema wants it`() async throws {
        let schema = try await ReportSchema.shared()
        try work.configure(
            work.shopline("taipei", resources: "store orders", "[connections.taipei.orders]\nlimit = 50"),
            work.nextEngine())
        var reports: [String: String] = [:]
        func keep(_ name: String, _ arguments: String..., hooks: String = "") async throws {
            let line = ["sync", "-c", work.path("config.toml"), "--report", "-"] + arguments
            reports[name] = try await work.run(line, hooks: hooks).stdout
        }
        try await keep("first")
        try await keep("dry", "--dry-run", "--full")
        try await keep("window", "--since", "30d", "--shard", "1/1")
        try await keep("budget", "--full", "--max-requests", "4")
        let held = try await work.startSync("--full", stoppingAt: "before-page-commit:1")
        try await keep("locked")
        #expect(try await held.goOn(15).exitCode == 143)
        reports["interrupted"] = String(decoding: try work.bytes("data/reports/latest.json"), as: UTF8.self)
        try sandbox.control(#"{"op":"expire-refresh","platform":"next-engine","account":"1"}"#)
        try sandbox.fault("not-permitted", at: "/orders.json", "\"times\":99")
        try await keep("refused")
        try work.configure(work.shopline("tokyo", resources: "order"))
        try await keep("config")
        try await keep("usage", "--connection", "nobody")
        for (name, text) in reports {
            let problems = try schema.problems(of: JSONValue.parse(Array(text.utf8)))
            #expect(problems.isEmpty, "\(name)")
        }
        #expect(reports.count == 9)
    }

    @Test func `the check itself notices what is wrong`() async throws {
        let schema = try await ReportSchema.shared()
        try work.configure(work.shopline(resources: "store"))
        let text = try await work.sync("--report", "-").stdout
        for (from, to) in [
            ("\"status\": \"succeeded\"", "\"status\": \"fine\""),
            ("\"exit_code\": 0", "\"exit_code\": \"0\""),
            ("\"host\"", "\"hots\""), ("\"requests\": ", "\"requests\": -"), ("Z\"", "\""),
        ] {
            #expect(text.contains(from), "\(from)")
            let spoilt = text.replacing(from, with: to)
            #expect(try !schema.problems(of: JSONValue.parse(Array(spoilt.utf8))).isEmpty, "\(from)")
        }
    }
}
