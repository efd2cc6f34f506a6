import Foundation
import JSON
import Testing

/// Several processes and many connections: no refresh token is ever spent twice, and none is lost.
@Suite(.timeLimit(.minutes(10)))
struct RenewalRaceTests {
    let sandbox: SandboxServer
    let work: Workplace

    init() async throws {
        sandbox = try await SandboxServer()
        work = try Workplace(sandbox)
    }

    private func expire(_ platform: String) throws {
        try sandbox.control(#"{"op":"expire-access","platform":"\#(platform)"}"#)
    }

    /// Runs the same command in so many processes at once.
    private func together(_ count: Int, _ words: [String], clock: Int = 0) async throws -> [Workplace.Outcome]
    {
        // Time has to pass while one waits for another.
        let runs = try (0..<count).map { _ in
            try work.start(
                words + ["-c", work.path("config.toml")], environment: ["SHOPMIRROR_TEST": "clock=\(clock)"])
        }
        var outcomes: [Workplace.Outcome] = []
        for run in runs { outcomes.append(try await run.outcome()) }
        return outcomes
    }

    @Test func `processes that renew at the same time share what one of them got`() async throws {
        try work.configure(
            work.aiHubMix("one", user: 1), work.aiHubMix("two", user: 2), work.aiHubMix("three", user: 3))
        // The first tokens have no known end, so every process wants to renew.
        for round in 1...4 {
            try expire("aihubmix")
            try sandbox.control(#"{"op":"clock","advance_seconds":8000}"#)
            let outcomes = try await together(6, ["tokens", "refresh"], clock: 8000 * round)
            for outcome in outcomes { #expect(outcome.exitCode == 0, "\(outcome.stderr)") }
            for user in ["88017", "88018", "88019"] {
                #expect(try sandbox.figure("refreshes", of: user, on: "aihubmix") == Int64(round))
                #expect(try sandbox.figure("double_spends", of: user, on: "aihubmix") == 0)
            }
        }
        for (id, user) in [("one", "88017"), ("two", "88018"), ("three", "88019")] {
            let account = try sandbox.account(user, of: "aihubmix")
            #expect(
                try work.storedTokens(of: id)
                    == [account["access_token"]?.stringValue, account["refresh_token"]?.stringValue])
        }
    }

    @Test func `Next Engine's pair rotates once however many want it`() async throws {
        try work.configure(work.nextEngine("tokyo"), work.nextEngine("osaka", account: 2))
        for round in 1...3 {
            try expire("next-engine")
            let outcomes = try await together(4, ["tokens", "refresh"])
            for outcome in outcomes { #expect(outcome.exitCode == 0, "\(outcome.stderr)") }
            for company in ["NE0000042", "NE0000044"] {
                #expect(try sandbox.figure("refreshes", of: company, on: "next-engine") == Int64(round))
                #expect(try sandbox.figure("double_spends", of: company, on: "next-engine") == 0)
            }
        }
    }

    @Test func `a crash right after a rotation was stored loses nothing`() async throws {
        try work.configure(work.aiHubMix(user: 1), work.nextEngine())
        for round in 1...3 {
            for (id, platform) in [("models", "aihubmix"), ("tokyo", "next-engine")] {
                try sandbox.control(#"{"op":"clock","advance_seconds":8000}"#)
                try expire(platform)
                let crashed = try await work.run(
                    ["tokens", "refresh", id, "-c", work.path("config.toml")],
                    hooks: "clock=\(16_000 * round),crash=after-vault-commit:1")
                #expect(crashed.exit == .killed(9), "\(id) \(round): \(crashed.stderr)")
            }
        }
        #expect(try await work.sync(hooks: "clock=48000").exitCode == 0)
        #expect(try sandbox.figure("double_spends", of: "88017", on: "aihubmix") == 0)
        #expect(try sandbox.figure("double_spends", of: "NE0000042", on: "next-engine") == 0)
    }

    @Test func `a refresh whose answer was lost is asked for again with the same token`() async throws {
        try work.configure(work.aiHubMix(user: 1))
        try sandbox.fault("close", at: "/api/oauth2/token", #""times":2"#)
        #expect(try await work.sync().exitCode == 0)
        #expect(try sandbox.figure("refreshes", of: "88017", on: "aihubmix") == 1)
        #expect(try sandbox.figure("double_spends", of: "88017", on: "aihubmix") == 0)
    }

    @Test func `only the platform's definite word ends in a new sign-in`() async throws {
        try work.configure(work.aiHubMix(user: 1, "max_attempts = 2"))
        try sandbox.fault("status", at: "/api/oauth2/token", #""status":503,"times":10"#)
        let down = try await work.sync()
        #expect(down.exitCode == 1)
        #expect(down.stderr.contains("server_failed"))
        #expect(try work.storedTokens(of: "models")?[1] == "HUB-REFRESH-1")
        try sandbox.control(#"{"op":"clear-faults"}"#)
        // The platform acted, its answer was lost: the token is spent, and only its refusal says so.
        try sandbox.fault("close", at: "/api/oauth2/token", #""processed":true"#)
        let lost = try await work.sync()
        #expect(lost.exitCode == 3)
        #expect(lost.stderr.contains("invalid_grant"))
        #expect(try work.storedTokens(of: "models")?[1] == "HUB-REFRESH-1")
        #expect(try await work.authorize("models").exitCode == 0)
        #expect(try await work.sync().exitCode == 0)
    }

    @Test func `syncs of other mirrors that share a vault share its tokens`() async throws {
        let storage = { (number: Int) in
            "mirror = \"data/\(number).db\"\nreports = \"data/reports-\(number)\""
        }
        for number in 1...4 {
            let text =
                "[storage]\n\(storage(number))\n[run]\n" + work.aiHubMix("one", user: 1)
                + work.shopline("taipei", resources: "store")
            try work.write(text, to: "config-\(number).toml")
        }
        let runs = try (1...4).map {
            try work.start(
                ["sync", "-c", work.path("config-\($0).toml")], environment: ["SHOPMIRROR_TEST": "clock=0"])
        }
        for run in runs {
            let outcome = try await run.outcome()
            #expect(outcome.exitCode == 0, "\(outcome.stderr)")
        }
        #expect(try sandbox.figure("refreshes", of: "88017", on: "aihubmix") == 1)
        #expect(try sandbox.figure("double_spends", of: "88017", on: "aihubmix") == 0)
    }
}
