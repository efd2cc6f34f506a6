import Glibc
import JSON
import Testing

/// The life of tokens: rotation, renewal, the vault, and what needs a person.
@Suite(.timeLimit(.minutes(1)))
struct TokenTests {
    let sandbox: SandboxServer
    let work: Workplace

    init() async throws {
        sandbox = try await SandboxServer()
        work = try Workplace(sandbox)
    }

    private static let shops = "/api_v1_master_shop/search"

    private func expireAccess() throws {
        try sandbox.control(#"{"op":"expire-access","platform":"next-engine","account":"1"}"#)
    }

    /// Whether the vault holds the pair that the platform would take next.
    private func expectCurrentPair() throws {
        let account = try sandbox.account("NE0000042", of: "next-engine")
        let pair = [account["access_token"]?.stringValue, account["refresh_token"]?.stringValue]
        #expect(try work.vault.rows("SELECT access_token, refresh_token FROM tokens WHERE connection='tokyo'") == [pair])
        #expect(account["double_spends"]?.int64Value == 0)
    }

    /// A run that ends because a person is needed: exit code 3, the command to run and the sign-in page.
    private func expectAuthorizationNeeded(_ code: String?) async throws {
        let outcome = try await work.sync()
        #expect(outcome.exitCode == 3)
        #expect(outcome.stderr.contains("error [tokyo] needs_authorization: 'tokyo' needs to be authorized again: "))
        let next = "Run: shopmirror authorize tokyo   (sign in at \(sandbox.address)/users/sign_in/)"
        #expect(outcome.stderr.contains("  next: \(next)\n"))
        let connection = try work.latestReport().connection("tokyo")
        #expect(connection["status"]?.stringValue == "needs_authorization")
        #expect(connection["error"]?["code"]?.stringValue == "needs_authorization")
        #expect(connection["error"]?["next_step"]?.stringValue == next)
        #expect(try work.latestReport().json["totals"]?["needs_authorization"]?.int64Value == 1)
        if let code { #expect(connection["error"]?["message"]?.stringValue?.contains("(code \(code))") == true) }
    }

    // MARK: Next Engine

    @Test func `an expired pair is rotated by the run's first call and kept`() async throws {
        try work.configure(work.nextEngine())
        try expireAccess()
        #expect(try await work.sync().exitCode == 0)
        try expectCurrentPair()
        #expect(try sandbox.account("NE0000042", of: "next-engine")["refreshes"]?.int64Value == 1)
        #expect(try work.latestReport().connection("tokyo")["token"]?["refreshes"]?.int64Value == 1)
        #expect(try await work.sync().exitCode == 0)
        try expectCurrentPair()
    }

    @Test func `every page may rotate, and each call carries the pair of the answer before`() async throws {
        try work.configure(work.nextEngine(resources: "goods", "[connections.tokyo.goods]\nlimit = 10"))
        let stops = (1...6).map { "before-page-commit:\($0)" }.joined(separator: ",stop=")
        let run = try await work.startSync(stoppingAt: stops)
        for _ in 1...5 {
            try expireAccess()
            run.process.send(SIGCONT)
            #expect(await run.process.next() == .stopped)
        }
        try expireAccess()
        #expect(try await run.goOn().exitCode == 0)
        try expectCurrentPair()
        #expect(try sandbox.account("NE0000042", of: "next-engine")["refreshes"]?.int64Value ?? 0 >= 5)
        #expect(try work.mirror.count("SELECT count(*) FROM next_engine_goods") == 120)
    }

    @Test(arguments: ["busy", "not-permitted"])
    func `a pair that was rotated in a refusal is kept`(kind: String) async throws {
        try work.configure(work.nextEngine())
        try expireAccess()
        try sandbox.fault(kind, at: "/api_v1_login_company/info", "\"times\":99")
        _ = try await work.sync()
        #expect(try sandbox.account("NE0000042", of: "next-engine")["refreshes"]?.int64Value == 1)
        try expectCurrentPair()
    }

    @Test func `a pair in a body that is no JSON is kept`() async throws {
        try work.configure(work.nextEngine())
        let broken = #"{"result":"success","data":[{"shop_id":"1",}],"access_token":"NE-NEW-A","refresh_token":"NE-NEW-R"}"#
        try sandbox.answer(Self.shops, with: broken)
        _ = try await work.sync("--max-requests", "2")
        #expect(
            try work.vault.rows("SELECT access_token, refresh_token FROM tokens") == [["NE-NEW-A", "NE-NEW-R"]])
    }

    @Test(arguments: [
        #""access_token":"","refresh_token":"""#, #""access_token":null,"refresh_token":null"#, #""uid":"""#,
    ])
    func `an answer without a token never erases one`(members: String) async throws {
        try work.configure(work.nextEngine())
        try sandbox.answer(
            Self.shops, with: #"{"result":"error","code":"004001","message":"x",\#(members)}"#, "\"times\":9")
        #expect(try await work.sync().exitCode == 1)
        try expectCurrentPair()
    }

    @Test func `after 002002 with nothing newer in the vault api_neauth is asked once, then a person`() async throws {
        try work.configure(work.nextEngine())
        #expect(try await work.sync().exitCode == 0)
        let thief = try Workplace(sandbox)
        try thief.configure(thief.nextEngine())
        try expireAccess()
        #expect(try await thief.sync().exitCode == 0)
        try await expectAuthorizationNeeded("002003")
        #expect(try sandbox.requests(to: "/api_neauth") == 1)
        #expect(
            try work.vault.rows("SELECT access_token, refresh_token FROM tokens") == [["NE-ACCESS-1", "NE-REFRESH-1"]])
        #expect(try work.vault.count("SELECT count(*) FROM tokens WHERE refused IS NOT NULL") == 1)
    }

    @Test func `what api_neauth gives is stored and used`() async throws {
        try work.configure(work.nextEngine())
        #expect(try await work.sync().exitCode == 0)
        let other = try Workplace(sandbox)
        try other.configure(other.nextEngine())
        try expireAccess()
        #expect(try await other.sync().exitCode == 0)
        let account = try sandbox.account("NE0000042", of: "next-engine")
        let (access, refresh) = (account["access_token"]?.stringValue ?? "", account["refresh_token"]?.stringValue ?? "")
        try sandbox.answer(
            "/api_neauth",
            with: #"{"result":"success","uid":"U-77","access_token":"\#(access)","refresh_token":"\#(refresh)"}"#,
            #""match_body":"refresh_token=NE-REFRESH-1&client_id=sandbox-client&client_secret=sandbox-secret""#)
        #expect(try await work.sync().exitCode == 0)
        try expectCurrentPair()
    }

    @Test func `an expired refresh token needs a person`() async throws {
        try work.configure(work.nextEngine())
        try sandbox.control(#"{"op":"expire-refresh","platform":"next-engine","account":"1"}"#)
        try await expectAuthorizationNeeded("002004")
        try expectCurrentPair()
    }

    @Test func `a redirect result needs a person`() async throws {
        try work.configure(work.nextEngine())
        try sandbox.control(
            #"{"op":"switch","name":"next-engine.expired-result","value":"redirect"}"#,
            #"{"op":"expire-refresh","platform":"next-engine","account":"1"}"#)
        try await expectAuthorizationNeeded(nil)
    }

    @Test func `a revoked pair needs a person, the other connections go on, and 3 wins over 1`() async throws {
        try work.configure(
            work.nextEngine(), work.nextEngine("osaka", account: 2), work.shopline(resources: "store"))
        try sandbox.control(#"{"op":"revoke","platform":"next-engine","account":"1"}"#)
        try sandbox.fault("status", at: "/merchants/shop.json", #""status":500,"times":99"#)
        try await expectAuthorizationNeeded("002003")
        let report = try work.latestReport()
        #expect(report.status == "partial")
        #expect(try report.connection("osaka")["status"]?.stringValue == "succeeded")
        #expect(try report.connection("taipei")["status"]?.stringValue == "failed")
    }

    @Test func `a connection without a first token needs a person and nobody is called`() async throws {
        try work.configure(
            """
            [connections.tokyo]
            platform = "next-engine"
            client_id = { env = "NE_ID" }
            client_secret = { env = "NE_SECRET" }
            base_url = "\(sandbox.address)"
            """)
        try await expectAuthorizationNeeded(nil)
        #expect(try sandbox.requestCount == 0)
    }

    @Test func `two runs never use one pair at the same time`() async throws {
        try work.configure(work.nextEngine())
        try work.configure(work.nextEngine(), storage: "mirror = \"other/mirror.db\"", file: "other.toml")
        let first = try await work.startSync(stoppingAt: "before-page-commit:1")
        let asked = try sandbox.requestCount
        let second = try await work.run(["sync", "-c", work.path("other.toml"), "--report", "-"])
        #expect(try Report(second.stdout).connection("tokyo")["error"]?["code"]?.stringValue == "locked")
        #expect(try sandbox.requestCount == asked)
        #expect(try await first.goOn().exitCode == 0)
        #expect(try await work.run(["sync", "-c", work.path("other.toml")]).exitCode == 0)
    }

    @Test func `connections of other accounts go on while one is locked, and that is exit code 1`() async throws {
        try work.configure(work.nextEngine())
        try work.configure(
            work.nextEngine(), work.shopline(resources: "store"), storage: "mirror = \"other/mirror.db\"",
            file: "other.toml")
        let first = try await work.startSync(stoppingAt: "before-page-commit:1")
        let second = try await work.run(["sync", "-c", work.path("other.toml"), "--report", "-"])
        #expect(second.exitCode == 1)
        #expect(try Report(second.stdout).status == "partial")
        #expect(try await first.goOn().exitCode == 0)
    }

    // MARK: SHOPLINE

    @Test func `an access token that ends in the middle is renewed once and the page asked for again`() async throws {
        try work.configure(work.shopline("taipei", resources: "orders", "[connections.taipei.orders]\nlimit = 25"))
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
        try work.configure(work.shopline("taipei", resources: "orders", "[connections.taipei.orders]\nlimit = 25"))
        try work.configure(
            work.shopline("taipei", resources: "store"), storage: "mirror = \"other/mirror.db\"", file: "other.toml")
        let first = try await work.startSync(stoppingAt: "before-page-commit:2")
        try sandbox.control(#"{"op":"expire-access","platform":"shopline","account":"open001"}"#)
        #expect(try await work.run(["sync", "-c", work.path("other.toml")]).exitCode == 0)
        #expect(try sandbox.account("open001", of: "shopline")["refreshes"]?.int64Value == 1)
        #expect(try await first.goOn().exitCode == 0)
        #expect(try sandbox.account("open001", of: "shopline")["refreshes"]?.int64Value == 1)
    }

    @Test func `a token is renewed ahead of its end`() async throws {
        try work.configure(work.shopline("taipei", resources: "store"))
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
        try work.configure(work.shopline("taipei", resources: "orders"), work.nextEngine(resources: "shops goods"))
        #expect(try await work.sync().exitCode == 0)
        #expect(try sandbox.requests(to: "/merchants/shop.json") == 1)
        #expect(try sandbox.requests(to: "/api_v1_login_company/info") == 1)
        #expect(
            try work.mirror.rows("SELECT connection, platform, account_id, name FROM accounts WHERE connection='tokyo'")
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
        #expect(outcome.stderr.contains("The vault \(path) can be read by others (mode 0\(String(mode, radix: 8)))"))
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
