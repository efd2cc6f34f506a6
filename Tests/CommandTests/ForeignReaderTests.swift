import Foundation
import Glibc
import Synchronization
import Testing

/// Somebody else on the machine, who may read the mirror's folder and nothing more.
@Suite(
    .timeLimit(.minutes(2)),
    .enabled(
        if: getuid() == 0 && access("/usr/bin/setpriv", X_OK) == 0 && access("/usr/bin/python3", X_OK) == 0,
        "needs root, setpriv and python3"))
struct ForeignReaderTests {
    /// A program of another user's with the mirror open, which answers a query with its first value or with the error.
    private final class Reader: Sendable {
        private let process: RunningProcess
        private let socket: Int32
        private let asking = Mutex(())

        private static let script = """
            import sqlite3, sys
            base = sqlite3.connect('file:' + sys.argv[1] + '?mode=ro', uri=True, timeout=0)
            for line in sys.stdin:
                try: answer = base.execute(line).fetchone()[0]
                except Exception as error: answer = repr(error)
                print(answer, flush=True)
            """

        init(of path: String) throws {
            var pair: [Int32] = [0, 0]
            let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
            try #require(socketpair(AF_UNIX, type, 0, &pair) == 0)
            socket = pair[0]
            process = try RunningProcess(
                "/usr/bin/setpriv",
                [
                    "--reuid=65534", "--regid=65534", "--clear-groups", "/usr/bin/python3", "-u", "-c",
                    Self.script,
                    path,
                ],
                environment: ["PATH": "/usr/bin:/bin"], in: "/tmp", streams: [0: pair[1], 1: pair[1], 2: 2])
            close(pair[1])
        }

        deinit { close(socket) }

        func ask(_ sql: String) -> String {
            asking.withLock { _ in
                let bytes = Array("\(sql)\n".utf8)
                _ = send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL))
                var text: [UInt8] = []
                var byte: UInt8 = 0
                while read(socket, &byte, 1) == 1, byte != 0x0A { text.append(byte) }
                return String(decoding: text, as: UTF8.self)
            }
        }
    }

    private static let count = "SELECT count(*) FROM shopline_orders"

    @Test func `another user reads between and after runs, and never the tokens`() async throws {
        let sandbox = try await SandboxServer()
        let work = try Workplace(sandbox)
        try work.configure(work.shopline(resources: "orders"))
        for _ in 0..<2 {
            try await work.sync()
            #expect(try Reader(of: work.path("data/mirror.db")).ask(Self.count) == "250")
        }
        #expect(
            try !Reader(of: work.path("private/vault.db")).ask("SELECT count(*) FROM tokens").hasPrefix("1"))
    }

    @Test func `another user polls while a run writes, and sees whole pages`() async throws {
        let sandbox = try await SandboxServer(["--scale", "600"])
        let work = try Workplace(sandbox)
        try work.configure(
            work.shopline(
                resources: "orders", "requests_per_second = 0\n[connections.taipei.orders]\nlimit = 10"))
        try await work.sync("--max-requests", "3")
        // One that is open from before the run until after it.
        let lasting = try Reader(of: work.path("data/mirror.db"))
        var seen = [lasting.ask(Self.count)]
        let stops = [2, 5, 9, 20].map { "before-page-commit:\($0)" }.joined(separator: ",stop=")
        let run = try await work.startSync(stoppingAt: stops)
        for stop in 1...4 {
            // In the middle of a page's transaction: both an old and a new reader.
            let newcomer = try Reader(of: work.path("data/mirror.db"))
            let both = [lasting, newcomer].map { $0.ask(Self.count) }
            #expect(both[0] == both[1])
            seen.append(both[0])
            guard stop < 4 else { break }
            // And as fast as it can while pages are written.
            let isOver = Flag()
            async let polled = poll(lasting, until: isOver)
            run.process.send(SIGCONT)
            #expect(await run.process.next() == .stopped)
            isOver.raise()
            seen += await polled
        }
        #expect(try await run.goOn().exitCode == 0)
        seen.append(lasting.ask(Self.count))
        let counts = seen.map { Int($0) ?? -1 }
        #expect(!counts.contains(-1), "\(seen.filter { Int($0) == nil })")
        #expect(counts == counts.sorted() && counts.last == 600, "\(counts)")
        #expect(Set(counts).count > 5)
        let open = try work.mirror.count(
            "SELECT count(*) FROM shopline_orders WHERE payload->>'$.hidden_order' = 0")
        #expect(counts.allSatisfy { $0 % 10 == 0 || $0 % 10 == open % 10 }, "\(counts)")
    }

    private func poll(_ reader: Reader, until isOver: Flag) async -> [String] {
        var seen: [String] = []
        while !isOver.isRaised {
            seen.append(reader.ask(Self.count))
            await Task.yield()
        }
        return seen
    }
}
