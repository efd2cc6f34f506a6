import JSON
import Testing

/// A platform wholly from the config, by the example of the older SHOPLINE Open API.
@Suite(.timeLimit(.minutes(10)))
struct RestCommandTests {
    private func work(_ shop: OpenShop, _ more: String = "", tokens: Bool = true, limit: Int = 4) throws
        -> Workplace
    {
        let work = try Workplace()
        try work.configure(shop.connection(more, tokens: tokens, limit: limit))
        return work
    }

    private func run(_ work: Workplace, _ words: String..., hooks: String = "") async throws
        -> Workplace.Outcome
    {
        try await work.run(
            words + ["-c", work.path("config.toml")], hooks: hooks, environment: OpenShop.secrets)
    }

    private let everything = Set(OpenShop.secrets.values)

    @Test func `every page is mirrored, then only what changed`() async throws {
        let shop = try OpenShop(orders: 10)
        let work = try work(shop)
        let first = try await run(work, "sync")
        #expect(first.exitCode == 0 && first.stderr == "", "\(first.stderr)")
        #expect(shop.api.requests.map { $0.query["page"] } == ["1", "2", "3"])
        #expect(shop.api.requests.allSatisfy { $0.headers["user-agent"] == "open-shop" })
        #expect(
            try work.mirror.rows(
                "SELECT connection, id, status, total_cents, created_at, updated_at FROM rest_asia_orders ORDER BY id LIMIT 1"
            ) == [
                ["asia", OpenShop.id(1), "pending", "1290", "2026-10-01T00:00:00Z", "2026-11-02T08:00:00Z"]
            ])
        #expect(try work.latestReport().resource("orders", of: "asia")["complete"] == .bool(true))

        shop.change { $0.orders[9] = (10, "completed", "2026-11-20T09:00:00.000+00:00") }
        #expect(try await run(work, "sync").exitCode == 0)
        // The newest modification time that was received, less the overlap.
        #expect(shop.api.requests.last?.query["updated_after"] == "2026-11-09 07:50:00")
        let report = try work.latestReport()
        #expect(try report.count("updated", of: "orders", in: "asia") == 1)
        #expect(try report.resource("orders", of: "asia")["mode"]?.stringValue == "incremental")

        shop.change { $0.orders.removeFirst() }
        #expect(try await run(work, "sync", "--full").exitCode == 0)
        #expect(
            try work.mirror.texts("SELECT id FROM rest_asia_orders WHERE deleted_at IS NOT NULL") == [
                OpenShop.id(1)
            ])
    }

    @Test func `a rotated pair is stored before anything else, and used from then on`() async throws {
        let shop = try OpenShop(orders: 3)
        let work = try work(shop)
        #expect(try await run(work, "sync").exitCode == 0)
        // The access token ends; the process is killed right after the new pair was stored.
        shop.change { $0.access = "revoked" }
        let killed = try await run(work, "sync", hooks: "crash=after-vault-commit:1")
        #expect(killed.exitCode == nil)
        #expect(try work.storedTokens(of: "asia") == ["OPEN-ACCESS-2", "OPEN-REFRESH-2"])
        #expect(try await run(work, "sync").exitCode == 0)
        #expect(shop.api.requests.filter { $0.path == "/oauth/token" }.count == 1)
        try work.expectNowhere(["OPEN-ACCESS", "OPEN-REFRESH", "open-client-secret"], in: [killed])
    }

    @Test func `a 401 renews once and repeats once`() async throws {
        let shop = try OpenShop(orders: 3)
        let work = try work(shop)
        shop.change { $0.access = "revoked" }
        #expect(try await run(work, "sync").exitCode == 0)
        #expect(shop.api.requests.map(\.path) == ["/v1/orders", "/oauth/token", "/v1/orders"])
        // Renewed, and still refused: a person is asked, nobody is asked for ever.
        shop.change {
            $0.tokenAnswer = .init(body: #"{"access_token":"OTHER-TOKEN","expires_in":3600}"#);
            $0.access = "revoked"
        }
        let before = shop.api.requests.count
        let refused = try await run(work, "sync")
        #expect(refused.exitCode == 3)
        #expect(shop.api.requests.count == before + 3)
        #expect(refused.stderr.contains("shopmirror authorize asia --import"), "\(refused.stderr)")
    }

    @Test func `the end that the answer named is kept, and renewed ahead of`() async throws {
        let shop = try OpenShop(orders: 3)
        let work = try work(shop)
        shop.change { state in
            state.life = 7200
            state.access = "revoked"
        }
        #expect(try await run(work, "sync").exitCode == 0)
        let before = shop.api.requests.count
        #expect(try await run(work, "sync", hooks: "clock=7000").exitCode == 0)
        #expect(shop.api.requests.dropFirst(before).map(\.path) == ["/v1/orders"])
        let late = shop.api.requests.count
        #expect(try await run(work, "sync", hooks: "clock=7190").exitCode == 0)
        #expect(shop.api.requests.dropFirst(late).map(\.path) == ["/oauth/token", "/v1/orders"])
    }

    @Test(arguments: [
        (
            #"{"error":"invalid_grant","error_description":"revoked"}"#, 3, "needs_authorization",
            "code invalid_grant"
        ),
        (
            #"{"error":{"code":"E17","message":"token is used up"}}"#, 3, "needs_authorization",
            "token is used up"
        ),
        (#"{"code":40001,"message":"token is used up"}"#, 3, "needs_authorization", "code 40001"),
        (
            #"{"error":"invalid_client","access_token":"PLANTED-TOKEN"}"#, 1, "client_rejected",
            "Check client_id, client_secret"
        ),
        ("<html>busy</html>", 1, "malformed_response", "asia"),
        ("{}", 1, "malformed_response", "brought no access_token"),
    ])
    func `a token endpoint that answers 200 with an error body is a refusal, and nothing is stored`(
        body: String, exitCode: Int32, code: String, words: String
    ) async throws {
        let shop = try OpenShop(orders: 3)
        let work = try work(shop, "max_attempts = 1")
        shop.change { state in
            state.access = "revoked"
            state.tokenAnswer = .init(body: body)
        }
        let outcome = try await run(work, "sync")
        #expect(outcome.exitCode == exitCode, "\(outcome.stderr)")
        let connection = try work.latestReport().connection("asia")
        let errors = [connection["error"], connection["resources"]?[0]?["error"]]
        #expect(errors.compactMap { $0?["code"]?.stringValue }.first == code)
        #expect(outcome.stderr.contains(words), "\(outcome.stderr)")
        #expect(try work.storedTokens(of: "asia") == ["OPEN-ACCESS-1", "OPEN-REFRESH-1"])
        try work.expectNowhere(["PLANTED-TOKEN", "OPEN-REFRESH"], in: [outcome])
    }

    @Test func `a refresh token is imported, exchanged and kept`() async throws {
        let shop = try OpenShop(orders: 3)
        let work = try work(shop, tokens: false)
        try work.configure(
            shop.connection(tokens: false).replacing(
                "{ env = \"OPEN_SECRET\" }", with: "\"open-client-secret\""))
        let none = try await run(work, "sync")
        #expect(
            none.exitCode == 3 && none.stderr.contains("shopmirror authorize asia --import"), "\(none.stderr)"
        )
        let page = try await work.command("authorize", "asia")
        #expect(page.exitCode == 2 && page.stderr.contains("has no sign-in page"), "\(page.stderr)")
        let text = #"{"refresh_token":"OPEN-REFRESH-1"}"#
        let imported = try await work.run(
            ["authorize", "asia", "--import", "-c", work.path("config.toml")], input: text)
        #expect(imported.exitCode == 0, "\(imported.stderr)")
        #expect(try work.storedTokens(of: "asia") == ["OPEN-ACCESS-2", "OPEN-REFRESH-2"])
        #expect(try await run(work, "sync").exitCode == 0)
        #expect(shop.api.requests.filter { $0.path == "/oauth/token" }.count == 1)
    }

    @Test func `an imported pair whose first call fails is kept, since it may be spent`() async throws {
        let shop = try OpenShop(orders: 3)
        let work = try work(shop, tokens: false)
        let config = shop.connection(tokens: false).replacing("open-shop", with: "other")
            .replacing("{ env = \"OPEN_SECRET\" }", with: "\"open-client-secret\"")
        try work.configure(config)
        let text = #"{"refresh_token":"OPEN-REFRESH-1"}"#
        let imported = try await work.run(
            ["authorize", "asia", "--import", "-c", work.path("config.toml")], input: text)
        #expect(
            imported.exitCode == 1 && imported.stderr.contains("User-Agent is missing"), "\(imported.stderr)")
        #expect(try work.storedTokens(of: "asia") == ["OPEN-ACCESS-2", "OPEN-REFRESH-2"])
    }

    @Test func `the other commands know it`() async throws {
        let shop = try OpenShop(orders: 3)
        let work = try work(shop)
        let check = try await run(work, "check")
        #expect(check.exitCode == 0 && check.stdout.contains("asia"), "\(check.stderr)")
        #expect(shop.api.requests.isEmpty)
        let online = try await run(work, "check", "--online")
        #expect(online.exitCode == 0, "\(online.stderr)")
        #expect(shop.api.requests.map(\.path) == ["/v1/orders"])
        #expect(shop.api.requests.last?.query["per_page"] == "1")
        #expect(try await run(work, "sync").exitCode == 0)
        let status = try await run(work, "status")
        #expect(status.exitCode == 0 && status.stdout.contains("orders"), "\(status.stdout)")
        let tokens = try await run(work, "tokens")
        #expect(tokens.exitCode == 0 && tokens.stdout.contains("ok"), "\(tokens.stdout)")
        let verify = try await run(work, "verify")
        #expect(verify.exitCode == 0 && verify.stdout.contains("nothing to compare"), "\(verify.stdout)")
        let platforms = try await run(work, "platforms", "rest")
        #expect(platforms.stdout.contains("[connections.ID.custom.NAME]"))
        shop.change {
            $0.access = "revoked"; $0.refresh = "revoked"
        }
        let refused = try await run(work, "check", "--online")
        #expect(refused.exitCode == 3 && refused.stderr.contains("invalid_grant"), "\(refused.stderr)")
        let after = try await run(work, "status")
        #expect(after.exitCode == 3 && after.stdout.contains("--import"), "\(after.stdout)")
    }

    @Test func `a platform that tells whose account it is is held to it`() async throws {
        let owner = SharedText("77")
        let api = try LoopbackAPI { request in
            if request.path == "/v2/me" {
                return .init(body: "{\"user\":{\"id\":\(owner.text),\"name\":\"One\"}}")
            }
            return .init(body: #"{"things":[{"id":1}]}"#)
        }
        let work = try Workplace()
        try work.configure(
            """
            [connections.k]
            platform = "rest"
            base_url = "\(api.address)/v2"
            auth = "header"
            auth_header = "X-Key"
            api_key = "the-secret-key"
            account_path = "/me"
            account_id = "user.id"
            account_name = "user.name"
            requests_per_second = 0
            [connections.k.custom.things]
            path = "things"
            records = "things"
            key = ["id"]
            """)
        #expect(try await work.sync().exitCode == 0)
        #expect(api.requests.allSatisfy { $0.headers["x-key"] == "the-secret-key" })
        #expect(try work.mirror.rows("SELECT account_id, name FROM accounts") == [["77", "One"]])
        let tokens = try await work.command("tokens")
        #expect(tokens.stdout.contains("One"), "\(tokens.stdout)")
        owner.set("78")
        let other = try await work.sync()
        #expect(other.exitCode == 3 && other.stderr.contains("identity_mismatch"), "\(other.stderr)")
        let authorize = try await work.command("authorize", "k")
        #expect(
            authorize.exitCode == 2 && authorize.stderr.contains("nothing to authorize"),
            "\(authorize.stderr)")
    }
}
