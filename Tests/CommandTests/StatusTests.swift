import JSON
import Testing

/// `shopmirror status` as a person and as a health check see it.
@Suite(.timeLimit(.minutes(10)))
struct StatusTests {
    private func status(_ work: Workplace, _ more: String..., hooks: String = "") async throws
        -> Workplace.Outcome
    {
        try await work.run(["status", "-c", work.path("config.toml")] + more, hooks: hooks)
    }

    private func parsed(_ outcome: Workplace.Outcome) throws -> JSONValue {
        try JSONValue.parse(Array(outcome.stdout.utf8))
    }

    @Test func `before the first run nothing is made and the code is 1`() async throws {
        let work = try Workplace()
        try work.configure(work.privateApp())
        let outcome = try await status(work)
        #expect(outcome.exitCode == 1)
        #expect(outcome.stdout.contains("No run yet"))
        #expect(outcome.stdout.contains("never"))
        #expect(!work.exists("data") && !work.exists("private"))
    }

    @Test func `after a good run the code is 0, and nothing on the disk has changed`() async throws {
        let work = try Workplace(try await SandboxServer())
        try work.configure(work.privateApp(resources: "locations orders"))
        #expect(try await work.sync().exitCode == 0)
        let mirror = try work.bytes("data/mirror.db")
        let outcome = try await status(work, "--json")
        #expect(outcome.exitCode == 0)
        let connection = try #require(parsed(outcome)["connections"]?[0])
        #expect(connection["state"]?.stringValue == "fine")
        let orders = try #require(connection["resources"]?[1])
        #expect(orders["freshness"]?.stringValue == "fresh")
        let rows = try work.mirror.count("SELECT count(*) FROM shopline_orders")
        #expect(orders["rows"]?.int64Value == Int64(rows))
        #expect(orders["changes_24h"]?["inserted"]?.int64Value == Int64(rows))
        #expect(try work.bytes("data/mirror.db") == mirror)
    }

    @Test func `a copy without its log is read, and stays alone`() async throws {
        let work = try Workplace(try await SandboxServer())
        try work.configure(work.privateApp(resources: "locations"))
        try await work.sync()
        #expect(unlinked(work.path("data/mirror.db-wal")) && unlinked(work.path("data/mirror.db-shm")))
        #expect(try await status(work).exitCode == 0)
        #expect(!work.exists("data/mirror.db-wal") && !work.exists("data/mirror.db-shm"))
    }

    @Test func `a table that is older than fresh_within is late`() async throws {
        let work = try Workplace(try await SandboxServer())
        let more = "fresh_within = \"1h\"\n[connections.taipei.locations]\nfresh_within = \"30h\""
        try work.configure(work.privateApp(resources: "locations orders", more))
        try await work.sync()
        #expect(try await status(work, hooks: "clock=3000").exitCode == 0)
        let late = try await status(work, "--json", hooks: "clock=4000")
        #expect(late.exitCode == 1)
        let connection = try #require(parsed(late)["connections"]?[0])
        #expect(connection["state"]?.stringValue == "late")
        #expect(connection["resources"]?[0]?["freshness"]?.stringValue == "fresh")
        #expect(connection["resources"]?[1]?["freshness"]?.stringValue == "late")
        let metrics = try await work.run(
            ["report", "prometheus", "-c", work.path("config.toml")], hooks: "clock=4000"
        ).stdout
        let labels = "connection=\"taipei\",table=\"shopline_orders\",verdict=\"late\""
        #expect(metrics.contains("shopmirror_table_freshness{\(labels)} 1\n"))
    }

    @Test func `without fresh_within the spacing of past runs decides`() async throws {
        let work = try Workplace(try await SandboxServer())
        try work.configure(work.privateApp(resources: "locations"))
        for hour in 0..<4 { try await work.sync(hooks: "clock=\(hour * 3600)") }
        let soon = try await status(work, "--json", hooks: "clock=\(4 * 3600)")
        #expect(soon.exitCode == 0)
        let spacing = try #require(parsed(soon)["connections"]?[0]?["spacing_seconds"]?.int64Value)
        #expect((3600...3800).contains(spacing))
        #expect(try await status(work, hooks: "clock=\(6 * 3600)").exitCode == 1)
    }

    @Test func `a connection that needs a person makes the code 3 and names the command`() async throws {
        let sandbox = try await SandboxServer()
        let work = try Workplace(sandbox)
        try work.configure(work.nextEngine(), work.privateApp(resources: "locations"))
        try sandbox.control(#"{"op":"revoke","platform":"next-engine","account":"NE0000042"}"#)
        #expect(try await work.sync().exitCode == 3)
        let outcome = try await status(work)
        #expect(outcome.exitCode == 3)
        #expect(outcome.stdout.contains("Run: shopmirror authorize tokyo"))
        #expect(try await status(work, "--connection", "taipei").exitCode == 0)
    }

    @Test func `changes are counted by kind for each connection of a table`() async throws {
        let sandbox = try await SandboxServer()
        let work = try Workplace(sandbox)
        try work.configure(
            work.privateApp(resources: "products"), work.privateApp("kyoto", store: 2, resources: "products"))
        #expect(try await work.sync(hooks: "clock=0").exitCode == 0)
        for (store, changes) in [(1, #"{"delete":2,"update":3}"#), (2, #"{"update":1,"insert":4}"#)] {
            try sandbox.control(
                #"{"op":"edit","resource":"shopline.products","account":"open00\#(store)","changes":\#(changes)}"#
            )
        }
        #expect(try await work.sync("--full", hooks: "clock=3600").exitCode == 0)
        let connections = try parsed(await status(work, "--json", hooks: "clock=3700"))["connections"]
        let counted = try work.mirror.rows(
            "SELECT connection, change, count(*) FROM shopline_products GROUP BY 1, 2 ORDER BY 1, 2")
        #expect(
            counted.map { "\($0[0] ?? "") \($0[1] ?? "")" }
                == ["kyoto inserted", "kyoto updated", "taipei deleted", "taipei inserted", "taipei updated"])
        for row in counted {
            let place = row[0] == "taipei" ? 0 : 1
            let changes = connections?[place]?["resources"]?[0]?["changes_24h"]
            #expect(changes?[row[1] ?? ""]?.int64Value == row[2].flatMap { Int64($0) }, "\(row)")
        }
    }

    @Test func `metrics tell of a connection however many runs went by without it`() async throws {
        let work = try Workplace(try await SandboxServer())
        try work.configure(
            work.privateApp(resources: "store"), work.privateApp("kyoto", store: 2, resources: "store"))
        #expect(try await work.sync(hooks: "clock=0").exitCode == 0)
        for minute in 1...41 {
            let outcome = try await work.sync("--connection", "taipei", hooks: "clock=\(minute * 60)")
            #expect(outcome.exitCode == 0)
        }
        let metrics = try await work.run(
            ["report", "prometheus", "-c", work.path("config.toml")], hooks: "clock=3700"
        ).stdout
        #expect(
            metrics.contains("shopmirror_connection_success{connection=\"kyoto\",platform=\"shopline\"} 1\n"))
    }

    @Test func `the last success is known however many runs failed since`() async throws {
        let sandbox = try await SandboxServer()
        let work = try Workplace(sandbox)
        try work.configure(work.nextEngine(), storage: "keep_reports = 1")
        #expect(try await work.sync(hooks: "clock=0").exitCode == 0)
        let ended = try work.mirror.count("SELECT unixepoch(finished_at) FROM runs")
        try sandbox.control(#"{"op":"revoke","platform":"next-engine","account":"NE0000042"}"#)
        #expect(try await work.sync(hooks: "clock=3600").exitCode == 3)
        #expect(work.reports.filter { $0 != "latest.json" && $0.hasSuffix(".json") }.count == 1)
        let metrics = try await work.run(
            ["report", "prometheus", "-c", work.path("config.toml")], hooks: "clock=3700"
        ).stdout
        #expect(metrics.contains("shopmirror_run_last_success_timestamp_seconds \(ended)\n"))
        #expect(metrics.contains("shopmirror_run_success 0\n"))
    }

    @Test func `tables are told of though the table of runs is gone`() async throws {
        let work = try Workplace(try await SandboxServer())
        try work.configure(work.privateApp(resources: "store"))
        #expect(try await work.sync().exitCode == 0)
        try work.mirror.execute("DROP TABLE runs")
        let outcome = try await status(work)
        #expect(outcome.exitCode == 0 && outcome.stdout.contains("store"), "\(outcome.stderr)")
    }

    @Test func `no token is ever read or shown`() async throws {
        let work = try Workplace(try await SandboxServer())
        try work.configure(work.shopline(resources: "locations"))
        try await work.sync()
        for words in [["--json"], []] {
            let outcome = try await work.run(["status", "-c", work.path("config.toml")] + words)
            #expect(!outcome.stdout.contains("SL-ACCESS"))
        }
    }
}
