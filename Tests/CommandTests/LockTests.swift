import JSON
import Testing

/// Two runs at one mirror.
@Suite(.timeLimit(.minutes(1)))
struct LockTests {
    let sandbox: SandboxServer
    let work: Workplace

    init() async throws {
        sandbox = try await SandboxServer()
        work = try Workplace(sandbox)
        try work.configure(
            work.shopline("taipei", resources: "orders", "[connections.taipei.orders]\nlimit = 50"))
    }

    @Test func `a second run is told who holds the lock, since when and where`() async throws {
        try await work.sync()
        let before = try work.bytes("data/reports/latest.json")
        let first = try await work.startSync("--full", stoppingAt: "before-page-commit:3")
        let asked = try sandbox.requestCount
        let second = try await work.sync("--report", "-")
        #expect(second.exitCode == 4)
        let report = try Report(second.stdout)
        #expect(report.status == "skipped")
        #expect(report.exitCode == 4)
        let error = report.json["error"]
        #expect(error?["code"]?.stringValue == "locked")
        #expect(error?["retryable"]?.boolValue == true)
        let message = error?["message"]?.stringValue ?? ""
        #expect(message.contains("(pid \(first.process.identifier))"))
        #expect(message.contains("since 20"))
        #expect(message.contains("now at 'taipei', orders, page 2"))
        #expect(
            second.stderr == "error locked: \(message)\n  next: \(error?["next_step"]?.stringValue ?? "")\n")
        #expect(try sandbox.requestCount == asked, "nobody was called")
        #expect(try work.bytes("data/reports/latest.json") == before)
        #expect(try work.mirror.count("SELECT count(*) FROM runs") == 2)
        #expect(try await first.goOn().exitCode == 0)
    }

    @Test func `the lock dies with its process`() async throws {
        let first = try await work.startSync(stoppingAt: "after-page-commit:1")
        #expect(try await work.sync().exitCode == 4)
        first.process.send(9)
        #expect(await first.process.next() == .killed(9))
        #expect(try await work.sync().exitCode == 0)
    }

    @Test func `--wait waits that long before it gives up`() async throws {
        let first = try await work.startSync(stoppingAt: "after-page-commit:1")
        let impatient = try Report(await work.sync("--report", "-").stdout)
        #expect((impatient.json["duration_seconds"]?.doubleValue ?? 99) < 30)
        let patient = try await work.sync("--wait", "5m", "--report", "-")
        #expect(patient.exitCode == 4)
        #expect((try Report(patient.stdout).json["duration_seconds"]?.doubleValue ?? 0) >= 300)
        #expect(try await first.goOn().exitCode == 0)
        #expect(try await work.sync("--wait", "5m").exitCode == 0)
    }

    @Test func `others read the mirror while a run writes`() async throws {
        let run = try await work.startSync(stoppingAt: "before-page-commit:3")
        #expect(try work.mirror.count("SELECT count(*) FROM shopline_orders") == 100)
        #expect(try await run.goOn().exitCode == 0)
        #expect(try work.mirror.count("SELECT count(*) FROM shopline_orders") == 250)
        #expect(work.exists("data/mirror.db-wal"))
        #expect(work.exists("data/mirror.db-shm"))
    }

    @Test func `a reader that holds a transaction delays the checkpoint and nothing else`() async throws {
        try await work.sync()
        try sandbox.control(
            #"{"op":"edit","resource":"shopline.orders","account":"open001","changes":{"update":20}}"#)
        let reader = try HeldRead(of: work.mirror.path)
        let outcome = try await work.sync()
        #expect(outcome.exitCode == 0)
        #expect(try work.latestReport().warnings == ["checkpoint_held"])
        #expect(try work.latestReport().status == "succeeded")
        reader.end()
        #expect(try await work.sync().exitCode == 0)
        #expect(try work.latestReport().warnings == [])
    }

    @Test func `another mirror has a lock of its own`() async throws {
        let first = try await work.startSync(stoppingAt: "after-page-commit:1")
        try work.configure(
            work.shopline("taipei", resources: "store"), storage: "mirror = \"other/mirror.db\"",
            file: "other.toml")
        #expect(try await work.run(["sync", "-c", work.path("other.toml")]).exitCode == 0)
        #expect(try await first.goOn().exitCode == 0)
    }
}
