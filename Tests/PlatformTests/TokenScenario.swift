import Foundation
import HTTP
import Platforms
import Synchronization

@testable import Sync

/// Answers every path from a list of its own; the last one is repeated.
final class CannedTransport: HTTPTransport {
    struct Canned: Sendable {
        var status: Int
        var body: String
        var fault: TransportError?

        init(_ status: Int, _ body: String) { (self.status, self.body) = (status, body) }

        init(fault: TransportError) { (status, body, self.fault) = (0, "", fault) }
    }

    private let waiting: Mutex<[String: [Canned]]>
    private let sent = Mutex<[HTTPRequest]>([])

    init(_ answers: [String: [Canned]]) { waiting = Mutex(answers) }

    var requests: [HTTPRequest] { sent.withLock { $0 } }

    func count(_ path: String) -> Int { requests.count { URLParts.parse($0.url)?.path == path } }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        sent.withLock { $0.append(request) }
        let path = URLParts.parse(request.url)?.path ?? ""
        let canned: Canned? = waiting.withLock { waiting in
            guard let first = waiting[path]?.first else { return nil }
            if (waiting[path]?.count ?? 0) > 1 { waiting[path]?.removeFirst() }
            return first
        }
        guard let canned else { return HTTPResponse(status: 404, body: Array("404 page not found".utf8)) }
        if let fault = canned.fault { throw fault }
        return HTTPResponse(status: canned.status, body: Array(canned.body.utf8))
    }
}

/// A whole run of one connection against canned answers.
struct TokenScenario {
    let transport: CannedTransport
    let folder: String
    let config: Config
    var context: RunContext

    static let now = Timestamp(secondsSinceEpoch: 1_795_000_000)

    init(_ lines: String, _ answers: [String: [CannedTransport.Canned]]) throws {
        transport = CannedTransport(answers)
        folder = FileManager.default.temporaryDirectory.appending(path: "scenario-\(UUID().uuidString)")
            .path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        config = try ConfigLoader.parse(
            Array("[connections.one]\n\(lines)\nmax_attempts = 2\nrequests_per_second = 0\n".utf8),
            path: "\(folder)/config.toml", mode: 0o600, platforms: platforms)
        let time = ScenarioTime()
        let clock = Clock(now: { Self.now }, monotonic: { time.seconds }, sleep: { time.pass($0) })
        context = RunContext(
            clock: clock, transport: transport,
            control: RunControl(clock: clock, maxSeconds: 100_000, maxRequests: nil), pacer: Pacer(),
            redactor: Redactor(), log: .none, progress: Progress(), environment: [:], random: { 0.5 })
    }

    func run() async -> SyncRun.Ending {
        await SyncRun(
            config: config, options: RunOptions(), context: context, tool: Tool(name: "test", version: "0")
        ).run()
    }

    /// What the vault holds after it.
    func stored() async throws -> VaultEntry? {
        let vault = try Vault(path: config.storage.vault)
        return try await vault.entry("one")
    }

    func clean() { try? FileManager.default.removeItem(atPath: folder) }
}

/// Time that only passes when somebody waits.
private final class ScenarioTime: Sendable {
    private let passed = Mutex(0.0)

    var seconds: Double { passed.withLock { $0 } }

    func pass(_ seconds: Double) { passed.withLock { $0 += max(0.001, seconds) } }
}
