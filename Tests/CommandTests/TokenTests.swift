import Glibc
import JSON
import Testing

/// The life of pairs that any answer may rotate, and what needs a person.
@Suite(.timeLimit(.minutes(10)))
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
        #expect(
            try work.vault.rows("SELECT access_token, refresh_token FROM tokens WHERE connection='tokyo'")
                == [pair])
        #expect(account["double_spends"]?.int64Value == 0)
    }

    /// A run that ends because a person is needed: exit code 3, the command to run and the sign-in page.
    private func expectAuthorizationNeeded(_ code: String?) async throws {
        let outcome = try await work.sync()
        #expect(outcome.exitCode == 3)
        #expect(
            outcome.stderr.contains(
                "error [tokyo] needs_authorization: 'tokyo' needs to be authorized again: "))
        let next = "Run: shopmirror authorize tokyo   (sign in at \(sandbox.address)/users/sign_in/)"
        #expect(outcome.stderr.contains("  next: \(next)\n"))
        let connection = try work.latestReport().connection("tokyo")
        #expect(connection["status"]?.stringValue == "needs_authorization")
        #expect(connection["error"]?["code"]?.stringValue == "needs_authorization")
        #expect(connection["error"]?["next_step"]?.stringValue == next)
        #expect(try work.latestReport().json["totals"]?["needs_authorization"]?.int64Value == 1)
        if let code {
            #expect(connection["error"]?["message"]?.stringValue?.contains("(code \(code))") == true)
        }
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
        // Where an answer has just come, the next call is not made yet.
        let stops = (1...6).map { "after-receive:\($0)" }.joined(separator: ",stop=")
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
        let broken =
            #"{"result":"success","data":[{"shop_id":"1",}],"access_token":"NE-NEW-A","refresh_token":"NE-NEW-R"}"#
        try sandbox.answer(Self.shops, with: broken)
        _ = try await work.sync("--max-requests", "2")
        #expect(
            try work.vault.rows("SELECT access_token, refresh_token FROM tokens") == [
                ["NE-NEW-A", "NE-NEW-R"]
            ])
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

    @Test func `after 002002 with nothing newer in the vault api_neauth is asked once, then a person`()
        async throws
    {
        try work.configure(work.nextEngine())
        #expect(try await work.sync().exitCode == 0)
        let thief = try Workplace(sandbox)
        try thief.configure(thief.nextEngine())
        try expireAccess()
        #expect(try await thief.sync().exitCode == 0)
        try await expectAuthorizationNeeded("002003")
        #expect(try sandbox.requests(to: "/api_neauth") == 1)
        #expect(
            try work.vault.rows("SELECT access_token, refresh_token FROM tokens") == [
                ["NE-ACCESS-1", "NE-REFRESH-1"]
            ])
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
        let (access, refresh) = (
            account["access_token"]?.stringValue ?? "", account["refresh_token"]?.stringValue ?? ""
        )
        try sandbox.answer(
            "/api_neauth",
            with:
                #"{"result":"success","uid":"U-77","access_token":"\#(access)","refresh_token":"\#(refresh)"}"#,
            #""match_body":"refresh_token=NE-REFRESH-1&client_id=sandbox-client&client_secret=sandbox-secret""#
        )
        #expect(try await work.sync().exitCode == 0)
        #expect(try work.vault.rows("SELECT access_token, refresh_token FROM tokens") == [[access, refresh]])
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

    @Test func `a revoked pair needs a person, the other connections go on, and 3 wins over 1`() async throws
    {
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

    @Test func `connections of other accounts go on while one is locked, and that is exit code 1`()
        async throws
    {
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
}
