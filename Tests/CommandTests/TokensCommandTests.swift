import Foundation
import JSON
import Testing

/// `shopmirror tokens`: listing, renewing and dropping, never showing.
@Suite(.timeLimit(.minutes(10)))
struct TokensCommandTests {
    let sandbox: SandboxServer
    let work: Workplace

    init() async throws {
        sandbox = try await SandboxServer()
        work = try Workplace(sandbox)
    }

    private func states(hooks: String = "") async throws -> [String: String] {
        let outcome = try await work.command("tokens", "--json", hooks: hooks)
        try #require(outcome.exitCode == 0, "\(outcome.stderr)")
        let items = try JSONValue.parse(Array(outcome.stdout.utf8))["connections"]?.arrayValue ?? []
        return Dictionary(
            items.map { ($0["id"]?.stringValue ?? "", $0["state"]?.stringValue ?? "") },
            uniquingKeysWith: { $1 })
    }

    @Test func `every state has a name, and listing makes no file`() async throws {
        try work.configure(
            work.nextEngine(), work.newStore(), work.aiHubMix(), work.accountCenter(),
            work.accountCenter("boss", password: 2))
        #expect(
            try await states() == [
                "tokyo": "unused_seed", "taipei": "none", "models": "none", "staff": "none", "boss": "none",
            ])
        #expect(!work.exists("private") && !work.exists("data"))
        #expect(try await work.authorize("models").exitCode == 0)
        _ = try await work.sync("--connection", "tokyo")
        let outcome = try await work.command("tokens")
        #expect(outcome.stdout.contains("Sakura Store"))
        #expect(outcome.stdout.contains("in 23 h") || outcome.stdout.contains("in 24 h"))
        #expect(outcome.stdout.contains("shopmirror authorize staff"))
        #expect(try await states(hooks: "clock=400000")["tokyo"] == "expired")
        let secrets = try ["tokyo", "models"].flatMap { try work.storedTokens(of: $0) ?? [] }.compactMap {
            $0
        }
        #expect(secrets.count == 4)
        try work.expectNowhere(secrets, in: [outcome])
        try sandbox.control(#"{"op":"expire-refresh","platform":"next-engine","account":"1"}"#)
        #expect(try await work.sync("--connection", "tokyo").exitCode == 3)
        #expect(try await states()["tokyo"] == "refused")
    }

    @Test func `renewing costs one cheap request where something is due and none elsewhere`() async throws {
        try work.configure(work.nextEngine(), work.aiHubMix(user: 1), work.shopline(resources: "store"))
        #expect(try await work.sync().exitCode == 0)
        let before = try sandbox.requestCount
        #expect(try await work.command("tokens", "refresh").exitCode == 0)
        #expect(try sandbox.requestCount - before == 1)  // Next Engine's keep-alive
        try sandbox.control(#"{"op":"clock","advance_seconds":86500}"#)
        let outcome = try await work.command("tokens", "refresh", hooks: "clock=86500")
        #expect(outcome.exitCode == 0)
        #expect(outcome.stdout.isEmpty && outcome.stderr.isEmpty)
        #expect(try sandbox.figure("refreshes", of: "NE0000042", on: "next-engine") == 1)
        #expect(try work.mirror.count("SELECT count(*) FROM runs") == 1)
        try sandbox.control(#"{"op":"revoke","platform":"aihubmix","account":"1"}"#)
        try sandbox.control(#"{"op":"clock","advance_seconds":86500}"#)
        let refused = try await work.command("tokens", "refresh", "models", hooks: "clock=173000")
        #expect(refused.exitCode == 3)
        #expect(refused.stderr.contains("Run: shopmirror authorize models"))
    }

    @Test func `forgetting signs out where the platform can`() async throws {
        try work.configure(work.accountCenter(), work.nextEngine())
        #expect(try await work.authorize("staff").exitCode == 0)
        _ = try await work.sync("--connection", "tokyo")
        let outcome = try await work.command("tokens", "forget", "staff")
        #expect(outcome.exitCode == 0)
        #expect(outcome.stdout.contains("the platform has signed them out"))
        #expect(try sandbox.state()["platforms"]?["account-center"]?["sign_outs"]?.int64Value == 1)
        #expect(try work.storedTokens(of: "staff") == nil)
        let other = try await work.command("tokens", "forget", "tokyo")
        #expect(other.exitCode == 0)
        #expect(other.stderr.contains("which the next run will use again"))
        #expect(try await work.command("tokens", "forget", "tokio").exitCode == 2)
        #expect(try await work.command("tokens", "forget").exitCode == 2)
    }

    @Test func `a password signs in again a day ahead, once, and the old session ends`() async throws {
        try work.configure(
            work.accountCenter("boss", password: 2, "resources = [\"users\", \"own_sessions\"]"))
        #expect(try await work.sync().exitCode == 0)
        let first = try #require(try work.storedTokens(of: "boss")?[0])
        try sandbox.control(#"{"op":"clock","advance_seconds":525000}"#)
        #expect(try await work.sync(hooks: "clock=525000").exitCode == 0)
        let second = try #require(try work.storedTokens(of: "boss")?[0])
        #expect(first != second)
        let state = try #require(try sandbox.state()["platforms"]?["account-center"])
        #expect(state["logins"]?.int64Value == 2)
        #expect(state["sign_outs"]?.int64Value == 1)
        #expect(state["writes"]?.int64Value == 0)
        #expect(try work.mirror.count("SELECT count(*) FROM account_center_users") == 130)
        #expect(
            try work.mirror.count(
                "SELECT count(*) FROM account_center_sessions WHERE length(token_sha256)=64") > 3)
        try work.expectNowhere([first, second, "sandbox-admin", "eyJhbGciOi"])
    }

    @Test func `an unordered listing is walked again, and a doubtful one deletes nothing`() async throws {
        try work.configure(work.accountCenter("boss", password: 2))
        #expect(try await work.sync().exitCode == 0)
        try sandbox.control(#"{"op":"switch","name":"account-center.unstable","value":"true"}"#)
        #expect(try await work.sync().exitCode == 0)
        let users = try work.latestReport().resource("users", of: "boss")
        let pages = try #require(users["pages"]?.int64Value)
        #expect(pages > 2)
        #expect(users["listed"]?.int64Value == 130)
        #expect(users["complete"] == .bool(pages < 6) || users["complete"] == .bool(false))
        #expect(
            try work.mirror.count("SELECT count(*) FROM account_center_users WHERE deleted_at IS NULL") == 130
        )
    }

    @Test func `the balance's history grows only when a figure changed`() async throws {
        try work.configure(work.aiHubMix(user: 1))
        for _ in 0..<3 { #expect(try await work.sync().exitCode == 0) }
        #expect(try work.mirror.count("SELECT count(*) FROM aihubmix_balance_history") == 1)
        try sandbox.control(#"{"op":"edit","resource":"aihubmix.user","account":"1","changes":1}"#)
        #expect(try await work.sync().exitCode == 0)
        try sandbox.control(#"{"op":"switch","name":"aihubmix.textual-numbers","value":"true"}"#)
        #expect(try await work.sync().exitCode == 0)
        let rows = try work.mirror.rows(
            "SELECT quota, used_quota FROM aihubmix_balance_history ORDER BY entry")
        #expect(rows.count == 2)
        let now = try work.mirror.rows("SELECT quota, used_quota FROM aihubmix_user")
        #expect(rows.last == now.first)
        #expect(try work.mirror.text("SELECT created_at FROM aihubmix_user") == "2024-07-01T00:00:00Z")
    }

    @Test func `a token that ends before the next run is a warning`() async throws {
        try work.configure(work.nextEngine())
        // Three runs, three days apart: the refresh token's whole life.
        #expect(try await work.sync().exitCode == 0)
        for round in 1...2 {
            try sandbox.control(#"{"op":"clock","advance_seconds":200000}"#)
            #expect(try await work.sync(hooks: "clock=\(200_000 * round)").exitCode == 0)
        }
        #expect(try work.latestReport().warnings == ["token_expiring"])
        #expect(try work.latestReport().text.contains("shopmirror tokens refresh tokyo"))
        #expect(try work.latestReport().exitCode == 0)
    }
}
