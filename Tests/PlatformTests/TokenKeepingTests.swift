import Digest
import Glibc
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

    @Test(arguments: [false, true])
    func `new ones are asked for once the page in hand is written, and not after a signal`(
        isStopped: Bool
    ) async throws {
        let clock = TestClock("2026-10-26T07:33:20Z")
        let payload = Base64.encode(Array("{\"exp\":\(clock.now.secondsSinceEpoch + 3600)}".utf8))
        var scenario = try TokenScenario(
            """
            platform = "shopline"
            handle = "open001"
            app_key = "K"
            app_secret = { env = "A" }
            access_token = "e30.\(payload).x"
            resources = ["orders"]
            """, [:])
        defer { scenario.clean() }
        let mirror = scenario.config.storage.mirror
        let stored = Mutex<[Int64]>([])
        // Whoever is about to ask for a pair holds this lock.
        let lock = scenario.config.storage.vault + ".one.lock"
        let isFree = Mutex<[Bool]>([])
        let curl = CurlTransport(maximumConnections: 1)
        scenario.context.clock = clock.clock
        scenario.context.control = RunControl(clock: clock.clock, maxSeconds: 100_000, maxRequests: nil)
        scenario.context.environment = ["A": "SECRET-A"]
        let control = scenario.context.control
        scenario.context.instant = { instant in
            guard instant == .beforePageCommit else { return }
            let taken = try? FileLock.take(lock)
            isFree.withLock { $0.append(taken != nil) }
            // While the second page is written.
            if isStopped, isFree.withLock({ $0.count == 2 }) { control.stop(.signal(SIGTERM)) }
        }
        scenario.context.transport = Job.Transport(executor: curl.executor) { request in
            func response(_ body: String, _ headers: [(name: String, value: String)] = []) -> HTTPResponse {
                HTTPResponse(status: 200, headers: HTTPHeaders(headers), body: Array(body.utf8))
            }
            if request.url.contains("token/refresh") {
                let database = try? Database(path: mirror, access: .readOnly)
                defer { database?.close() }
                let count = try? database?.integer("SELECT count(*) FROM shopline_orders_data")
                stored.withLock { $0.append(count ?? -1) }
                return response(
                    #"{"code":200,"data":{"accessToken":"NEW","expireTime":"2026-10-27T00:00:00Z"}}"#)
            }
            if request.url.contains("count.json") { return response(#"{"count":3}"#) }
            if request.url.contains("shop.json") { return response(#"{"data":{"id":"1"}}"#) }
            if request.url.contains("page_info=3") { return response(#"{"orders":[{"id":"3"}]}"#) }
            if request.url.contains("page_info=2") {
                // From here on the token is to be renewed.
                clock.advance(3000)
                return response(#"{"orders":[{"id":"2"}]}"#, [("Link", #"<?page_info=3>; rel="next""#)])
            }
            return response(#"{"orders":[{"id":"1"}]}"#, [("Link", #"<?page_info=2>; rel="next""#)])
        }
        let ending = await scenario.run()
        let frees = isFree.withLock { $0 }
        #expect(!frees.contains(false))
        guard !isStopped else {
            #expect(ending.exitCode.rawValue == 143)
            #expect(frees.count == 2)
            return #expect(stored.withLock { $0.isEmpty })
        }
        #expect(ending.exitCode == .success)
        #expect(frees.count >= 3)
        #expect(stored.withLock { $0 } == [2])
        #expect(try await scenario.stored()?.tokens.accessToken == "NEW")
        let all = try Database(path: mirror, access: .readOnly)
        defer { all.close() }
        #expect(try all.integer("SELECT count(*) FROM shopline_orders_data") == 3)
    }

    private final class Pauses: Sendable {
        private let all = Mutex<[(seconds: Double, isCut: Bool)]>([])

        var seconds: [Double] { all.withLock { $0.map(\.seconds) } }
        var cut: Int { all.withLock { $0.count(where: \.isCut) } }

        func add(_ seconds: Double, isCut: Bool) { all.withLock { $0.append((seconds, isCut)) } }
    }
}
