import Glibc
import JSON
import Testing

/// Renewal, whose account a token opens, the first tokens of the config, and the vault's file.
@Suite(.timeLimit(.minutes(1)))
struct VaultTests {
    let sandbox: SandboxServer
    let work: Workplace

    init() async throws {
        sandbox = try await SandboxServer()
        work = try Workplace(sandbox)
    }

    private func expireAccess() throws {
        try sandbox.control(#"{"op":"expire-access","platform":"next-engine","account":"1"}"#)
    }

    /// Whether the vault holds the pair that the platform would take next.
    private func expectCurrentPair() throws {
        let account = try sandbox.account("NE0000042", of: "next-engine")
        let pair = [account["access_token"]?.stringValue, account["refresh_token"]?.stringValue]
        #expect(
            try work.vault.rows("SELECT access_token, refresh_token FROM tokens WHERE connection='tokyo'")
                == [pair])
        #expect(account["double_spends"]?.int64Value == 0)
    }

    // MARK: SHOPLINE

    @Test func `an access token that ends in the middle is renewed once and the page asked for again`()
        async throws
    {
        try work.configure(
            work.shopline("taipei", resources: "orders", "[connections.taipei.orders]\nlimit = 25"))
        let run = try await work.startSync(stoppingAt: "before-page-commit:2")
        try sandbox.control(#"{"op":"expire-access","platform":"shopline","account":"open001"}"#)
        #expect(try await run.goOn().exitCode == 0)
        #expect(try sandbox.account("open001", of: "shopline")["refreshes"]?.int64Value == 1)
        #expect(try work.latestReport().connection("taipei")["token"]?["refreshes"]?.int64Value == 1)
        #expect(try work.mirror.count("SELECT count(*) FROM shopline_orders") == 250)
        let current = try sandbox.account("open001", of: "shopline")["access_token"]?.stringValue
        #expect(try work.vault.text("SELECT access_token FROM tokens") == current)
    }

    @Test func `whoever comes second uses what the first one got`() async throws {
        try work.configure(
            work.shopline("taipei", resources: "orders", "[connections.taipei.orders]\nlimit = 25"))
        try work.configure(
            work.shopline("taipei", resources: "store"), storage: "mirror = \"other/mirror.db\"",
            file: "other.toml")
        let first = try await work.startSync(stoppingAt: "before-page-commit:2")
        try sandbox.control(#"{"op":"expire-access","platform":"shopline","account":"open001"}"#)
        #expect(try await work.run(["sync", "-c", work.path("other.toml")]).exitCode == 0)
        #expect(try sandbox.account("open001", of: "shopline")["refreshes"]?.int64Value == 1)
        #expect(try await first.goOn().exitCode == 0)
        #expect(try sandbox.account("open001", of: "shopline")["refreshes"]?.int64Value == 1)
    }

    @Test func `a token is renewed ahead of its end`() async throws {
        try work.configure(work.shopline("taipei", resources: "locations"))
        try sandbox.control(#"{"op":"expire-access","platform":"shopline","account":"open001"}"#)
        #expect(try await work.sync().exitCode == 0)
        #expect(try sandbox.account("open001", of: "shopline")["refreshes"]?.int64Value == 1)
        // Ten hours' life; half an hour before its end the platform would still take it.
        let soon = 36_000 - 1_700
        try sandbox.control(#"{"op":"clock","advance_seconds":\#(soon)}"#)
        #expect(try await work.sync(hooks: "clock=\(soon)").exitCode == 0)
        #expect(try sandbox.account("open001", of: "shopline")["refreshes"]?.int64Value == 2)
        #expect(try work.latestReport().json["totals"]?["http"]?["errors"]?.int64Value == 0)
    }

    @Test func `a renewal that fails for now keeps the stored token`() async throws {
        try work.configure(work.shopline("taipei", resources: "store"))
        #expect(try await work.sync().exitCode == 0)
        try sandbox.control(#"{"op":"expire-access","platform":"shopline","account":"open001"}"#)
        try sandbox.fault("status", at: "/oauth/token/refresh", #""status":503,"times":99"#)
        let outcome = try await work.sync()
        #expect(outcome.exitCode == 1)
        #expect(outcome.stderr.contains("error [taipei] server_failed: "))
        #expect(try work.vault.text("SELECT access_token FROM tokens") == "SL-ACCESS-1-open001")
        try sandbox.control(#"{"op":"clear-faults"}"#)
        #expect(try await work.sync().exitCode == 0)
    }

    @Test func `an app that was removed needs a person`() async throws {
        try work.configure(work.shopline("taipei", resources: "store"))
        try sandbox.control(#"{"op":"revoke","platform":"shopline","account":"open001"}"#)
        let outcome = try await work.sync()
        #expect(outcome.exitCode == 3)
        #expect(outcome.stderr.contains("STORE_NOT_INSTALL_APP"))
        #expect(outcome.stderr.contains("Run: shopmirror authorize taipei"))
    }

    @Test func `a private app's token is never renewed`() async throws {
        try work.configure(work.privateApp(resources: "store orders"))
        #expect(try await work.sync().exitCode == 0)
        try sandbox.control(#"{"op":"revoke","platform":"shopline","account":"open001"}"#)
        let outcome = try await work.sync()
        #expect(outcome.exitCode == 3)
        #expect(try sandbox.requests(to: "/oauth/") == 0)
        #expect(try work.vault.text("SELECT access_token FROM tokens") == "SL-STATIC-open001")
    }

    // MARK: Whose account

    @Test func `a token of another account stops the connection before anything is written`() async throws {
        try work.configure(work.shopline("taipei", store: 1), work.nextEngine())
        #expect(try await work.sync().exitCode == 0)
        let before = try work.mirror.canonicalDump()
        try work.configure(work.shopline("taipei", store: 2), work.nextEngine("tokyo", account: 2))
        let outcome = try await work.sync("--full")
        #expect(outcome.exitCode == 3)
        let report = try work.latestReport()
        for id in ["taipei", "tokyo"] {
            #expect(try report.connection(id)["error"]?["code"]?.stringValue == "identity_mismatch")
            #expect(outcome.stderr.contains("Run: shopmirror authorize \(id) and sign in to "))
        }
        #expect(report.total("fetched") == 0)
        #expect(try work.mirror.canonicalDump() == before)
    }

    @Test func `the account is asked for once per run and remembered`() async throws {
        try work.configure(
            work.shopline("taipei", resources: "orders"), work.nextEngine(resources: "shops goods"))
        #expect(try await work.sync().exitCode == 0)
        #expect(try sandbox.requests(to: "/merchants/shop.json") == 1)
        #expect(try sandbox.requests(to: "/api_v1_login_company/info") == 1)
        #expect(
            try work.mirror.rows(
                "SELECT connection, platform, account_id, name FROM accounts WHERE connection='tokyo'")
                == [["tokyo", "next-engine", "NE0000042", "Sakura Store"]])
        #expect(try work.latestReport().connection("tokyo")["account"]?["id"]?.stringValue == "NE0000042")
    }

    // MARK: Seeds

    @Test func `the vault's newer token wins until the config's is changed`() async throws {
        try work.configure(work.shopline("taipei", resources: "store"))
        try sandbox.control(#"{"op":"expire-access","platform":"shopline","account":"open001"}"#)
        #expect(try await work.sync().exitCode == 0)
        let renewed = try work.vault.text("SELECT access_token FROM tokens")
        #expect(renewed != "SL-ACCESS-1-open001")
        #expect(try await work.sync().exitCode == 0)
        #expect(try work.vault.text("SELECT access_token FROM tokens") == renewed)
        #expect(try await work.sync(environment: ["SL_TOKEN_1": "SL-STATIC-open001"]).exitCode == 0)
        #expect(try work.vault.text("SELECT access_token FROM tokens") == "SL-STATIC-open001")
    }

    // MARK: The vault's file

    @Test func `vault and folder are for their owner alone`() async throws {
        try work.configure(work.shopline(resources: "store"))
        #expect(try await work.sync().exitCode == 0)
        #expect(work.mode(of: "private") == 0o700)
        #expect(work.mode(of: "private/vault.db") == 0o600)
        #expect(try work.vault.text("PRAGMA journal_mode") == "delete")
    }

    @Test(arguments: [mode_t(0o640), 0o604, 0o666])
    func `a vault that others can read is refused with exit code 5`(mode: mode_t) async throws {
        try work.configure(work.shopline(resources: "store"))
        #expect(try await work.sync().exitCode == 0)
        let asked = try sandbox.requestCount
        try #require(chmod(work.path("private/vault.db"), mode) == 0)
        let outcome = try await work.sync()
        #expect(outcome.exitCode == 5)
        let path = work.path("private/vault.db")
        #expect(
            outcome.stderr.contains(
                "The vault \(path) can be read by others (mode 0\(String(mode, radix: 8)))"))
        #expect(outcome.stderr.contains("Run: chmod 600 \(path)"))
        #expect(try sandbox.requestCount == asked)
        #expect(try work.latestReport().json["error"]?["code"]?.stringValue == "storage_failed")
    }

    @Test func `an old token is gone from the vault's files`() async throws {
        try work.configure(work.nextEngine())
        #expect(try await work.sync().exitCode == 0)
        #expect(try work.bytes("private/vault.db").contains("NE-REFRESH-1"))
        for _ in 1...3 {
            try expireAccess()
            #expect(try await work.sync().exitCode == 0)
        }
        let files = try Files.all(in: work.path("private"))
        for (name, bytes) in files {
            #expect(!bytes.contains("NE-ACCESS-1"), "\(name)")
            #expect(!bytes.contains("NE-REFRESH-1"), "\(name)")
        }
        try expectCurrentPair()
    }

    @Test func `a dry run keeps rotated tokens`() async throws {
        try work.configure(work.nextEngine())
        try expireAccess()
        #expect(try await work.sync("--dry-run").exitCode == 0)
        try expectCurrentPair()
        #expect(!work.exists("data/mirror.db"))
    }
}
