import Foundation
import JSON
import Testing

/// The files of every released version open in this one, and the next run goes on from them.
@Suite(.timeLimit(.minutes(10)))
struct UpgradeTests {
    let sandbox: SandboxServer
    let work: Workplace

    init() async throws {
        sandbox = try await SandboxServer()
        work = try Workplace(sandbox)
    }

    private static let views = ["next_engine_shops", "shopline_store", "shopline_smart_collections"]

    private func rows() throws -> [[[String?]]] {
        try Self.views.map {
            try work.mirror.rows(
                "SELECT connection, id, change, deleted_at, payload FROM \($0) ORDER BY 1, 2")
        }
    }

    @Test func `the files of the version that is being built are kept`() async throws {
        let words = try await work.run(["--version"]).stdout.split(separator: " ")
        let number = try #require(words.dropFirst().first)
        #expect(
            ReleasedVersion.all.contains { $0.number == number },
            "a new version number: run jobs/keep-version before releasing it")
    }

    @Test(arguments: ReleasedVersion.all)
    func `the next run goes on from where that version stopped`(version: ReleasedVersion) async throws {
        try version.restore(to: work)
        let before = try rows()
        #expect(before.map(\.count).allSatisfy { $0 > 0 })
        let clock = try version.hook(work)
        let last = try #require(try work.mirror.text("SELECT max(run_id) FROM runs"))
        try sandbox.control(
            #"{"op":"edit","resource":"shopline.smart_collections","account":"open001","changes":{"insert":2}}"#
        )
        let outcome = try await work.sync(hooks: clock)
        #expect(outcome.exitCode == 0, "\(outcome.stderr)")
        let report = try work.latestReport()
        #expect(try report.resource("smart_collections")["mode"]?.stringValue == "incremental")
        #expect(try report.count("inserted", of: "smart_collections") == 2)
        #expect(try (report.count("fetched", of: "smart_collections") ?? 99) < 6)
        #expect(try report.count("unchanged", of: "shops", in: "tokyo") == Int64(before[0].count))
        #expect(report.total("deleted") == 0 && report.total("updated") == 0)
        let after = try rows()
        #expect(after[..<2] == before[..<2])
        #expect(Set(before[2]).isSubset(of: after[2]) && after[2].count == before[2].count + 2)
        let feed = try await work.run(["export", "-c", work.path("config.toml"), "--since-run", last])
        #expect(feed.exitCode == 0 && feed.stdout.split(separator: "\n").count == 2)
        #expect(try work.mirror.text("PRAGMA integrity_check") == "ok")
    }

    @Test(arguments: ReleasedVersion.all)
    func `config, tokens and reports of that version are read as they are`(version: ReleasedVersion)
        async throws
    {
        try version.restore(to: work)
        let clock = try version.hook(work)
        let run = try #require(try work.latestReport().runID)
        let check = try await work.command("check", hooks: clock)
        #expect(check.exitCode == 0, "\(check.stderr)")
        let tokens = try await work.command("tokens", "--json", hooks: clock)
        #expect(tokens.stdout.contains("2026-11-24T11:33:47Z") || version.number != "0.1.0")
        #expect(!tokens.stdout.contains("NE-ACCESS"))
        let shown = try await work.command("report", "show", run, hooks: clock)
        #expect(
            shown.exitCode == 0 && shown.stdout.contains(run) && shown.stdout.contains("smart_collections"))
        for what in ["html", "prometheus"] {
            let page = try await work.command("report", what, hooks: clock)
            #expect(page.exitCode == 0 && page.stdout.contains("smart_collections"))
        }
        let status = try await work.command("status", "--json", hooks: clock)
        #expect(status.exitCode == 0, "\(status.stderr)")
        #expect(try Report(status.stdout).text.contains(run))
    }

    @Test func `check tells what the next sync does to older files and changes nothing`() async throws {
        try #require(ReleasedVersion.all.first).restore(to: work)
        let clock = try #require(ReleasedVersion.all.first).hook(work)
        for file in [work.mirror, work.vault] {
            try MirrorFile(path: file.path).execute("PRAGMA user_version=0; PRAGMA wal_checkpoint(TRUNCATE)")
        }
        let before = try Files.all(in: work.folder).filter { $0.key.hasSuffix(".db") }
        let check = try await work.command("check", hooks: clock)
        #expect(check.exitCode == 0, "\(check.stderr)")
        #expect(
            check.stdout.contains(
                "\nthe mirror is version 0, this program writes version 2: the next sync makes the tables of runs,"
                    + " cursors, pulls and accounts, then makes the table of runs anew, with indexes;"
                    + " nothing was changed now\n"))
        #expect(
            check.stdout.contains(
                "\nthe vault is version 0, this program writes version 1: the next sync makes the tables of tokens"
                    + " and nonces; nothing was changed now\n"))
        let json = try await work.command("check", "--json", hooks: clock)
        let found = try JSONValue.parse(Array(json.stdout.utf8))
        #expect(found["mirror"]?["migration"]?.stringValue?.hasPrefix("the mirror is version 0") == true)
        #expect(found["reports"]?["migration"] == .null)
        #expect(try Files.all(in: work.folder).filter { $0.key.hasSuffix(".db") } == before)
        let rows = try rows()
        let export = try await work.command("export", hooks: clock)
        #expect(
            export.exitCode == 0 && export.stdout.split(separator: "\n").count == rows.flatMap { $0 }.count)
        #expect(try await work.sync(hooks: clock).exitCode == 0)
        #expect(try self.rows() == rows)
        #expect(try work.mirror.count("PRAGMA user_version") == 2)
        #expect(try work.vault.count("PRAGMA user_version") == 1)
    }
}
