import HTTP
import SQLite
import SyncTestSupport
import Synchronization
import Testing

@testable import Sync

/// A pair that the platform has just replaced, and a vault that does not take it.
struct TokenKeepingTests {
    @Test func `it is tried again after pauses that no cancelled task cuts short`() async throws {
        var scenario = try TokenScenario(
            """
            platform = "next-engine"
            \(Connections.minimal["next-engine"] ?? "")
            access_token = "OLD-ACCESS"
            refresh_token = "OLD-REFRESH"
            """, [:])
        defer { scenario.clean() }
        scenario.context.environment = ["A": "SECRET-A", "B": "SECRET-B"]
        let pauses = Pauses()
        let clock = scenario.context.clock
        scenario.context.clock = Clock(
            now: clock.now, monotonic: clock.monotonic,
            sleep: { pauses.add($0, isCut: Task.isCancelled) })
        let (vault, context) = (try Vault(path: scenario.config.storage.vault), scenario.context)
        let connection = try #require(scenario.config.connections.first)
        let session = try await Session.open(connection, vault: vault, context: context)
        let other = try Database(path: scenario.config.storage.vault)
        defer { other.close() }
        try other.execute("DROP TABLE tokens")
        let found = TokenSet(accessToken: "NEW-ACCESS", refreshToken: "NEW-REFRESH")
        let task = Task { () -> Problem? in
            withUnsafeCurrentTask { $0?.cancel() }
            do throws(Problem) { try await session.store(found) } catch { return error }
            return nil
        }
        let problem = try #require(await task.value)
        #expect(problem.message.contains("the new ones could not be kept"))
        #expect(problem.nextStep?.contains("shopmirror authorize one") ?? false)
        #expect(await session.tokens.accessToken == "OLD-ACCESS")
        #expect(pauses.seconds == [0.0, 1, 2])
        #expect(pauses.cut == 0)
    }

    private final class Pauses: Sendable {
        private let all = Mutex<[(seconds: Double, isCut: Bool)]>([])

        var seconds: [Double] { all.withLock { $0.map(\.seconds) } }
        var cut: Int { all.withLock { $0.count(where: \.isCut) } }

        func add(_ seconds: Double, isCut: Bool) { all.withLock { $0.append((seconds, isCut)) } }
    }
}
