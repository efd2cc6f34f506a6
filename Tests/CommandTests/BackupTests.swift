import Foundation
import JSON
import Testing

/// What a backup is good for: older files put back beside platforms that have moved on.
@Suite(.timeLimit(.minutes(10)))
struct BackupTests {
    let sandbox: SandboxServer
    let work: Workplace

    init() async throws {
        sandbox = try await SandboxServer()
        work = try Workplace(sandbox)
    }

    private func edit(_ changes: String) throws {
        try sandbox.control(
            #"{"op":"edit","resource":"shopline.orders","account":"open001","changes":\#(changes)}"#)
    }

    /// A copy as README tells to make it.
    private func backUp(_ name: String = "backup.db") throws {
        try work.mirror.execute("VACUUM INTO '\(work.path(name))'")
    }

    private func restore(_ backup: String = "backup.db", to name: String = "data/mirror.db") throws {
        for end in ["", "-wal", "-shm"] { _ = unlinked(work.path(name + end)) }
        try FileManager.default.copyItem(atPath: work.path(backup), toPath: work.path(name))
    }

    /// Live orders as the platform has them, from a mirror made for the purpose.
    private func truth() async throws -> [[String?]] {
        let fresh = try Workplace(sandbox)
        try fresh.configure(fresh.privateApp())
        try await fresh.sync()
        return try Self.live(fresh.mirror)
    }

    private static func live(_ mirror: MirrorFile) throws -> [[String?]] {
        try mirror.rows("SELECT id, payload FROM shopline_orders WHERE deleted_at IS NULL ORDER BY id")
    }

    // MARK: Mirror

    @Test func `an older mirror catches up with the next run, and only what is gone is marked`() async throws
    {
        try work.configure(work.privateApp())
        try await work.sync()
        try edit(#"{"delete":2}"#)
        try await work.sync("--full")
        try backUp()
        try edit(#"{"insert":6,"update":15,"delete":4}"#)
        try await work.sync("--full")
        try edit(#"{"insert":1,"update":5}"#)
        try await work.sync()
        let newest = try #require(try work.mirror.text("SELECT max(run_id) FROM runs"))
        try restore()
        #expect(try await work.command("check").exitCode == 0)
        let caughtUp = try await work.sync()
        #expect(caughtUp.exitCode == 0 && caughtUp.stderr == "", "\(caughtUp.stderr)")
        let report = try work.latestReport()
        #expect(try report.resource("orders")["mode"]?.stringValue == "incremental")
        #expect(report.total("inserted") ?? 0 >= 6 && report.total("deleted") == 0)
        #expect((report.runID ?? "") > newest)
        let truth = try await truth()
        #expect(Set(truth).isSubset(of: try Self.live(work.mirror)))
        try await work.sync("--full")
        #expect(try Self.live(work.mirror) == truth)
        #expect(
            try work.mirror.count("SELECT count(*) FROM shopline_orders WHERE deleted_at IS NOT NULL") == 6)
    }

    @Test func `run ids grow past those that only the reports know`() async throws {
        try work.configure(work.privateApp(resources: "store"))
        try await work.sync()
        try backUp()
        try await work.sync(hooks: "clock=86400")
        let newest = try #require(try work.latestReport().runID)
        try restore()
        try await work.sync()
        #expect(try #require(try work.latestReport().runID) > newest)
    }

    @Test func `a copy made in the middle of a run is a whole one`() async throws {
        let limited = work.privateApp(resources: "orders", "[connections.taipei.orders]\nlimit = 20")
        try work.configure(limited)
        let run = try await work.startSync(stoppingAt: "before-page-commit:6")
        try backUp()
        #expect(try await run.goOn().exitCode == 0)
        let expected = try work.mirror.canonicalDump()
        try restore()
        #expect(try work.mirror.text("PRAGMA integrity_check") == "ok")
        #expect(try await work.sync().exitCode == 0)
        #expect(try work.mirror.canonicalDump() == expected)
    }

    @Test func `whoever followed the mirror is told to begin again, and then has everything`() async throws {
        try work.configure(work.privateApp())
        var consumer = Consumer()
        try await work.sync()
        try backUp()
        try edit(#"{"insert":3,"update":5}"#)
        try await work.sync()
        try await consumer.follow(work)
        let last = try #require(consumer.last)
        try restore()
        try await work.sync()
        let refused = try await work.command("export", "--since-run", last)
        #expect(refused.exitCode == 2 && refused.stdout == "")
        #expect(refused.stderr.contains("The mirror has no finished run '\(last)'"))
        #expect(refused.stderr.contains("next: If the mirror was restored from a backup"))
        var again = Consumer()
        try await again.follow(work)
        #expect(try again.records == Consumer.everything(in: work, [("shopline_orders", "shopline orders")]))
        try edit(#"{"update":2}"#)
        try await work.sync()
        try await again.follow(work)
        #expect(again.lines == 2)
    }

    // MARK: Vault

    @Test func `an older vault's pair is refused with the command that mends it`() async throws {
        try work.configure(work.newCompany(), work.privateApp(resources: "store"))
        #expect(try await work.authorize("tokyo").exitCode == 0)
        #expect(try await work.sync().exitCode == 0)
        try FileManager.default.copyItem(
            atPath: work.path("private/vault.db"), toPath: work.path("vault.backup"))
        // The platform gives a new pair, and then another one.
        for _ in 1...2 {
            try sandbox.control(#"{"op":"expire-access","platform":"next-engine","account":"1"}"#)
            #expect(try await work.sync().exitCode == 0)
        }
        try restore("vault.backup", to: "private/vault.db")
        #expect(work.mode(of: "private/vault.db") == 0o600)
        let rows = try work.mirror.rows("SELECT id, payload, deleted_at FROM next_engine_shops ORDER BY id")
        let outcome = try await work.sync()
        #expect(outcome.exitCode == 3)
        #expect(
            outcome.stderr.contains("[tokyo] needs_authorization: 'tokyo' needs to be authorized again: "))
        #expect(outcome.stderr.contains("next: Run: shopmirror authorize tokyo"))
        #expect(try work.latestReport().connection("taipei")["status"]?.stringValue == "succeeded")
        #expect(
            try work.mirror.rows("SELECT id, payload, deleted_at FROM next_engine_shops ORDER BY id") == rows)
        #expect(try await work.authorize("tokyo").exitCode == 0)
        #expect(try await work.sync().exitCode == 0)
        #expect(
            try work.mirror.rows("SELECT id, payload, deleted_at FROM next_engine_shops ORDER BY id") == rows)
    }

    @Test func `without a vault the config's tokens or a sign-in begin a new one`() async throws {
        try work.configure(work.newCompany(), work.privateApp(resources: "store"))
        #expect(try await work.authorize("tokyo").exitCode == 0)
        #expect(try await work.sync().exitCode == 0)
        try #require(unlinked(work.path("private/vault.db")))
        #expect(try await work.sync().exitCode == 3)
        #expect(try work.latestReport().connection("taipei")["status"]?.stringValue == "succeeded")
        #expect(try await work.authorize("tokyo").exitCode == 0)
        #expect(try await work.sync().exitCode == 0)
    }
}
