import Foundation
import HTTP
import JSON
import Platforms
import SQLite
import Sync
import Synchronization

/// A whole run against a scripted platform, with a mirror of its own.
final class Job: Sendable {
    /// Answers every request; there is no other way out.
    struct Transport: HTTPTransport {
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
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let tokens = platform == "next-engine" ? "access_token = \"T1\"\nrefresh_token = \"T2\"" : ""
        let text = """
            [connections.one]
            platform = "\(platform)"
            \(Connections.minimal[platform] ?? "")
            \(tokens)
            \(lines)
            """
        let config = try ConfigLoader.parse(
            Array(text.utf8), path: folder + "/config.toml", mode: 0o600, platforms: exercisedPlatforms)
        let clock = Clock(
            now: { Timestamp(secondsSinceEpoch: 1_793_000_000) }, monotonic: { 0 }, sleep: { _ in })
        let transport = Transport { [self] request in
            sent.withLock { $0.append(request) }
            let (status, body) = answer(request)
            return HTTPResponse(status: status, body: Array(body.utf8))
        }
        let context = RunContext(
            clock: clock, transport: transport,
            control: RunControl(clock: clock, maxSeconds: 60, maxRequests: 500),
            pacer: Pacer(), redactor: Redactor(), log: .none, progress: Progress(),
            environment: ["A": "SECRET-A", "B": "SECRET-B"], random: { 0 })
        let run = SyncRun(
            config: config, options: options, context: context, tool: Tool(name: "shopmirror", version: "0"))
        let report = await run.run().report
        return report.connections.first?.resources ?? []
    }

    /// The first column of a query on the mirror.
    func column(_ sql: String) throws -> [String] {
        let database = try Database(path: folder + "/data/mirror.db", access: .readOnly)
        defer { database.close() }
        let statement = try database.prepare(sql)
        var values: [String] = []
        while try statement.step() { values.append(statement.text(at: 0) ?? "NULL") }
        return values
    }
}
