import Foundation
import JSON
import Testing

/// Files that cannot be used: exit code 5, nobody is called, and nothing of theirs is changed.
@Suite(.timeLimit(.minutes(10)))
struct StorageTests {
    let sandbox: SandboxServer
    let work: Workplace

    init() async throws {
        sandbox = try await SandboxServer()
        work = try Workplace(sandbox)
        try work.configure(work.shopline(resources: "store"))
    }

    /// A run that ends with 5 before anybody is called; the message of its error.
    private func refusal() async throws -> String {
        let asked = try sandbox.requestCount
        let outcome = try await work.sync()
        #expect(outcome.exitCode == 5)
        #expect(outcome.stderr.hasPrefix("error storage_failed: "))
        #expect(try sandbox.requestCount == asked)
        let report = try work.latestReport()
        #expect(report.status == "failed")
        #expect(report.exitCode == 5)
        #expect(report.json["error"]?["code"]?.stringValue == "storage_failed")
        return report.json["error"]?["message"]?.stringValue ?? ""
    }

    @Test func `a mirror in a folder that cannot be made`() async throws {
        try work.write("a file", to: "blocked")
        try work.configure(work.shopline(resources: "store"), storage: "mirror = \"blocked/mirror.db\"")
        #expect(try await refusal().contains(work.path("blocked")))
        #expect(try work.bytes("blocked") == Data("a file".utf8))
    }

    @Test func `a vault in a folder that cannot be made`() async throws {
        try work.write("a file", to: "blocked")
        try work.configure(work.shopline(resources: "store"), storage: "vault = \"blocked/vault.db\"")
        #expect(try await refusal().contains(work.path("blocked")))
    }

    @Test func `reports in a folder that cannot be made end with 5, but the mirror is written`() async throws
    {
        try work.write("a file", to: "blocked")
        try work.configure(work.shopline(resources: "store"), storage: "reports = \"blocked/reports\"")
        let outcome = try await work.sync("--report", "-")
        #expect(outcome.exitCode == 5)
        #expect(outcome.stderr.contains(work.path("blocked/reports")))
        #expect(try Report(outcome.stdout).exitCode == 5)
        #expect(try work.mirror.count("SELECT count(*) FROM shopline_store") == 1)
    }

    @Test func `a --report file that cannot be written ends with 5`() async throws {
        let outcome = try await work.sync("--report", work.path("nowhere/report.json"))
        #expect(outcome.exitCode == 5)
        #expect(outcome.stderr.contains(work.path("nowhere/report.json")))
        #expect(try work.mirror.count("SELECT count(*) FROM shopline_store") == 1)
    }

    @Test(arguments: ["data/mirror.db", "private/vault.db"])
    func `a file that is no database`(name: String) async throws {
        let text = String(repeating: "this is not a database; ", count: 100)
        try work.write(text, to: name)
        #expect(try await refusal().contains("is damaged or is no such file"))
        #expect(try work.bytes(name) == Data(text.utf8))
    }

    @Test(arguments: ["data/mirror.db", "private/vault.db"], ["DELETE", "WAL"])
    func `another program's database`(name: String, journal: String) async throws {
        try work.write("", to: name)
        let file = MirrorFile(path: work.path(name))
        try file.execute(
            "PRAGMA journal_mode=\(journal); CREATE TABLE notes(text); INSERT INTO notes VALUES('keep me')")
        let before = try work.bytes(name)
        #expect(
            try await refusal().contains(
                "is a database, but no \(name.contains("mirror") ? "mirror" : "vault")"))
        #expect(try work.bytes(name) == before)
    }

    @Test(arguments: [("data/mirror.db", 2), ("private/vault.db", 1)])
    func `a file of a newer version`(name: String, version: Int) async throws {
        #expect(try await work.sync().exitCode == 0)
        try MirrorFile(path: work.path(name)).execute("PRAGMA user_version=99")
        let before = try work.bytes(name)
        #expect(try await refusal().contains("has schema 99, and this program knows \(version)"))
        #expect(try work.bytes(name) == before)
    }

    @Test func `a damaged mirror`() async throws {
        #expect(try await work.sync().exitCode == 0)
        var bytes = try work.bytes("data/mirror.db")
        bytes.replaceSubrange(100..<400, with: Data(repeating: 0xFF, count: 300))
        try bytes.write(to: URL(filePath: work.path("data/mirror.db")))
        let message = try await refusal()
        #expect(message.contains("The mirror \(work.path("data/mirror.db"))"))
        #expect(try work.bytes("data/mirror.db") == bytes)
    }

    @Test func `a table that somebody broke fails with 5 and says which file`() async throws {
        #expect(try await work.sync().exitCode == 0)
        try work.mirror.execute(
            "DROP VIEW shopline_store; DROP TABLE shopline_store_data; CREATE TABLE shopline_store_data(x)")
        let outcome = try await work.sync()
        #expect(outcome.exitCode == 5)
        #expect(outcome.stderr.contains("storage_failed: The mirror \(work.path("data/mirror.db")) failed: "))
    }

    @Test func `an empty file becomes a mirror`() async throws {
        try work.write("", to: "data/mirror.db")
        #expect(try await work.sync().exitCode == 0)
        #expect(try work.mirror.count("SELECT count(*) FROM shopline_store") == 1)
    }

    @Test func `the mirror carries the settings that the storage notes promise`() async throws {
        #expect(try await work.sync().exitCode == 0)
        #expect(try work.mirror.count("PRAGMA page_size") == 16_384)
        #expect(try work.mirror.text("PRAGMA journal_mode") == "wal")
        #expect(try work.mirror.count("PRAGMA user_version") == 2)
        #expect(work.exists("data/mirror.db-wal"))
        #expect(work.exists("data/mirror.db-shm"))
        // Everything is in the main file when the run has ended.
        #expect(try work.bytes("data/mirror.db-wal").isEmpty)
    }
}
