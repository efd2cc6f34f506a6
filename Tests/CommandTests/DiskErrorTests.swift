import Foundation
import Glibc
import JSON
import Testing

/// A disk on which some write fails costs a run, never a row and never a token that could have been kept.
///
/// `TORTURE_FAULTS` says how many of a calm run's writes fail in their turn, instead of four.
@Suite(
    .timeLimit(.minutes(60)),
    .enabled(if: FaultyDisk.compiler != nil, "needs a C compiler to make writes fail"),
    .enabled(
        if: ProcessInfo.processInfo.environment["TORTURE_SANITIZED"] == nil,
        "a sanitizer wants to be loaded first")
)
struct DiskErrorTests {
    struct Example: Sendable, CustomTestStringConvertible {
        var files: String
        var code: Int32
        var isForever: Bool

        var reason: String { String(cString: strerror(code)) }
        var testDescription: String { "\(files): \(reason), \(isForever ? "from then on" : "once")" }
    }

    static let examples = ["data/mirror.db", "private/vault.db", "data/reports/"].flatMap { files in
        [(EIO, true), (EIO, false), (ENOSPC, true)].map { Example(files: files, code: $0.0, isForever: $0.1) }
    }

    private func configure(_ work: Workplace) throws {
        try work.configure(
            work.shopline(resources: "store orders", "[connections.taipei.orders]\nlimit = 60"),
            work.nextEngine(resources: "shops goods"))
    }

    private func reset(_ sandbox: SandboxServer) throws {
        try sandbox.control(
            #"{"op":"reset"}"#, #"{"op":"expire-access","platform":"next-engine","account":"1"}"#)
    }

    @Test(arguments: examples)
    func `a write that fails ends the run with 5, and the next one ends as if it had not`(example: Example)
        async throws
    {
        let sandbox = try await SandboxServer()
        let calm = try Workplace(sandbox)
        let disk = try await FaultyDisk(in: calm)
        try configure(calm)
        try reset(sandbox)
        let none = disk.environment(example.files, fail: example.code, from: .max / 2, times: 0)
        #expect(try await calm.sync(environment: none).exitCode == 0)
        let (expected, writes) = (try calm.mirror.canonicalDump(), try disk.writes)
        try #require(writes > 2)
        let wanted = ProcessInfo.processInfo.environment["TORTURE_FAULTS"].flatMap { Int($0) } ?? 4
        var tally: [Int32: Int] = [:]
        for number in stride(from: 1, through: writes, by: max(1, writes / wanted)) {
            let work = try Workplace(sandbox)
            try configure(work)
            try reset(sandbox)
            let outcome = try await work.sync(
                environment: disk.environment(
                    example.files, fail: example.code, from: number, times: example.isForever ? .max / 2 : 1))
            let name = "write \(number) of \(writes)"
            // SQLite tries again by itself where one failure does no harm; the last writes are not always as many.
            let mayEndWell = try !example.isForever || disk.writes < number
            #expect(outcome.exitCode == 5 || (outcome.exitCode == 0 && mayEndWell), "\(name): \(outcome)")
            tally[outcome.exitCode ?? -1, default: 0] += 1
            if outcome.exitCode == 5 {
                #expect(outcome.stderr.contains(work.path(example.files)), "\(name): \(outcome.stderr)")
                #expect(
                    ["disk I/O error", "is full", example.reason].contains { outcome.stderr.contains($0) },
                    "\(name): \(outcome.stderr)")
            }
            try await goOn(work, sandbox, after: outcome, name)
            #expect(try work.mirror.canonicalDump() == expected, "\(name)")
        }
        tell(example, writes, tally)
    }

    /// The run after it, with the pair that was kept.
    private func goOn(
        _ work: Workplace, _ sandbox: SandboxServer, after outcome: Workplace.Outcome, _ name: String
    ) async throws {
        if work.exists("data/mirror.db") {
            #expect(try work.mirror.text("PRAGMA integrity_check") == "ok", "\(name)")
        }
        let account = try sandbox.account("NE0000042", of: "next-engine")
        let held = try? work.vault.text("SELECT access_token FROM tokens WHERE connection='tokyo'")
        if account["refreshes"]?.int64Value ?? 0 > 0, held != account["access_token"]?.stringValue {
            // The vault failed in the very instant in which the pair was on its way; whoever reads must know.
            #expect(
                outcome.stderr.contains("could not be kept")
                    && outcome.stderr.contains("shopmirror authorize tokyo"), "\(name): \(outcome.stderr)")
            try sandbox.control(#"{"op":"reset"}"#)
        }
        let next = try await work.sync()
        #expect(next.exitCode == 0, "\(name): \(next.stderr)")
        #expect(try work.mirror.text("PRAGMA integrity_check") == "ok", "\(name)")
        #expect(try work.mirror.count("SELECT count(*) FROM runs WHERE finished_at IS NULL") == 0, "\(name)")
        let now = try sandbox.account("NE0000042", of: "next-engine")
        #expect(
            try work.vault.text("SELECT access_token FROM tokens WHERE connection='tokyo'")
                == now["access_token"]?.stringValue, "\(name)")
        #expect(now["double_spends"]?.int64Value == 0, "\(name)")
    }

    private func tell(_ example: Example, _ writes: Int, _ tally: [Int32: Int]) {
        let ends = tally.sorted { $0.key < $1.key }.map { "exit \($0.key): \($0.value)" }.joined(
            separator: ", ")
        print("failing disk: \(example.testDescription), \(writes) writes in a calm run, \(ends)")
    }

    @Test func `a sync that fails once is told, whichever it is`() async throws {
        let sandbox = try await SandboxServer(["--scale", "2000"])
        let calm = try Workplace(sandbox)
        let disk = try await FaultyDisk(in: calm)
        let files = "data/mirror.db"
        func environment(from first: Int) -> [String: String] {
            disk.environment(files, fail: EIO, from: first, times: 1, syncsOnly: true)
        }
        try calm.configure(calm.shopline())
        #expect(try await calm.sync(environment: environment(from: .max / 2)).exitCode == 0)
        let (expected, syncs) = (try calm.mirror.canonicalDump(), try disk.writes)
        try #require(syncs > 4)
        var advised = 0
        for number in 1...syncs {
            let work = try Workplace(sandbox)
            try work.configure(work.shopline())
            let outcome = try await work.sync(environment: environment(from: number))
            // There are not always as many.
            if try disk.writes >= number {
                #expect(outcome.exitCode == 5, "sync \(number): \(outcome)")
                #expect(outcome.stderr.contains("disk I/O error"), "sync \(number): \(outcome)")
                if outcome.stderr.contains("look for its errors in the kernel's log (dmesg), then run again.")
                {
                    advised += 1
                }
            }
            #expect(try await work.sync().exitCode == 0)
            #expect(try work.mirror.canonicalDump() == expected, "sync \(number)")
        }
        #expect(advised > syncs / 2)
    }

    @Test func `the log gets a page's frames together`() async throws {
        let sandbox = try await SandboxServer(["--scale", "2000"])
        let work = try Workplace(sandbox)
        let disk = try await FaultyDisk(in: work)
        try work.configure(work.shopline(resources: "orders"))
        let log = disk.environment("data/mirror.db-wal", fail: EIO, from: .max / 2, times: 0)
        #expect(try await work.sync(environment: log).exitCode == 0)
        let pages = try work.latestReport().connection("taipei")["http"]?["requests"]?.int64Value ?? 0
        try #require(pages > 20)
        // A page of a hundred orders makes some thirty frames, and a write takes 64 at most.
        let writes = try disk.writes
        #expect(writes < 3 * Int(pages), "\(writes) writes for \(pages) pages")
    }

    @Test func `a log that takes a part of what it is given gets the rest`() async throws {
        let sandbox = try await SandboxServer(["--scale", "500"])
        let (calm, work) = (try Workplace(sandbox), try Workplace(sandbox))
        for place in [calm, work] { try place.configure(place.shopline(resources: "orders")) }
        #expect(try await calm.sync().exitCode == 0)
        let disk = try await FaultyDisk(in: work)
        let stingy = disk.environment("data/mirror.db-wal", fail: 0, from: 1, times: .max / 2)
        let outcome = try await work.sync(environment: stingy)
        #expect(outcome.exitCode == 0, "\(outcome)")
        #expect(try disk.writes > 300)
        #expect(try work.mirror.text("PRAGMA integrity_check") == "ok")
        #expect(try work.mirror.canonicalDump() == calm.mirror.canonicalDump())
    }

    @Test func `a vault that takes nothing is noticed before the platform replaces the pair`() async throws {
        let sandbox = try await SandboxServer()
        let work = try Workplace(sandbox)
        let disk = try await FaultyDisk(in: work)
        try configure(work)
        #expect(try await work.sync().exitCode == 0)
        let before = try work.vault.rows("SELECT * FROM tokens ORDER BY connection")
        for expired in ["next-engine", "shopline"] {
            try sandbox.control("{\"op\":\"expire-access\",\"platform\":\"\(expired)\"}")
        }
        let outcome = try await work.sync(
            environment: disk.environment("private/vault.db", fail: ENOSPC, from: 1, times: .max / 2))
        #expect(outcome.exitCode == 5, "\(outcome.stderr)")
        #expect(outcome.stderr.contains("Make room") && outcome.stderr.contains("private/vault.db"))
        #expect(!outcome.stderr.contains("could not be kept"))
        #expect(try work.vault.rows("SELECT * FROM tokens ORDER BY connection") == before)
        #expect(try sandbox.account("NE0000042", of: "next-engine")["refreshes"]?.int64Value == 0)
        #expect(try await work.sync().exitCode == 0)
        #expect(try sandbox.account("NE0000042", of: "next-engine")["double_spends"]?.int64Value == 0)
    }
}
