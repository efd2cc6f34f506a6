import Foundation
import JSON
import Testing

/// A process killed at any instant leaves a mirror from which the next run goes on.
@Suite(.timeLimit(.minutes(10)))
struct CrashTests {
    private func configure(_ work: Workplace) throws {
        try work.configure(
            work.shopline("taipei", resources: "store orders", "[connections.taipei.orders]\nlimit = 40"),
            work.nextEngine("tokyo", resources: "shops goods", "[connections.tokyo.goods]\nlimit = 30"))
    }

    private static let instants = [
        "after-receive", "after-vault-commit", "before-page-commit", "after-page-commit",
        "before-report-rename",
        "after-report-rename",
    ]

    @Test(arguments: instants)
    func `a run after a kill ends as if there had been none`(instant: String) async throws {
        let sandbox = try await SandboxServer()
        let calm = try Workplace(sandbox)
        try configure(calm)
        #expect(try await calm.sync().exitCode == 0)
        let expected = try calm.mirror.canonicalDump()
        #expect(expected.count > 400)
        var killed = 0
        for count in [1, 2, 3, 5, 8, 12] {
            let work = try Workplace(sandbox)
            try configure(work)
            // The platform rotates the pair on the run's first call.
            try sandbox.control(
                #"{"op":"reset"}"#, #"{"op":"expire-access","platform":"next-engine","account":"1"}"#)
            let crashed = try await work.sync(hooks: "crash=\(instant):\(count)")
            guard crashed.exit == .killed(9) else {
                #expect(crashed.exitCode == 0)
                continue
            }
            killed += 1
            // A pair that was lost between the platform's answer and the vault is nobody's to save.
            let account = try sandbox.account("NE0000042", of: "next-engine")
            let held = try work.vault.text("SELECT access_token FROM tokens WHERE connection='tokyo'")
            if held != account["access_token"]?.stringValue {
                try sandbox.control(#"{"op":"reset"}"#)
            }
            let outcome = try await work.sync()
            #expect(outcome.exitCode == 0, "\(instant):\(count): \(outcome.stderr)")
            #expect(try work.mirror.canonicalDump() == expected, "\(instant):\(count)")
            #expect(try work.mirror.count("SELECT count(*) FROM runs WHERE finished_at IS NULL") == 0)
            #expect(try work.mirror.text("PRAGMA integrity_check") == "ok")
        }
        #expect(killed > 0)
    }

    @Test func `after a kill at most one page is asked for again`() async throws {
        let sandbox = try await SandboxServer()
        let work = try Workplace(sandbox)
        try work.configure(
            work.shopline("taipei", resources: "orders", "[connections.taipei.orders]\nlimit = 10"))
        let crashed = try await work.sync(hooks: "crash=before-page-commit:8")
        #expect(crashed.exit == .killed(9))
        #expect(try work.mirror.count("SELECT count(*) FROM shopline_orders") == 70)
        #expect(try await work.sync().exitCode == 0)
        let orders = try work.latestReport().resource("orders")
        #expect(orders["resumed"]?.boolValue == true)
        #expect(orders["records"]?["fetched"]?.int64Value == 180)
        #expect(orders["records"]?["inserted"]?.int64Value == 180)
    }

    @Test
    func `indexes by time that a killed run could not make come with the next, though it is no full one`()
        async throws
    {
        let work = try Workplace(await SandboxServer())
        try work.configure(work.shopline(resources: "orders"), work.nextEngine())
        #expect(try await work.sync().exitCode == 0)
        // The other connection may have come after the orders.
        #expect(try await work.sync().exitCode == 0)
        let indexes = "SELECT name FROM sqlite_master WHERE name LIKE '%created' ORDER BY name"
        let made = try work.mirror.texts(indexes).compactMap { $0 }
        try work.mirror.execute(made.map { "DROP INDEX \($0)" }.joined(separator: ";"))
        #expect(try await work.sync().exitCode == 0)
        #expect(try work.latestReport().resource("orders")["mode"]?.stringValue == "incremental")
        #expect(try work.mirror.texts(indexes) == made && made.count == 2)
    }

    @Test func `a killed run is closed by the next`() async throws {
        let work = try Workplace(await SandboxServer())
        try work.configure(work.shopline(resources: "store"))
        #expect(try await work.sync(hooks: "crash=after-page-commit:1").exit == .killed(9))
        #expect(try work.mirror.texts("SELECT status FROM runs") == ["running"])
        #expect(try await work.sync().exitCode == 0)
        #expect(
            try work.mirror.texts("SELECT status FROM runs ORDER BY run_id") == ["interrupted", "succeeded"])
        #expect(try work.mirror.count("SELECT count(*) FROM runs WHERE finished_at IS NULL") == 0)
    }

    @Test func `a killed run is said to have ended at its last page, with a code that nobody saw`()
        async throws
    {
        let work = try Workplace(await SandboxServer())
        try work.configure(work.shopline(resources: "store"))
        #expect(try await work.sync(hooks: "crash=after-page-commit:1").exit == .killed(9))
        // As if that page had come ten minutes after the start.
        let written = try FileManager.default.attributesOfItem(atPath: work.path("data/mirror.db.lock"))
        let page = try #require(written[.modificationDate] as? Date).addingTimeInterval(600)
        try FileManager.default.setAttributes(
            [.modificationDate: page], ofItemAtPath: work.path("data/mirror.db.lock"))
        // A dry run in between keeps nothing, and forgets nothing.
        #expect(try await work.sync("--dry-run", hooks: "clock=1800").exitCode == 0)
        #expect(try await work.sync(hooks: "clock=3600").exitCode == 0)
        let killed = try work.mirror.rows(
            "SELECT status, exit_code, report, unixepoch(finished_at) - unixepoch(started_at) FROM runs ORDER BY run_id LIMIT 1"
        )[0]
        #expect(killed[..<3] == ["interrupted", nil, nil])
        #expect((600...602).contains(killed[3].flatMap { Int($0) } ?? 0), "\(killed)")
        #expect(work.reports.filter { $0 != "latest.json" && $0.hasSuffix(".json") }.count == 2)
    }

    @Test func `a kill before the rename leaves the old report whole`() async throws {
        let work = try Workplace(await SandboxServer())
        try work.configure(work.shopline(resources: "store"))
        try await work.sync()
        let before = try work.bytes("data/reports/latest.json")
        #expect(try await work.sync(hooks: "crash=before-report-rename:1").exit == .killed(9))
        #expect(try work.bytes("data/reports/latest.json") == before)
        #expect(work.reports.filter { $0.hasSuffix(".json") }.count == 1)
        #expect(try work.mirror.count("SELECT count(*) FROM runs WHERE status='succeeded'") == 2)
    }

    @Test func `a rotated pair is in the vault before its page is in the mirror`() async throws {
        let sandbox = try await SandboxServer()
        let work = try Workplace(sandbox)
        try work.configure(work.nextEngine(resources: "shops"))
        try sandbox.control(#"{"op":"expire-access","platform":"next-engine"}"#)
        #expect(try await work.sync(hooks: "crash=after-vault-commit:1").exit == .killed(9))
        let account = try sandbox.account("NE0000042", of: "next-engine")
        #expect(account["refreshes"]?.int64Value == 1)
        let held = try work.vault.rows("SELECT access_token, refresh_token FROM tokens")
        #expect(held == [[account["access_token"]?.stringValue, account["refresh_token"]?.stringValue]])
        #expect(try await work.sync().exitCode == 0)
        #expect(try sandbox.account("NE0000042", of: "next-engine")["double_spends"]?.int64Value == 0)
    }
}
