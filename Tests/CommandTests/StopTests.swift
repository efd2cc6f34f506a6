import Glibc
import JSON
import Testing

/// Runs that end before everything is pulled, and the runs that go on.
@Suite(.timeLimit(.minutes(10)))
struct StopTests {
    let sandbox: SandboxServer
    let work: Workplace

    init() async throws {
        sandbox = try await SandboxServer()
        work = try Workplace(sandbox)
        try configure(work)
    }

    private func configure(_ work: Workplace, _ more: String = "") throws {
        try work.configure(
            work.shopline(
                "taipei", resources: "store orders products",
                "\(more)\n[connections.taipei.orders]\nlimit = 10"))
    }

    /// What the mirror holds after a run that nobody disturbed.
    private func undisturbed() async throws -> [String] {
        let other = try Workplace(sandbox)
        try configure(other)
        #expect(try await other.sync().exitCode == 0)
        return try other.mirror.canonicalDump()
    }

    @Test(arguments: [(SIGTERM, Int32(143), "SIGTERM"), (SIGINT, 130, "SIGINT")])
    func `a signal ends the run at a page boundary and the next one goes on`(
        signal: Int32, code: Int32, name: String
    ) async throws {
        let run = try await work.startSync(stoppingAt: "after-page-commit:3")
        let outcome = try await run.goOn(signal)
        #expect(outcome.exit == .exited(code))
        #expect(
            outcome.stderr.contains(
                "error [taipei/orders] interrupted: The run was stopped by signal \(name)."))
        let report = try work.latestReport()
        #expect(report.status == "interrupted")
        #expect(report.exitCode == Int64(code))
        #expect(try report.connection("taipei")["status"]?.stringValue == "interrupted")
        #expect(try report.resource("store")["status"]?.stringValue == "succeeded")
        #expect(try report.resource("orders")["status"]?.stringValue == "interrupted")
        let stored = try work.mirror.count("SELECT count(*) FROM shopline_orders")
        #expect(stored >= 20 && stored < 250)
        #expect(try report.count("fetched", of: "orders") == Int64(stored))
        #expect(try work.mirror.rows("SELECT status, exit_code FROM runs") == [["interrupted", "\(code)"]])
        #expect(try await work.sync().exitCode == 0)
        let second = try work.latestReport()
        #expect(try second.resource("orders")["resumed"]?.boolValue == true)
        #expect(try second.count("fetched", of: "orders") == Int64(250 - stored))
        #expect(try second.resource("orders")["complete"]?.boolValue == true)
        #expect(try await undisturbed() == work.mirror.canonicalDump())
    }

    @Test func `a signal before a connection was begun is told, although it cut nothing off`() async throws {
        try work.configure(
            work.shopline("taipei", resources: "store"),
            work.shopline("tainan", store: 2, resources: "store"),
            run: "concurrency = 1")
        let run = try await work.startSync(stoppingAt: "after-page-commit:1")
        let outcome = try await run.goOn(SIGTERM)
        #expect(outcome.exit == .exited(143))
        #expect(
            outcome.stderr == """
                error [tainan] interrupted: The run was stopped by signal SIGTERM.
                  next: Run it again; it goes on after the last stored page.

                """)
        let report = try work.latestReport()
        #expect(report.status == "interrupted")
        #expect(try report.connection("taipei")["status"]?.stringValue == "succeeded")
        #expect(try report.connection("tainan")["status"]?.stringValue == "interrupted")
        #expect(try await work.sync().exitCode == 0)
    }

    @Test func `a signal is told although another connection met the time limit before`() async throws {
        try work.configure(
            work.shopline("taipei", resources: "store locations", "requests_per_second = 0.005\nburst = 1"),
            work.shopline("tainan", store: 2, resources: "store"),
            work.shopline("zhub", store: 3, resources: "store"), run: "concurrency = 1")
        let run = try await work.startSync("--max-duration", "60s", stoppingAt: "after-page-commit:2")
        let outcome = try await run.goOn(SIGTERM)
        #expect(outcome.exit == .exited(143), "\(outcome.stderr)")
        #expect(outcome.stderr.contains("error [zhub] interrupted: The run was stopped by signal SIGTERM."))
    }

    @Test func `a signal during a wait ends the run at once`() async throws {
        try sandbox.fault("status", at: "/orders.json", #""status":503,"times":99"#)
        let run = try await work.startSync(stoppingAt: "after-receive:4")
        let outcome = try await run.goOn(SIGTERM)
        #expect(outcome.exitCode == 143)
        #expect(try sandbox.requests(to: "/orders.json") < 5)
    }

    @Test func `a signal that comes when everything is done changes nothing`() async throws {
        let run = try await work.startSync(stoppingAt: "before-report-rename:1")
        #expect(try await run.goOn(SIGTERM).exitCode == 0)
        #expect(try work.latestReport().status == "succeeded")
    }

    @Test func `--max-requests stops, is told with exit code 1, and the next runs finish`() async throws {
        let outcome = try await work.sync("--max-requests", "9")
        #expect(outcome.exitCode == 1)
        #expect(
            outcome.stderr.contains("budget_reached: The run reached its request limit (--max-requests)."))
        #expect(try sandbox.requestCount == 9)
        let report = try work.latestReport()
        #expect(report.status == "partial")
        #expect(try report.errorCode(of: "orders") == "budget_reached")
        #expect(try report.resource("orders")["error"]?["retryable"]?.boolValue == true)
        #expect(report.json["totals"]?["http"]?["requests"]?.int64Value == 9)
        var runs = 1
        while try await work.sync("--max-requests", "9").exitCode == 1, runs < 20 { runs += 1 }
        #expect(runs > 2 && runs < 20)
        #expect(try await undisturbed() == work.mirror.canonicalDump())
    }

    @Test func `--max-duration stops at a page boundary with exit code 1, and the next runs finish`()
        async throws
    {
        try configure(work, "requests_per_second = 1\nburst = 1")
        let outcome = try await work.sync("--max-duration", "12s")
        #expect(outcome.exitCode == 1)
        #expect(outcome.stderr.contains("deadline_reached: The run reached its time limit (--max-duration)."))
        let report = try work.latestReport()
        #expect(try report.errorCode(of: "orders") == "deadline_reached")
        #expect((report.json["duration_seconds"]?.doubleValue ?? 99) < 14)
        let stored = try work.mirror.count("SELECT count(*) FROM shopline_orders")
        #expect(stored > 0 && stored < 250)
        #expect(try report.count("fetched", of: "orders") == Int64(stored))
        #expect(try await work.sync().exitCode == 0)
        #expect(try work.latestReport().resource("orders")["resumed"]?.boolValue == true)
        #expect(try await undisturbed() == work.mirror.canonicalDump())
    }

    @Test func `max_duration of the config works like the option`() async throws {
        try work.configure(
            work.shopline(
                "taipei", resources: "orders",
                "requests_per_second = 1\nburst = 1\n[connections.taipei.orders]\nlimit = 10"),
            run: "max_duration = \"5s\"")
        #expect(try await work.sync().exitCode == 1)
        #expect(try work.latestReport().errorCode(of: "orders") == "deadline_reached")
    }

    @Test func `an interrupted full pull marks nothing and is finished before anything else`() async throws {
        #expect(try await work.sync().exitCode == 0)
        try sandbox.control(
            #"{"op":"edit","resource":"shopline.orders","account":"open001","changes":{"delete":5}}"#)
        #expect(try await work.sync("--full", "--max-requests", "8").exitCode == 1)
        #expect(
            try work.mirror.count("SELECT count(*) FROM shopline_orders WHERE deleted_at IS NOT NULL") == 0)
        #expect(try await work.sync().exitCode == 0)
        let orders = try work.latestReport().resource("orders")
        #expect(orders["mode"]?.stringValue == "full")
        #expect(orders["resumed"]?.boolValue == true)
        #expect(
            try work.mirror.count("SELECT count(*) FROM shopline_orders WHERE deleted_at IS NOT NULL") == 5)
    }

    @Test func `requests are paced as told, with a burst first`() async throws {
        try work.configure(
            work.shopline(
                "taipei", resources: "orders",
                "requests_per_second = 2\nburst = 5\n[connections.taipei.orders]\nlimit = 10"))
        let begun = ContinuousClock.now
        #expect(try await work.sync().exitCode == 0)
        // What was waited passed at once: only the rest took real time.
        let real = (ContinuousClock.now - begun) / Duration.seconds(1)
        let requests = try work.latestReport().json["totals"]?["http"]?["requests"]?.doubleValue ?? 0
        let seconds = try work.latestReport().json["duration_seconds"]?.doubleValue ?? 0
        #expect(requests > 20)
        #expect(seconds >= (requests - 5) / 2 - 0.5 && seconds < (requests - 5) / 2 + 0.5 + real)
    }
}
