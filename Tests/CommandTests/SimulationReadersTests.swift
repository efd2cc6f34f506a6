import Foundation
import Glibc
import JSON
import SQLite
import Testing

/// Whoever reads the mirror while runs come and go sees whole pages, and is never locked out.
@Suite(.timeLimit(.minutes(10)))
struct SimulationReadersTests {
    @Test func `readers see whole pages and no lock while a run writes`() async throws {
        let sandbox = try await SandboxServer(["--scale", "600"])
        let work = try Workplace(sandbox)
        try work.configure(
            work.shopline(
                resources: "orders", "requests_per_second = 0\n[connections.taipei.orders]\nlimit = 10"))
        try await work.sync("--max-requests", "3")
        let stops = [2, 5, 9, 20].map { "before-page-commit:\($0)" }.joined(separator: ",stop=")
        let run = try await work.startSync(stoppingAt: stops)
        // Every stop is in the middle of a page's transaction.
        var seen = [try work.mirror.count("SELECT count(*) FROM shopline_orders")]
        for _ in 1...3 {
            run.process.send(SIGCONT)
            #expect(await run.process.next() == .stopped)
            seen.append(try work.mirror.count("SELECT count(*) FROM shopline_orders"))
        }
        #expect(try await run.goOn().exitCode == 0)
        seen.append(try work.mirror.count("SELECT count(*) FROM shopline_orders"))
        #expect(Set(seen).count == 5 && seen == seen.sorted() && seen.last == 600)
        // The two passes end with a short page each.
        let short = seen.filter { $0 % 10 != 0 }
        let open =
            try work.mirror.count("SELECT count(*) FROM shopline_orders WHERE payload->>'$.hidden_order' = 0")
            % 10
        #expect(short.allSatisfy { $0 % 10 == open || $0 == 600 }, "\(short)")
    }

    @Test func `a long read holds the log back, and nothing else`() async throws {
        let sandbox = try await SandboxServer()
        let work = try Workplace(sandbox)
        try work.configure(work.shopline(resources: "products orders"))
        try await work.sync()
        let reader = try Database(path: work.path("data/mirror.db"), access: .readOnly)
        try reader.execute("BEGIN")
        let before = try reader.integer("SELECT count(*) FROM shopline_orders")
        try sandbox.control(
            #"{"op":"clock","advance_seconds":60}"#,
            #"{"op":"edit","resource":"shopline.orders","account":"open001","changes":{"insert":20,"update":30}}"#
        )
        let outcome = try await work.sync()
        #expect(outcome.exitCode == 0, "\(outcome.stderr)")
        #expect(try work.latestReport().warnings.contains("checkpoint_held"))
        #expect(try reader.integer("SELECT count(*) FROM shopline_orders") == before)
        try reader.execute("COMMIT")
        reader.close()
        #expect(try await work.sync().exitCode == 0)
        #expect(try !work.latestReport().warnings.contains("checkpoint_held"))
        #expect(try work.bytes("data/mirror.db-wal").isEmpty)
        #expect(try work.mirror.count("SELECT count(*) FROM shopline_orders") == Int(before ?? 0) + 20)
    }

    @Test func `two runs with a vault in common spend no token twice`() async throws {
        let sandbox = try await SandboxServer(["--latency-ms", "1"])
        let works = try [Workplace(sandbox), Workplace(sandbox)]
        for work in works {
            try work.configure(
                work.nextEngine(resources: "shops goods", "[connections.tokyo.goods]\nlimit = 20"),
                work.shopline(),
                storage: "vault = \"\(works[0].path("private/vault.db"))\"")
        }
        try sandbox.control(#"{"op":"expire-access","platform":"next-engine","account":"1"}"#)
        let runs = try works.map {
            try $0.start(["sync", "-c", $0.path("config.toml")], environment: ["SHOPMIRROR_TEST": "clock=0"])
        }
        for run in runs {
            let outcome = try await run.outcome()
            #expect(outcome.exitCode == 0, "\(outcome.stderr)")
        }
        #expect(try sandbox.account("NE0000042", of: "next-engine")["double_spends"]?.int64Value == 0)
        #expect(
            try works[0].mirror.count("SELECT count(*) FROM next_engine_goods")
                == works[1].mirror.count("SELECT count(*) FROM next_engine_goods"))
    }

    @Test func `a clock that steps back an hour loses nothing`() async throws {
        let sandbox = try await SandboxServer()
        let work = try Workplace(sandbox)
        try work.configure(work.shopline(resources: "orders", "[connections.taipei.orders]\nlimit = 20"))
        try await work.sync("--max-requests", "5")
        try await work.sync(hooks: "clock=-3600")
        try sandbox.control(
            #"{"op":"clock","advance_seconds":60}"#,
            #"{"op":"edit","resource":"shopline.orders","account":"open001","changes":{"insert":7,"update":9}}"#
        )
        try await work.sync(hooks: "clock=-3600")
        #expect(try work.latestReport().total("inserted") == 7)
        #expect(try work.latestReport().total("updated") == 9)
        let runs = try work.mirror.texts("SELECT run_id FROM runs")
        #expect(Set(runs).count == 3)
    }

    @Test(arguments: [-3600, 3600])
    func `a clock that steps in the middle of a run loses and deletes nothing`(seconds: Int) async throws {
        let sandbox = try await SandboxServer()
        let work = try Workplace(sandbox)
        try work.configure(work.shopline(resources: "orders", "[connections.taipei.orders]\nlimit = 20"))
        var runs: [String] = []
        func run(_ more: String..., hooks: String, inserted: Int64) async throws {
            let outcome = try await work.run(["sync", "-c", work.path("config.toml")] + more, hooks: hooks)
            #expect(outcome.exitCode == 0, "\(outcome.stderr)")
            let report = try work.latestReport()
            runs.append(report.runID ?? "")
            #expect(report.total("inserted") == inserted && report.total("deleted") == 0, "\(hooks)")
            // Whatever our clock says, the platform's own times and its start bound the cursor.
            let newest = "(SELECT max(updated_at) FROM shopline_orders)"
            #expect(try work.mirror.count("SELECT count(*) FROM sync_state WHERE cursor > \(newest)") == 0)
        }
        func edit() throws {
            try sandbox.control(
                #"{"op":"clock","advance_seconds":60}"#,
                #"{"op":"edit","resource":"shopline.orders","account":"open001","changes":{"insert":7,"update":9}}"#
            )
        }
        try await run(hooks: "step=after-page-commit:4:\(seconds)", inserted: 250)
        try edit()
        try await run(hooks: "clock=\(seconds)", inserted: 7)
        #expect(try work.latestReport().total("updated") == 9)
        try edit()
        try await run(hooks: "clock=\(seconds),step=after-page-commit:1:\(-seconds)", inserted: 7)
        #expect(try work.latestReport().total("updated") == 9)
        try edit()
        try await run("--full", hooks: "step=after-receive:5:\(seconds)", inserted: 7)
        #expect(runs == runs.sorted() && Set(runs).count == 4, "\(runs)")
        #expect(try work.mirror.count("SELECT count(*) FROM shopline_orders WHERE deleted_at IS NULL") == 271)
        #expect(try work.mirror.count("SELECT count(*) FROM runs WHERE finished_at < started_at") == 0)
    }

    @Test func `no secret is in anything that a run leaves behind`() async throws {
        let sandbox = try await SandboxServer()
        let work = try Workplace(sandbox)
        try work.configure(
            work.shopline(resources: "store orders"), work.nextEngine(resources: "shops goods"),
            work.nextEngine("osaka", account: 2))
        try sandbox.control(
            #"{"op":"expire-access","platform":"next-engine","account":"1"}"#,
            #"{"op":"revoke","platform":"next-engine","account":"2"}"#)
        try sandbox.fault("html", at: "orders.json", #""times":1"#)
        try sandbox.answer(
            "api_v1_master_goods/search",
            with: #"{"result":"success","access_token":"NE-ACCESS-1","data":"NE-REFRESH-1 sandbox-secret"}"#,
            #""times":2"#)
        try await work.sync("-vv")
        try await work.sync("-vv", "--log-format", "json", "--dry-run")
        var secrets = Workplace.secrets.filter {
            !["SL_KEY", "NE_ID"].contains($0.key) && !$0.key.hasPrefix("NE_UID")
        }.map(\.value)
        secrets += try work.vault.texts(
            "SELECT access_token FROM tokens UNION SELECT refresh_token FROM tokens"
        ).compactMap { $0 }
        let files = FileManager.default.enumerator(atPath: work.folder)?.compactMap { $0 as? String } ?? []
        var searched = 0
        for file in files where !file.hasPrefix("private") {
            guard let data = try? work.bytes(file) else { continue }
            searched += 1
            for secret in secrets where secret.utf8.count > 6 {
                #expect(data.range(of: Data(secret.utf8)) == nil, "\(secret.prefix(6))... is in \(file)")
            }
        }
        #expect(searched > 8)
    }
}
