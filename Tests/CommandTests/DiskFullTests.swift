import Foundation
import Glibc
import Testing

/// A disk that is full, broken or damaged costs a run, never the mirror.
@Suite(.timeLimit(.minutes(10)))
struct DiskFullTests {
    private func configure(_ work: Workplace, storage: String = "") throws {
        try work.configure(work.shopline(resources: "store products orders"), storage: storage)
    }

    /// Runs a system program.
    @discardableResult
    private func system(_ path: String, _ arguments: [String], in folder: String) async throws -> Bool {
        let null = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(null) }
        let process = try RunningProcess(
            path, arguments, environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"], in: folder,
            streams: [0: null, 1: null, 2: null])
        return await process.next() == .exited(0)
    }

    /// Runs a sync in a shell that first says what the process may do.
    private func limited(_ work: Workplace, _ limit: String) async throws -> (Int32?, String) {
        let (out, null) = (
            open(work.path("err"), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600),
            open("/dev/null", O_RDWR | O_CLOEXEC)
        )
        defer { for descriptor in [out, null] { close(descriptor) } }
        var environment = Workplace.secrets
        environment["SHOPMIRROR_TEST"] = "skip-waits"
        environment["PATH"] = "/usr/bin:/bin"
        let process = try RunningProcess(
            "/bin/sh",
            [
                "-c", "\(limit); exec \"$0\" \"$@\"", Programs.path("shopmirror"), "sync", "-c",
                work.path("config.toml"), "--full",
            ],
            environment: environment, in: work.folder, streams: [0: null, 1: null, 2: out])
        guard case .exited(let code) = await process.next() else { return (nil, "") }
        return (code, String(decoding: try work.bytes("err"), as: UTF8.self))
    }

    @Test(
        .enabled(
            if: ProcessInfo.processInfo.environment["TORTURE_SANITIZED"] == nil,
            "a sanitizer's own files may not grow either"))
    func `a mirror that may not grow ends the run with 5 and stays whole`() async throws {
        let sandbox = try await SandboxServer(["--scale", "400"])
        let work = try Workplace(sandbox)
        try configure(work)
        // Blocks of 512 bytes: enough for the log's beginning, not for the whole.
        let (code, words) = try await limited(work, "ulimit -f 700")
        #expect(code == 5, "\(words)")
        #expect(words.contains("storage_failed") && words.contains("mirror.db"), "\(words)")
        #expect(try work.mirror.text("PRAGMA integrity_check") == "ok")
        #expect(try await work.sync().exitCode == 0)
        #expect(try work.mirror.text("PRAGMA integrity_check") == "ok")
        #expect(try work.mirror.count("SELECT count(*) FROM shopline_orders") == 400)
    }

    @Test(.enabled(if: getuid() == 0, "only root can mount a small disk"))
    func `a full disk ends the run with 5, and the next one goes on when there is room`() async throws {
        let sandbox = try await SandboxServer(["--scale", "400"])
        let work = try Workplace(sandbox)
        try configure(work, storage: "mirror = \"small/mirror.db\"\nreports = \"small/reports\"")
        let disk = work.path("small")
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
        guard try await system("/bin/mount", ["-t", "tmpfs", "-o", "size=600k", "tmpfs", disk], in: "/tmp")
        else {
            return  // A container without the right to mount.
        }
        do {
            let full = try await work.sync()
            #expect(full.exitCode == 5)
            #expect(
                full.stderr.contains("small/mirror.db") && full.stderr.contains("Make room"), "\(full.stderr)"
            )
            #expect(try await system("/bin/mount", ["-o", "remount,size=64m", disk], in: "/tmp"))
            let mirror = MirrorFile(path: "\(disk)/mirror.db")
            #expect(try mirror.text("PRAGMA integrity_check") == "ok")
            let next = try await work.sync()
            #expect(next.exitCode == 0, "\(next.stderr)")
            #expect(try mirror.count("SELECT count(*) FROM shopline_orders") == 400)
            #expect(try mirror.text("PRAGMA integrity_check") == "ok")
        } catch {
            try await system("/bin/umount", ["-l", disk], in: "/tmp")
            throw error
        }
        try await system("/bin/umount", ["-l", disk], in: "/tmp")
    }

    struct Damage: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var offset: UInt64
        var bytes: [UInt8]
    }

    static let damages = [
        Damage(testDescription: "the header", offset: 0, bytes: Array(repeating: 0x5A, count: 100)),
        Damage(testDescription: "the schema page", offset: 100, bytes: Array(repeating: 0xFF, count: 64)),
        Damage(
            testDescription: "a page in the middle", offset: 16384 * 9,
            bytes: Array(repeating: 0xA5, count: 16384)),
    ]

    @Test(arguments: damages)
    func `a damaged mirror is refused before anyone is asked, and not touched`(damage: Damage) async throws {
        let sandbox = try await SandboxServer()
        let work = try Workplace(sandbox)
        try configure(work)
        #expect(try await work.sync().exitCode == 0)
        let file = try FileHandle(forWritingTo: URL(filePath: work.path("data/mirror.db")))
        try file.seek(toOffset: damage.offset)
        try file.write(contentsOf: Data(damage.bytes))
        try file.close()
        let before = try work.bytes("data/mirror.db")
        let asked = try sandbox.requestCount
        let outcome = try await work.sync()
        #expect(outcome.exitCode == 5)
        #expect(
            outcome.stderr.contains("damaged") && outcome.stderr.contains("data/mirror.db"),
            "\(outcome.stderr)")
        #expect(try work.bytes("data/mirror.db") == before)
        #expect(try sandbox.requestCount == asked)
    }

    @Test func `what a disk spoils by itself is found within a day`() async throws {
        let sandbox = try await SandboxServer()
        let work = try Workplace(sandbox)
        try configure(work)
        #expect(try await work.sync().exitCode == 0)
        try spoil(work)
        let asked = try sandbox.requestCount
        let outcome = try await work.sync(hooks: "clock=90000")
        #expect(outcome.exitCode == 5)
        #expect(outcome.stderr.contains("damaged"), "\(outcome.stderr)")
        #expect(try sandbox.requestCount == asked)
        // Earlier it is not read through.
        _ = try await work.sync()
        #expect(try sandbox.requestCount > asked)
    }

    /// Damages a page as a disk does: the last run's mark is made to say what the file is now.
    private func spoil(_ work: Workplace) throws {
        let file = try FileHandle(forWritingTo: URL(filePath: work.path("data/mirror.db")))
        try file.seek(toOffset: 16384 * 9)
        try file.write(contentsOf: Data(repeating: 0xA5, count: 16384))
        try file.close()
        var info = stat()
        #expect(stat(work.path("data/mirror.db"), &info) == 0)
        let state = "\(info.st_ino) \(info.st_size) \(info.st_ctim.tv_sec).\(info.st_ctim.tv_nsec)"
        let note = String(decoding: try work.bytes("data/mirror.db.lock"), as: UTF8.self)
        let marked = note.replacing(/"file":"[^"]*"/, with: "\"file\":\"\(state)\"")
        #expect(marked != note)
        try work.write(marked, to: "data/mirror.db.lock")
    }

    @Test func `damage that the snapshot meets is the run's own error, and nothing is sound after it`()
        async throws
    {
        let sandbox = try await SandboxServer()
        let work = try Workplace(sandbox)
        try configure(work, storage: "snapshot = \"data/snapshot.db\"")
        #expect(try await work.sync().exitCode == 0)
        try spoil(work)
        try sandbox.control(
            #"{"op":"edit","resource":"shopline.orders","account":"open001","changes":{"insert":1}}"#)
        let outcome = try await work.sync()
        #expect(outcome.exitCode == 5, "\(outcome.stderr)")
        #expect(outcome.stderr.contains("storage_failed") && outcome.stderr.contains("data/mirror.db"))
        let asked = try sandbox.requestCount
        #expect(try await work.sync().exitCode == 5)
        #expect(try sandbox.requestCount == asked)
    }

    @Test func `another program's database is left byte for byte as it is`() async throws {
        let sandbox = try await SandboxServer()
        let work = try Workplace(sandbox)
        try configure(work)
        try work.write("", to: "data/mirror.db")
        try work.mirror.execute(
            "PRAGMA journal_mode=DELETE; CREATE TABLE theirs(x); INSERT INTO theirs VALUES(1)")
        let before = try work.bytes("data/mirror.db")
        let outcome = try await work.sync()
        #expect(outcome.exitCode == 5)
        #expect(outcome.stderr.contains("no mirror of shopmirror"))
        #expect(try work.bytes("data/mirror.db") == before)
        #expect(try sandbox.requestCount == 0)
    }
}
