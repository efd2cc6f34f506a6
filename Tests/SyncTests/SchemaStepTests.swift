import SQLite
import SyncTestSupport
import Testing

@testable import Sync

/// Files of a version before, and of one after.
struct SchemaStepTests {
    let folder: TemporaryFolder
    let now = Timestamp("2026-11-20T03:00:00Z") ?? Timestamp(secondsSinceEpoch: 0)

    init() throws { folder = try TemporaryFolder() }

    private var path: String { folder.file("mirror.db") }
    private static let notes = SchemaStep("adds the table of notes") {
        try $0.execute("CREATE TABLE IF NOT EXISTS notes(text TEXT); INSERT INTO notes VALUES('made')")
    }
    private static let newer = MirrorSchema.steps + [notes]
    private static let broken = SchemaStep("fails") { try $0.execute("INSERT INTO nowhere VALUES(1)") }

    /// A mirror of this version with a run in it.
    private func mirror(version report: String = "0.1.0") async throws {
        let mirror = try MirrorStore(path: path)
        let run = try await mirror.beginRun(mode: "full", now: now, suffix: "0000")
        try await mirror.finishRun(
            run, status: "succeeded", exitCode: 0, report: #"{"tool":{"version":"\#(report)"}}"#, keep: 0,
            now: now)
        _ = try await mirror.checkpoint()
        await mirror.close()
    }

    private func text(_ sql: String) throws -> String? {
        let database = try Database(path: path, access: .readOnly)
        defer { database.close() }
        return try database.text(sql)
    }

    private func version() throws -> String? { try text("PRAGMA user_version") }

    @Test func `an older mirror gets what it lacks, once, and keeps what it has`() async throws {
        try await mirror()
        let version = MirrorSchema.version
        for _ in 1...2 {
            let opened = try MirrorStore(path: path, steps: Self.newer)
            await opened.close()
            #expect(try self.version() == "\(version + 1)")
            #expect(try text("SELECT count(*) FROM notes") == "1")
            #expect(try text("SELECT count(*) FROM runs") == "1")
        }
    }

    @Test func `the table of runs is made anew whatever people added to it`() async throws {
        let old = try MirrorStore(path: path, steps: [MirrorSchema.steps[0]])
        for hour: Int64 in [2, 0, 1] + (3..<45) {
            _ = try await old.beginRun(mode: "full", now: now.adding(seconds: 3600 * hour), suffix: "0000")
        }
        await old.close()
        let file = try Database(path: path)
        let rows = "SELECT group_concat(quote(run_id)||quote(finished_at)||status||quote(report)) FROM runs"
        try file.execute(
            "UPDATE runs SET report='{}' WHERE finished_at IS NULL; ALTER TABLE runs ADD COLUMN note TEXT;"
                + " CREATE VIEW mine AS SELECT run_id FROM runs;"
                + " CREATE VIEW broken AS SELECT what FROM nowhere")
        let before = try #require(try file.text(rows))
        file.close()
        await (try MirrorStore(path: path)).close()
        #expect(try version() == "\(MirrorSchema.version)")
        #expect(try text(rows) == before)
        #expect(try text("SELECT count(*) FROM mine") == "45")
        #expect(try text("PRAGMA integrity_check") == "ok")
    }

    @Test func `a new mirror goes through every step`() async throws {
        let opened = try MirrorStore(path: path, steps: Self.newer)
        await opened.close()
        #expect(try version() == "\(MirrorSchema.version + 1)")
        #expect(try text("SELECT text FROM notes") == "made")
    }

    @Test func `steps are all taken or none`() async throws {
        try await mirror()
        let before = try version()
        let problem = #expect(throws: Problem.self) {
            try MirrorStore(path: path, steps: Self.newer + [Self.broken])
        }
        #expect(problem?.code == .storageFailed)
        #expect(try version() == before)
        #expect(try text("SELECT count(*) FROM sqlite_master WHERE name='notes'") == "0")
    }

    @Test func `a dry run takes the steps and keeps none of them`() async throws {
        try await mirror()
        let before = try folder.bytes("mirror.db")
        let opened = try MirrorStore(path: path, isDryRun: true, steps: Self.newer)
        _ = try await opened.beginRun(mode: "full", now: now, suffix: "0001")
        await opened.close()
        #expect(try folder.bytes("mirror.db") == before)
    }

    @Test func `a look tells what would be done and does nothing`() async throws {
        try await mirror()
        let before = try folder.bytes("mirror.db")
        let (from, to) = (MirrorSchema.version, MirrorSchema.version + 1)
        let look = try #require(try MirrorInspection.open(path, steps: Self.newer))
        try look.check()
        #expect(
            look.migration
                == "the mirror is version \(from), this program writes version \(to): the next sync adds the table of notes;"
                + " nothing was changed now")
        #expect(try MirrorInspection.open(path)?.migration == nil)
        #expect(try folder.bytes("mirror.db") == before)
    }

    @Test func `a newer mirror is refused, and named is who wrote it`() async throws {
        try await mirror(version: "0.7.2")
        let opened = try MirrorStore(path: path, steps: Self.newer)
        await opened.close()
        let before = try folder.bytes("mirror.db")
        let problem = #expect(throws: Problem.self) { try MirrorStore(path: path) }
        #expect(problem?.code == .storageFailed)
        #expect(
            problem?.message
                == "The mirror \(path) has schema \(MirrorSchema.version + 1), and this program knows \(MirrorSchema.version)."
        )
        #expect(
            problem?.nextStep
                == "Use the newer shopmirror that wrote it (its newest report is of shopmirror 0.7.2); this one leaves it as it is."
        )
        #expect(try folder.bytes("mirror.db") == before)
    }

    @Test func `a look at an older vault reads it through the steps and leaves it alone`() async throws {
        let path = folder.file("private/vault.db")
        let vault = try Vault(path: path)
        let tokens = TokenSet(accessToken: "A", refreshToken: "R", uid: nil)
        try await vault.store(
            VaultEntry(platform: "sample", tokens: tokens, seedSHA256: nil, obtainedAt: now), of: "main")
        await vault.close()
        let before = try folder.bytes("private/vault.db")
        let steps =
            Vault.steps + [
                SchemaStep("adds a column") { try $0.execute("ALTER TABLE tokens ADD COLUMN note TEXT") }
            ]
        let look = try Vault.look(at: path, steps: steps)
        #expect(look.migration?.contains("the next sync adds a column; nothing was changed now") == true)
        #expect(try await look.vault?.entry("main")?.tokens == tokens)
        await look.vault?.close()
        #expect(try folder.bytes("private/vault.db") == before)
        let opened = try Vault(path: path, steps: steps)
        #expect(try await opened.entry("main")?.tokens == tokens)
        await opened.close()
        let problem = #expect(throws: Problem.self) { try Vault(path: path) }
        #expect(problem?.message.hasSuffix("has schema 2, and this program knows 1.") == true)
        #expect(try Vault.look(at: folder.file("private/none.db")).vault == nil)
    }
}
