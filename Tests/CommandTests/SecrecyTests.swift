import Foundation
import JSON
import Testing

/// No secret is ever written down outside the vault.
@Suite(.timeLimit(.minutes(1)))
struct SecrecyTests {
    let sandbox: SandboxServer
    let work: Workplace

    init() async throws {
        sandbox = try await SandboxServer()
        work = try Workplace(sandbox)
    }

    /// Every secret of the accounts, those that the platforms issued meanwhile included.
    private func secrets() throws -> [String] {
        let names = ["NE_ID", "SL_KEY", "NE_UID_1", "NE_UID_2", "NE_UID_3"]
        var all = Workplace.secrets.filter { !names.contains($0.key) }.map(\.value)
        for platform in ["shopline", "next-engine"] {
            let accounts = try sandbox.state()["platforms"]?[platform]?["accounts"]?.arrayValue ?? []
            all += accounts.flatMap {
                [$0["access_token"], $0["refresh_token"]].compactMap { $0?.stringValue }
            }
        }
        return all
    }

    /// Looks through every file of the workplace but the vault.
    private func expectNoSecret(in outcomes: [Workplace.Outcome]) throws {
        let secrets = try secrets()
        #expect(secrets.count > 15)
        var texts = try Files.all(in: work.folder).filter { !$0.key.hasPrefix("private/vault.db") }
        for (index, outcome) in outcomes.enumerated() {
            texts["stdout \(index)"] = Data(outcome.stdout.utf8)
            texts["stderr \(index)"] = Data(outcome.stderr.utf8)
        }
        #expect(texts.keys.contains("data/mirror.db") && texts.keys.contains("data/mirror.db-wal"))
        for (name, bytes) in texts {
            for secret in secrets { #expect(!bytes.contains(secret), "\(secret) in \(name)") }
        }
    }

    @Test func `no secret is in the mirror, its log, a report or a message`() async throws {
        try work.configure(
            work.shopline("taipei", resources: "store orders"),
            work.privateApp("tainan", store: 2, resources: "store"),
            work.nextEngine("tokyo", resources: "shops goods"), work.nextEngine("osaka", account: 2))
        var outcomes = [try await work.sync("-vv", "--report", "-")]
        for account in ["1", "2"] {
            try sandbox.control(#"{"op":"expire-access","platform":"next-engine","account":"\#(account)"}"#)
        }
        try sandbox.control(#"{"op":"expire-access","platform":"shopline","account":"open001"}"#)
        outcomes.append(try await work.sync("-vv", "--report", "-", "--log-format", "json"))
        try sandbox.control(
            #"{"op":"revoke","platform":"next-engine"}"#, #"{"op":"revoke","platform":"shopline"}"#)
        outcomes.append(try await work.sync("-vv", "--report", "-", "--full"))
        #expect(outcomes.map(\.exitCode) == [0, 0, 3])
        try expectNoSecret(in: outcomes)
        let report = try Report(outcomes[1].stdout)
        #expect(try report.connection("taipei")["token"]?["refreshes"]?.int64Value == 1)
    }

    @Test(arguments: [200, 400, 403, 503])
    func `a body that repeats the secrets is quoted without them`(status: Int) async throws {
        try work.configure(work.shopline("taipei", resources: "orders"), work.nextEngine())
        let shopline = "Bearer SL-ACCESS-1-open001 sandbox-app-secret SL%2DACCESS%2D1%2Dopen001"
        try sandbox.fault(
            "html", at: "/orders.json", "\"times\":99,\"status\":\(status),\"body\":\"\(shopline)\"")
        let pair = "access_token=NE-ACCESS-1&refresh_token=NE-REFRESH-1&client_secret=sandbox-secret"
        try sandbox.fault(
            "html", at: "/api_v1_master_shop", "\"times\":99,\"status\":\(status),\"body\":\"\(pair)\"")
        let outcome = try await work.sync("-vv", "--report", "-")
        #expect(outcome.exitCode == 1)
        if status == 200 { #expect(outcome.stderr.contains("It began with: Bearer <redacted> <redacted>")) }
        try expectNoSecret(in: [outcome])
    }

    @Test func `a platform's message that repeats a token is told without it`() async throws {
        try work.configure(work.shopline("taipei", resources: "orders"))
        let body = JSONWriter.text(.string(#"{"errors":"token SL-ACCESS-1-open001 may not do that"}"#))
        try sandbox.fault("status", at: "/orders.json", "\"status\":403,\"times\":9,\"body\":\(body)")
        let outcome = try await work.sync()
        #expect(outcome.stderr.contains("token <redacted> may not do that"))
        try expectNoSecret(in: [outcome])
    }

    @Test func `a secret that a quotation cuts off is not shown in part`() async throws {
        try work.configure(work.shopline("taipei", resources: "orders"))
        let body = String(repeating: "x", count: 185) + "SL-ACCESS-1-open001"
        try sandbox.answer("/orders.json", with: body, "\"times\":9")
        let outcome = try await work.sync()
        #expect(outcome.exitCode == 1)
        #expect(outcome.stderr.contains(String(repeating: "x", count: 185)))
        #expect(!outcome.stderr.contains("SL-ACCESS"))
    }

    @Test func `no secret is in the program's arguments or in the lock`() async throws {
        try work.configure(work.shopline("taipei", resources: "orders"), work.nextEngine())
        let run = try await work.startSync(stoppingAt: "before-page-commit:1")
        let line = try Data(contentsOf: URL(filePath: "/proc/\(run.process.identifier)/cmdline"))
        for secret in try secrets() { #expect(!line.contains(secret)) }
        #expect(try await run.goOn().exitCode == 0)
        try expectNoSecret(in: [])
    }

    @Test func `tokens are sent to the configured host alone`() async throws {
        let other = try await SandboxServer()
        try work.configure(
            work.shopline("taipei", resources: "orders", "[connections.taipei.orders]\nlimit = 50"))
        let foreign = "\(other.address)/open001/admin/openapi/v20260901/orders.json"
        try sandbox.fault("status", at: "/orders.json", "\"status\":307,\"times\":9,\"body\":\"\(foreign)\"")
        #expect(try await work.sync().exitCode == 1)
        #expect(try other.requestCount == 0)
    }
}
