import Foundation
import Glibc
import JSON
import Testing

/// The change feed on stdout.
@Suite(.timeLimit(.minutes(10)))
struct ExportTests {
    let sandbox: SandboxServer
    let work: Workplace

    init() async throws {
        sandbox = try await SandboxServer()
        work = try Workplace(sandbox)
        try work.configure(
            work.shopline("taipei", resources: "store orders", "[connections.taipei.orders]\nlimit = 40"),
            work.nextEngine("tokyo", resources: "shops goods"))
    }

    private static let views = [
        (name: "shopline_store", title: "shopline store"),
        (name: "shopline_orders", title: "shopline orders"),
        (name: "next_engine_shops", title: "next-engine shops"),
        (name: "next_engine_goods", title: "next-engine goods"),
    ]

    private func export(_ words: String...) async throws -> Workplace.Outcome {
        try await work.run(["export", "-c", work.path("config.toml")] + words)
    }

    private func edit(
        _ changes: String, of resource: String = "shopline.orders", _ account: String = "open001"
    )
        throws
    {
        try sandbox.control(
            #"{"op":"edit","resource":"\#(resource)","account":"\#(account)","changes":\#(changes)}"#)
    }

    private func newestRun() throws -> String {
        try #require(try work.mirror.text("SELECT max(run_id) FROM runs"))
    }

    // MARK: Following

    @Test func `whoever follows the feed ends up with what the mirror holds, whatever happens to the runs`()
        async throws
    {
        var consumer = Consumer()
        try await work.sync()
        try await consumer.follow(work)
        #expect(try consumer.records == Consumer.everything(in: work, Self.views))
        #expect(consumer.lines > 400)
        let disturbances = ["", "crash=before-page-commit:3", "", "crash=after-page-commit:4", ""]
        for (round, hooks) in disturbances.enumerated() {
            try edit(#"{"insert":5,"update":60,"delete":3}"#)
            try edit(#"{"update":4}"#, of: "next-engine.goods", "NE0000042")
            let outcome = try await work.sync("--full", hooks: hooks)
            #expect(outcome.exit == (hooks.isEmpty ? .exited(0) : .killed(9)))
            try await consumer.follow(work)
            #expect(consumer.lines == 0 || hooks.isEmpty, "rows of a killed run came out in round \(round)")
        }
        try await work.sync("--full")
        try await consumer.follow(work)
        #expect(try consumer.records == Consumer.everything(in: work, Self.views))
        #expect(consumer.records.values.filter { $0.hasPrefix("deleted|") }.count == 15)
        try await consumer.follow(work)
        #expect(consumer.lines == 0)
    }

    @Test func `the rows of a run that is not over are left out, and come afterwards`() async throws {
        try await work.sync()
        let first = try newestRun()
        try edit(#"{"update":120}"#)
        let run = try await work.startSync(
            "--full", "--connection", "taipei", stoppingAt: "after-page-commit:4")
        #expect(
            try work.mirror.count("SELECT count(*) FROM shopline_orders WHERE changed_run>'\(first)'") > 0)
        let during = try await export("--since-run", first)
        #expect(during.exitCode == 0 && during.stdout == "" && during.stderr == "")
        // Rows that the run has changed already are not shown at all; the others as they are.
        let all = try await export("--resource", "orders")
        let left = try work.mirror.count("SELECT count(*) FROM shopline_orders WHERE changed_run='\(first)'")
        #expect(all.stdout.split(separator: "\n").count == left)
        #expect(
            all.stderr.contains(
                "rows of shopline_orders are missing from this export: a run that has not ended changed them")
        )
        let ofRunning = try await export("--since-run", try newestRun())
        #expect(ofRunning.exitCode == 2)
        #expect(ofRunning.stderr.contains("The mirror has no finished run '\(try newestRun())'"))
        #expect(try await run.goOn().exitCode == 0)
        let after = try await export("--since-run", first)
        #expect(after.stdout.split(separator: "\n").count == 120)
    }

    @Test func `a line says where a record is from and carries its bytes`() async throws {
        let record = #"{"id":7,"total":1.50,"big":123456789012345678901,"note":"a\/b\u00e9","at":null}"#
        try sandbox.answer("/locations/list.json", with: "{\"locations\":[ \(record) ]}")
        try sandbox.answer("/locations/count.json", with: #"{"count":1}"#, "\"times\":9")
        try work.configure(work.shopline(resources: "locations"))
        #expect(try await work.sync().exitCode == 0)
        let at = try #require(try work.mirror.text("SELECT changed_at FROM shopline_locations"))
        let outcome = try await export()
        #expect(
            outcome.stdout
                == "{\"platform\":\"shopline\",\"connection\":\"taipei\",\"resource\":\"locations\",\"id\":\"7\","
                + "\"change\":\"inserted\",\"changed_at\":\"\(at)\",\"changed_run\":\"\(try newestRun())\","
                + "\"deleted_at\":null,\"created_at\":null,\"updated_at\":null,\"record\":\(record)}\n")
    }

    // MARK: Selection

    @Test func `resources and connections limit it, a removed connection's rows stay`() async throws {
        try await work.sync()
        let orders = try work.mirror.count("SELECT count(*) FROM shopline_orders")
        let shops = try work.mirror.count("SELECT count(*) FROM next_engine_shops")
        #expect(try await export("--resource", "orders").stdout.split(separator: "\n").count == orders)
        let some = try await export("--connection", "tokyo", "--resource", "shops")
        #expect(some.stdout.split(separator: "\n").count == shops)
        #expect(try await export("--connection", "tokyo", "--resource", "orders").stdout == "")
        try work.configure(work.nextEngine("tokyo"))
        #expect(try await export("--resource", "orders").stdout.split(separator: "\n").count == orders)
        let unknown = try await export("--connection", "taipei")
        #expect(unknown.exitCode == 2)
        #expect(unknown.stderr.hasPrefix("shopmirror: unknown connection 'taipei'; "))
        let resource = try await export("--resource", "order")
        #expect(resource.stderr == "shopmirror: unknown resource 'order'; did you mean 'orders'?\n")
    }

    @Test func `what was never pulled is nothing, not an error`() async throws {
        try await work.sync()
        let lines = try await export("--resource", "customers")
        #expect(lines.exitCode == 0 && lines.stdout == "" && lines.stderr == "")
        let table = try await export("--resource", "customers", "--format", "csv")
        #expect(table.exitCode == 0 && table.stdout.hasPrefix("connection,id,created_at,updated_at,"))
        #expect(table.stdout.hasSuffix(",change,deleted_at,payload\r\n"))
    }

    // MARK: Refusals

    @Test func `an unknown run is refused with what to do`() async throws {
        try await work.sync()
        let outcome = try await export("--since-run", "20200101T000000Z-0000")
        #expect(outcome.exitCode == 2 && outcome.stdout == "")
        #expect(
            outcome.stderr.hasPrefix(
                "error usage: The mirror has no finished run '20200101T000000Z-0000'; its newest finished run is \(try newestRun()).\n"
            ))
        #expect(outcome.stderr.contains("restored from a backup or made anew, export everything once"))
    }

    @Test func `several tables do not fit into one csv`() async throws {
        try await work.sync()
        let outcome = try await export("--format", "csv")
        #expect(outcome.exitCode == 2 && outcome.stdout == "")
        #expect(
            outcome.stderr.hasPrefix(
                "error usage: A csv file has one header, and 4 tables are selected: shopline_store, shopline_orders,"
                    + " next_engine_shops, next_engine_goods.\n  next: Choose one with --resource"))
    }

    @Test func `without a mirror it ends with 5`() async throws {
        let outcome = try await export()
        #expect(outcome.exitCode == 5 && outcome.stdout == "")
        #expect(
            outcome.stderr.hasPrefix(
                "error storage_failed: There is no mirror \(work.path("data/mirror.db")) yet"))
        #expect(!work.exists("data"))
    }

    @Test func `options that do not go together are refused`() async throws {
        let state = try await export("--state", "x")
        #expect(state.exitCode == 2)
        #expect(state.stderr == "shopmirror: --state is for --format singer; use --since-run\n")
        let both = try await export("--state", "x", "--since-run", "y", "--format", "singer")
        #expect(both.stderr == "shopmirror: --state and --since-run exclude each other\n")
    }

    // MARK: What it leaves alone

    @Test func `it asks nobody, opens no vault and changes no file`() async throws {
        try await work.sync()
        try work.write("this is no vault", to: "private/vault.db", mode: 0o644)
        let before = try Files.all(in: work.path("data")).filter { !$0.key.hasSuffix("-shm") }
        let asked = try sandbox.requestCount
        for form in ["ndjson", "singer"] { #expect(try await export("--format", form).exitCode == 0) }
        #expect(try sandbox.requestCount == asked)
        #expect(try Files.all(in: work.path("data")).filter { !$0.key.hasSuffix("-shm") } == before)
    }

    @Test func `a reader that has seen enough is no failure, a full disk is`() async throws {
        try await work.sync()
        let words = ["export", "-c", work.path("config.toml")]
        var pipe: [Int32] = [0, 0]
        try #require(
            socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &pipe) == 0)
        close(pipe[0])
        let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
        let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
        defer { for descriptor in [pipe[1], null, full] { close(descriptor) } }
        let left = try await work.start(words, stdin: null, stdout: pipe[1]).outcome()
        #expect(left.exitCode == 0 && left.stderr == "")
        let failed = try await work.start(words, stdin: null, stdout: full).outcome()
        #expect(failed.exitCode == 5)
        #expect(failed.stderr.hasPrefix("error storage_failed: The output stdout cannot be written: "))
    }

    @Test(
        .enabled(
            if: getuid() == 0 && access("/usr/bin/setpriv", X_OK) == 0, "needs root and setpriv"))
    func `another user exports, with and without the log beside the mirror`() async throws {
        try await work.sync()
        let all = try await export().stdout
        #expect(all.utf8.count > 100_000)
        try work.configure(work.shopline(), work.nextEngine(), mode: 0o644)
        #expect(try await exportAsNobody() == all)
        // As a copy of the file alone is.
        try #require(unlinked(work.path("data/mirror.db-wal")) && unlinked(work.path("data/mirror.db-shm")))
        #expect(try await exportAsNobody() == all)
        #expect(!work.exists("data/mirror.db-wal") && !work.exists("data/mirror.db-shm"))
    }

    private func exportAsNobody() async throws -> String {
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        let out = open(work.path(".nobody"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        defer { for descriptor in [null, out] { close(descriptor) } }
        let words = ["--reuid=65534", "--regid=65534", "--clear-groups", try Programs.path("shopmirror")]
        let process = try RunningProcess(
            "/usr/bin/setpriv", words + ["export", "-c", work.path("config.toml")],
            environment: ["PATH": "/usr/bin:/bin"], in: "/tmp", streams: [0: null, 1: out, 2: out])
        #expect(await process.next() == .exited(0))
        return String(decoding: try work.bytes(".nobody"), as: UTF8.self)
    }
}
