import Foundation
import Glibc
import JSON
import Testing

/// `shopmirror check`: what the next run will meet.
@Suite(.timeLimit(.minutes(10)))
struct CheckCommandTests {
    let sandbox: SandboxServer
    let work: Workplace

    init() async throws {
        sandbox = try await SandboxServer()
        work = try Workplace(sandbox)
    }

    private func check(_ words: String..., hooks: String = "") async throws -> Workplace.Outcome {
        try await work.run(["check", "-c", work.path("config.toml")] + words, input: "", hooks: hooks)
    }

    @Test func `checking offline calls nobody and makes no file`() async throws {
        try work.configure(work.nextEngine(), work.newStore())
        let before = try sandbox.requestCount
        let outcome = try await check()
        #expect(outcome.exitCode == 0, "\(outcome.stderr)")
        #expect(outcome.stdout.contains("the next run takes the token of the config"))
        #expect(try sandbox.requestCount == before)
        #expect(!work.exists("private") && !work.exists("data"))
    }

    @Test func `a connection without a token needs a person`() async throws {
        try work.configure(work.nextEngine(), work.aiHubMix())
        let outcome = try await check("--json")
        #expect(outcome.exitCode == 3)
        let json = try JSONValue.parse(Array(outcome.stdout.utf8))
        let connections = try #require(json["connections"]?.arrayValue)
        #expect(connections.map { $0["unattended"] } == [.bool(true), .bool(false)])
        #expect(connections[1]["error"]?["code"]?.stringValue == "needs_authorization")
        #expect(json["vault"]?["ok"] == .bool(true))
        #expect(try await check("--connection", "tokyo").exitCode == 0)
    }

    @Test func `a secret that cannot be had is the config's fault`() async throws {
        try work.configure(work.nextEngine("tokyo", "enabled = true"))
        let outcome = try await work.run(
            ["check", "-c", work.path("config.toml")], environment: ["NE_SECRET": ""])
        #expect(outcome.exitCode == 2)
        #expect(outcome.stderr.contains("the environment variable NE_SECRET is not set"))
    }

    @Test func `asking online names the account and finds a dead token`() async throws {
        try work.configure(work.nextEngine(), work.aiHubMix(user: 1))
        let outcome = try await check("--online")
        #expect(outcome.exitCode == 0, "\(outcome.stderr)")
        #expect(outcome.stdout.contains("Sakura Store (NE0000042)"))
        #expect(outcome.stdout.contains("mirror-demo (88017)"))
        try sandbox.control(#"{"op":"expire-refresh","platform":"next-engine","account":"1"}"#)
        let dead = try await check("--online")
        #expect(dead.exitCode == 3)
        #expect(dead.stderr.contains("002004"))
        #expect(try await check().exitCode == 3)
    }

    @Test func `vault and mirror are looked into`() async throws {
        try work.configure(work.nextEngine())
        #expect(try await work.sync().exitCode == 0)
        let healthy = try await check()
        #expect(healthy.exitCode == 0)
        #expect(healthy.stdout.contains("(schema 2, sound)"))
        chmod(work.path("private/vault.db"), 0o644)
        let readable = try await check()
        #expect(readable.exitCode == 5)
        #expect(readable.stderr.contains("Run: chmod 600"))
        chmod(work.path("private/vault.db"), 0o600)
        try work.vault.execute("PRAGMA user_version=9")
        #expect(try await check().exitCode == 5)
        try work.vault.execute("PRAGMA user_version=1")
        try work.mirror.execute("PRAGMA user_version=9")
        let newer = try await check()
        #expect(newer.exitCode == 5)
        #expect(newer.stderr.contains("has schema 9, and this program knows 2"))
        for name in ["mirror.db", "mirror.db-wal", "mirror.db-shm"] { unlink(work.path("data/\(name)")) }
        try work.write(String(repeating: "no database ", count: 500), to: "data/mirror.db", mode: 0o644)
        #expect(try await check().exitCode == 5)
        #expect(try work.bytes("data/mirror.db").starts(with: Data("no database".utf8)))
    }
}
