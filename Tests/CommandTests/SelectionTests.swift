import JSON
import Testing

/// Which part of the whole a run pulls: windows, shards, resources, and runs that keep nothing.
@Suite(.timeLimit(.minutes(1)))
struct SelectionTests {
    let sandbox: SandboxServer
    let work: Workplace

    init() async throws {
        sandbox = try await SandboxServer()
        work = try Workplace(sandbox)
    }

    private var limited: String { "[connections.taipei.orders]\nlimit = 20" }

    // MARK: Backfill

    @Test func `a window brings its records, marks nothing and leaves the cursor alone`() async throws {
        try work.configure(work.shopline("taipei", resources: "store orders", limited))
        try await work.sync()
        let cursor = try work.mirror.rows("SELECT * FROM sync_state WHERE resource='orders'")
        let times = try work.mirror.texts("SELECT updated_at FROM shopline_orders ORDER BY updated_at")
            .compactMap { $0 }
        let (since, until) = (times[50], times[200])
        let inside = times.filter { $0 >= since && $0 < until }.count
        let edge = times.filter { $0 == until }.count
        try sandbox.control(
            #"{"op":"edit","resource":"shopline.orders","account":"open001","changes":{"delete":40}}"#)
        let outcome = try await work.sync("--since", since, "--until", until)
        #expect(outcome.exitCode == 0)
        let report = try work.latestReport()
        #expect(report.json["mode"]?.stringValue == "backfill")
        #expect(report.json["window"]?["since"]?.stringValue == since)
        #expect(report.json["window"]?["until"]?.stringValue == until)
        let fetched = try report.count("fetched", of: "orders") ?? 0
        #expect(fetched <= Int64(inside + edge) && fetched >= Int64(inside - 40))
        #expect(try report.resource("orders")["mode"]?.stringValue == "backfill")
        #expect(try report.resource("orders")["complete"]?.isNull == true)
        #expect(try report.resource("store")["status"]?.stringValue == "skipped")
        #expect(
            try work.mirror.count("SELECT count(*) FROM shopline_orders WHERE deleted_at IS NOT NULL") == 0)
        #expect(try work.mirror.rows("SELECT * FROM sync_state WHERE resource='orders'") == cursor)
    }

    @Test func `a window in slices of thirty days is the same as the whole`() async throws {
        try work.configure(work.shopline("taipei", resources: "orders", limited))
        let outcome = try await work.sync("--since", "2024-06-01", "--until", "2026-11-01")
        #expect(outcome.exitCode == 0)
        #expect(try work.mirror.count("SELECT count(*) FROM shopline_orders") == 250)
        let targets =
            try sandbox.state()["last_requests"]?.arrayValue?.compactMap { $0["target"]?.stringValue } ?? []
        let starts = Set(
            targets.filter { $0.contains("updated_at_min=") }.map {
                $0.split(separator: "updated_at_min=")[1].prefix(10)
            })
        #expect(starts.count == 30)
    }

    @Test func `a backfill that was stopped goes on in its slice`() async throws {
        try work.configure(work.shopline("taipei", resources: "orders", limited))
        let window = ["--since", "2024-06-01", "--until", "2026-11-01"]
        let arguments = ["sync", "-c", work.path("config.toml")] + window + ["--max-requests", "25"]
        var requests: Int64 = 0
        var runs = 0
        while runs < 20 {
            let outcome = try await work.run(arguments)
            runs += 1
            requests += try work.latestReport().json["totals"]?["http"]?["requests"]?.int64Value ?? 0
            if outcome.exitCode == 0 { break }
            #expect(outcome.exitCode == 1)
        }
        #expect(runs >= 3 && runs < 20)
        #expect(try work.mirror.count("SELECT count(*) FROM shopline_orders") == 250)
        #expect(try work.mirror.count("SELECT count(*) FROM pulls") == 0)
        // One identity call a run, and at most one page again.
        let whole = try Workplace(sandbox)
        try whole.configure(whole.shopline("taipei", resources: "orders", limited))
        try await whole.run(["sync", "-c", whole.path("config.toml")] + window).check(exitCode: 0)
        let once = try whole.latestReport().json["totals"]?["http"]?["requests"]?.int64Value ?? 0
        #expect(requests <= once + Int64(runs - 1) * 2)
    }

    @Test func `a resource without a date filter cannot be asked for by window`() async throws {
        try work.configure(work.shopline(resources: "store orders"))
        let outcome = try await work.sync("--since", "30d", "--resource", "store")
        #expect(outcome.exitCode == 2)
        #expect(
            outcome.stderr
                == "shopmirror: 'store' has no modification time to ask by, so --since and --until cannot be used for it\n"
        )
        #expect(try sandbox.requestCount == 0)
    }

    @Test func `since in the config leaves older records out and never marks them`() async throws {
        try work.configure(work.shopline("taipei", resources: "orders", limited))
        try await work.sync()
        let times = try work.mirror.texts("SELECT updated_at FROM shopline_orders ORDER BY updated_at")
            .compactMap { $0 }
        let newer = times.filter { $0 >= "2026-05-01T00:00:00Z" }.count
        #expect(newer > 5 && newer < 250)
        try work.configure(work.shopline("taipei", resources: "orders", limited + "\nsince = 2026-05-01"))
        #expect(try await work.sync().exitCode == 0)
        let report = try work.latestReport()
        #expect(try report.resource("orders")["mode"]?.stringValue == "full", "changed settings pull in full")
        #expect(try report.count("fetched", of: "orders") == Int64(newer))
        #expect(
            try work.mirror.count("SELECT count(*) FROM shopline_orders WHERE deleted_at IS NOT NULL") == 0)
        try sandbox.control(
            #"{"op":"edit","resource":"shopline.orders","account":"open001","changes":{"delete":30}}"#)
        #expect(try await work.sync("--full").exitCode == 0)
        let marked = try work.mirror.texts(
            "SELECT updated_at FROM shopline_orders WHERE deleted_at IS NOT NULL")
        #expect(!marked.isEmpty)
        #expect(marked.allSatisfy { $0 ?? "" >= "2026-05-01T00:00:00Z" })
    }

    // MARK: Incremental

    @Test func `an incremental pull starts an overlap before its cursor`() async throws {
        try work.configure(work.shopline(), run: "overlap = \"2h\"")
        try await work.sync()
        let first = try work.latestReport().resource("orders")["cursor"]
        #expect(first?["from"]?.isNull == true)
        let cursor = first?["to"]?.stringValue ?? ""
        #expect(try work.mirror.text("SELECT max(updated_at) FROM shopline_orders") == cursor)
        #expect(try work.mirror.text("SELECT cursor FROM sync_state WHERE resource='orders'") == cursor)
        try await work.sync()
        let second = try work.latestReport().resource("orders")
        #expect(second["mode"]?.stringValue == "incremental")
        let expected = try work.mirror.text("SELECT strftime('%Y-%m-%dT%H:%M:%SZ', '\(cursor)', '-2 hours')")
        #expect(second["cursor"]?["from"]?.stringValue == expected)
        #expect(second["cursor"]?["to"]?.stringValue == cursor)
        let overlapping = try work.mirror.count(
            "SELECT count(*) FROM shopline_orders WHERE updated_at>='\(expected ?? "")'")
        #expect(second["records"]?["fetched"]?.int64Value == Int64(overlapping))
    }

    @Test(arguments: [0, 86_400])
    func `neither a record of the year 2099 nor a fast clock moves the cursor into the future`(shift: Int)
        async throws
    {
        try work.configure(work.shopline(resources: "products"))
        let body =
            #"{"products":[{"id":1,"updated_at":"2099-01-01T00:00:00+00:00"},{"id":2,"updated_at":"2026-01-01T00:00:00+08:00"}]}"#
        try sandbox.answer("/products/products.json", with: body)
        let before = try sandbox.state()["now"]?.stringValue ?? ""
        #expect(try await work.sync(hooks: "clock=\(shift)").exitCode == 0)
        let after = try sandbox.state()["now"]?.stringValue ?? ""
        let cursor = try work.latestReport().resource("products")["cursor"]?["to"]?.stringValue ?? ""
        #expect(cursor >= before.replacing("T", with: "T").prefix(16) && cursor <= after)
        #expect(
            try work.mirror.text("SELECT updated_at FROM shopline_products WHERE id='1'")
                == "2099-01-01T00:00:00Z")
    }

    @Test func `a slow clock does not leave a hole either`() async throws {
        try work.configure(work.shopline(resources: "products"))
        try await work.sync(hooks: "clock=-86400")
        let cursor = try work.latestReport().resource("products")["cursor"]?["to"]?.stringValue ?? ""
        let newest = try work.mirror.text("SELECT max(updated_at) FROM shopline_products")
        #expect(cursor == newest)
    }

    @Test func `after full_every an incremental resource is pulled in full`() async throws {
        try work.configure(
            work.shopline(
                "taipei", resources: "orders products", "[connections.taipei.products]\nfull_every = \"30d\"")
        )
        try await work.sync()
        try await work.sync(hooks: "clock=\(6 * 86_400)")
        #expect(try work.latestReport().resource("orders")["mode"]?.stringValue == "incremental")
        try sandbox.control(#"{"op":"clock","advance_seconds":\#(8 * 86_400)}"#)
        #expect(try await work.sync(hooks: "clock=\(8 * 86_400)").exitCode == 0)
        #expect(try work.latestReport().resource("orders")["mode"]?.stringValue == "full")
        #expect(try work.latestReport().resource("products")["mode"]?.stringValue == "incremental")
    }

    @Test func `run ids grow although the clock steps back`() async throws {
        try work.configure(work.shopline(resources: "store"))
        try await work.sync(hooks: "clock=86400")
        try await work.sync()
        try await work.sync(hooks: "clock=-86400")
        let ids = try work.mirror.texts(
            "SELECT run_id FROM runs ORDER BY rowid_or_id".replacing("rowid_or_id", with: "started_at DESC")
        ).compactMap { $0 }
        #expect(ids == ids.sorted())
        #expect(Set(ids).count == 3)
        #expect(try work.latestReport().runID == ids.last)
    }

    // MARK: Connections and resources

    @Test func `only the named connection and resource are pulled`() async throws {
        try work.configure(
            work.shopline("taipei", resources: "store orders"),
            work.shopline("tainan", store: 2, resources: "store orders"))
        #expect(try await work.sync("--connection", "tainan", "--resource", "store").exitCode == 0)
        let report = try work.latestReport()
        #expect(report.json["connections"]?.arrayValue?.count == 1)
        #expect(
            try report.connection("tainan")["resources"]?.arrayValue?.compactMap { $0["name"]?.stringValue }
                == ["store"])
        #expect(try sandbox.requests(to: "/open001/") == 0)
        #expect(try sandbox.requests(to: "/orders") == 0)
    }

    @Test func `a resource that the config leaves out can be named`() async throws {
        try work.configure(work.shopline(resources: "store"))
        #expect(try await work.sync("--resource", "locations").exitCode == 0)
        #expect(try work.mirror.count("SELECT count(*) FROM shopline_locations") == 3)
    }

    @Test func `what leaves the config keeps its rows`() async throws {
        try work.configure(
            work.shopline("taipei", resources: "store locations"),
            work.shopline("tainan", store: 2, resources: "store"))
        try await work.sync()
        try work.configure(work.shopline("taipei", resources: "store"))
        #expect(try await work.sync("--full").exitCode == 0)
        #expect(
            try work.mirror.count("SELECT count(*) FROM shopline_locations WHERE deleted_at IS NULL") == 3)
        #expect(try work.mirror.count("SELECT count(*) FROM shopline_store WHERE deleted_at IS NULL") == 2)
    }

    @Test func `the shards together are the whole, each connection once`() async throws {
        let ids = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta"]
        let text = ids.map { work.privateApp($0, resources: "store") }.joined()
        try work.configure(text)
        var seen: [String] = []
        for part in 1...3 {
            let outcome = try await work.sync("--dry-run", "--shard", "\(part)/3", "--report", "-")
            #expect(outcome.exitCode == 0)
            let report = try Report(outcome.stdout)
            #expect(report.json["shard"]?.stringValue == "\(part)/3")
            let found = report.json["connections"]?.arrayValue?.compactMap { $0["id"]?.stringValue } ?? []
            #expect(found.allSatisfy { reference($0) % 3 == UInt64(part - 1) })
            seen += found
        }
        #expect(seen.sorted() == ids.sorted())
    }

    /// FNV-1a 64, written down again.
    private func reference(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    // MARK: Dry run

    @Test func `a dry run makes the same requests and counts, and no mirror`() async throws {
        try work.configure(
            work.shopline("taipei", resources: "store orders", limited), work.nextEngine(resources: "goods"))
        let dry = try await work.sync("--dry-run", "--report", "-")
        #expect(dry.exitCode == 0)
        let requests = try sandbox.state()["requests"]
        #expect(!work.exists("data/mirror.db"))
        try sandbox.control(#"{"op":"reset"}"#)
        #expect(try await work.sync().exitCode == 0)
        #expect(try sandbox.state()["requests"] == requests)
        let (tried, real) = try (Report(dry.stdout), work.latestReport())
        #expect(tried.json["dry_run"]?.boolValue == true)
        #expect(real.json["dry_run"]?.boolValue == false)
        #expect(tried.json["totals"]?["records"] == real.json["totals"]?["records"])
        #expect(tried.total("inserted") == 371)
    }

    @Test func `a dry run leaves an existing mirror as it was, byte by byte`() async throws {
        try work.configure(work.shopline("taipei", resources: "orders products", limited))
        try await work.sync()
        try sandbox.control(
            #"{"op":"edit","resource":"shopline.orders","account":"open001","changes":{"delete":9,"insert":4,"update":11}}"#
        )
        let before = try work.bytes("data/mirror.db")
        let dry = try Report(await work.sync("--dry-run", "--full", "--report", "-").stdout)
        #expect(try work.bytes("data/mirror.db") == before)
        #expect(try work.mirror.count("SELECT count(*) FROM runs") == 1)
        #expect(try await work.sync("--full").exitCode == 0)
        let real = try work.latestReport()
        #expect(dry.json["totals"]?["records"] == real.json["totals"]?["records"])
        #expect(real.total("deleted") == 9)
        #expect(real.total("inserted") == 4)
        #expect(real.total("updated") == 11)
    }
}

extension Workplace.Outcome {
    /// Notes an issue when the run ended otherwise.
    func check(exitCode: Int32) { #expect(self.exitCode == exitCode, "\(stderr)") }
}
