import Glibc
import HTTP
import Sync
import Synchronization
import Testing

/// Which thread a connection's work is done on.
struct ExecutorTests {
    private func threads(
        of config: [String], besideWriting: Bool = false
    ) async throws -> (own: pthread_t, seen: Set<pthread_t>) {
        let transport = CurlTransport(maximumConnections: 1)
        let executor = try #require(transport.executor)
        let own = await withTaskExecutorPreference(executor) { pthread_self() }
        let seen = Mutex<Set<pthread_t>>([])
        let results = try await Job().run(
            config: config.joined(), executor: executor, besideWriting: besideWriting ? executor : nil
        ) { request in
            seen.withLock { _ = $0.insert(pthread_self()) }
            return HTTPResponse(status: 200, body: Array(Self.answer(request).utf8))
        }
        #expect(results.map(\.status.rawValue) == [String](repeating: "succeeded", count: config.count))
        return (own, seen.withLock { $0 })
    }

    private static func answer(_ request: HTTPRequest) -> String {
        if request.url.contains("orders.json") { return #"{"orders":[{"id":"1"}]}"# }
        if request.url.contains("shop.json") { return #"{"data":{"id":"1"}}"# }
        return request.url.contains("count")
            ? #"{"result":"success","count":"1"}"#
            : #"{"result":"success","count":"1","data":[{"company_ne_id":"NE1","company_name":"n","shop_id":"1"}]}"#
    }

    private let company = """
        [connections.company]
        platform = "next-engine"
        \(Connections.minimal["next-engine"] ?? "")
        access_token = "T1"
        refresh_token = "T2"
        resources = ["shops"]

        """

    private func shopline(_ number: Int) -> String {
        """
        [connections.shop\(number)]
        platform = "shopline"
        \(Connections.minimal["shopline"] ?? "")
        resources = ["orders"]

        """
    }

    @Test func `one connection works where its answers arrive`() async throws {
        let (own, seen) = try await threads(of: [shopline(1)])
        #expect(seen == [own])
    }

    @Test func `several connections share the machine's cores`() async throws {
        let (own, seen) = try await threads(of: (1...3).map(shopline))
        #expect(!seen.isEmpty)
        #expect(!seen.contains(own))
    }

    @Test func `where the pool has one thread, answers are read beside it`() async throws {
        let (own, seen) = try await threads(of: [company], besideWriting: true)
        #expect(seen == [own])
    }

    @Test func `tokens that any answer may bring never wait for the thread`() async throws {
        let (own, seen) = try await threads(of: [company])
        #expect(!seen.isEmpty)
        #expect(!seen.contains(own))
    }
}
