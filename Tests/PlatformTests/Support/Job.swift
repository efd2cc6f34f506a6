import Foundation
import HTTP
import JSON
import Platforms
import SQLite
import Sync
import SyncTestSupport
import Synchronization

/// A whole run against a scripted platform, with a mirror of its own.
final class Job: Sendable {
    /// Answers every request; there is no other way out.
    struct Transport: HTTPTransport {
        var executor: (any TaskExecutor)?
        let answer: @Sendable (HTTPRequest) -> HTTPResponse

        func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse { answer(request) }
    }

    let folder = NSTemporaryDirectory() + "shopmirror-\(UUID().uuidString)"
    private let sent = Mutex<[HTTPRequest]>([])

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    var requests: [HTTPRequest] { sent.withLock { $0 } }

    func forgetRequests() { sent.withLock { $0 = [] } }

    /// - Returns: What became of each resource of the only connection.
    func run(
        _ platform: String, _ lines: String, options: RunOptions = RunOptions(),
        answer: @escaping @Sendable (HTTPRequest) -> (status: Int, body: String)
    ) async throws -> [ResourceResult] {
        let tokens = platform == "next-engine" ? "access_token = \"T1\"\nrefresh_token = \"T2\"" : ""
        let text = """
            [connections.one]
            platform = "\(platform)"
            \(Connections.minimal[platform] ?? "")
            \(tokens)
            \(lines)
            """
        return try await run(config: text, options: options) { request in
            let (status, body) = answer(request)
            return HTTPResponse(status: status, body: Array(body.utf8))
        }.first?.resources ?? []
    }

    /// - Returns: What became of each connection of a whole config.
    func run(
        config text: String, options: RunOptions = RunOptions(), executor: (any TaskExecutor)? = nil,
        besideWriting: (any TaskExecutor)? = nil,
        answer: @escaping @Sendable (HTTPRequest) -> HTTPResponse
    ) async throws -> [ConnectionResult] {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let config = try ConfigLoader.parse(
            Array(text.utf8), path: folder + "/config.toml", mode: 0o600, platforms: exercisedPlatforms)
        let clock = TestClock("2026-10-26T07:33:20Z").clock
        let transport = Transport(executor: executor) { [self] request in
            sent.withLock { $0.append(request) }
            return answer(request)
        }
        let context = RunContext(
            clock: clock, transport: transport,
            control: RunControl(clock: clock, maxSeconds: 60, maxRequests: 500),
            pacer: Pacer(), redactor: Redactor(), log: .none, progress: Progress(),
            environment: ["A": "SECRET-A", "B": "SECRET-B"], random: { 0 },
            besideWriting: { besideWriting })
        // A program that another test starts at this instant may still hold a copy of the last run's lock.
        var options = options
        options.waitSeconds = 3600
        let run = SyncRun(
            config: config, options: options, context: context, tool: Tool(name: "shopmirror", version: "0"))
        return await run.run().report.connections
    }

    /// A column of the vault's tokens.
    func stored(_ name: String) throws -> [String] {
        try column("SELECT \(name) FROM tokens", in: "/private/vault.db")
    }

    /// The first column of a query on the mirror.
    func column(_ sql: String, in file: String = "/data/mirror.db") throws -> [String] {
        let database = try Database(path: folder + file, access: .readOnly)
        defer { database.close() }
        let statement = try database.prepare(sql)
        var values: [String] = []
        while try statement.step() { values.append(statement.text(at: 0) ?? "NULL") }
        return values
    }
}
