import Glibc
import HTTP
import Sync
import Synchronization
import Testing

/// Which thread a connection's work is done on.
struct ExecutorTests {
    private func threads(of count: Int) async throws -> (own: pthread_t, seen: Set<pthread_t>) {
        let transport = CurlTransport(maximumConnections: 1)
        let executor = try #require(transport.executor)
        let own = await withTaskExecutorPreference(executor) { pthread_self() }
        let seen = Mutex<Set<pthread_t>>([])
        let job = Job()
        let config = (1...count).map { number in
            """
            [connections.shop\(number)]
            platform = "shopline"
            \(Connections.minimal["shopline"] ?? "")
            resources = ["orders"]

            """
        }
        let results = try await job.run(config: config.joined(), executor: executor) { request in
            seen.withLock { _ = $0.insert(pthread_self()) }
            let body = request.url.contains("orders") ? #"{"orders":[{"id":"1"}]}"# : #"{"data":{"id":"1"}}"#
            return HTTPResponse(status: 200, body: Array(body.utf8))
        }
        #expect(results.map(\.status.rawValue) == [String](repeating: "succeeded", count: count))
        return (own, seen.withLock { $0 })
    }

    @Test func `one connection works where its answers arrive`() async throws {
        let (own, seen) = try await threads(of: 1)
        #expect(seen == [own])
    }

    @Test func `several connections share the machine's cores`() async throws {
        let (own, seen) = try await threads(of: 3)
        #expect(!seen.isEmpty)
        #expect(!seen.contains(own))
    }
}
