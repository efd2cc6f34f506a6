import HTTP
import Testing

@testable import Sync

/// The invented platform at work against scripted answers, from the config to the mirror.
struct AcmeTests {
    private static let me = #"{"shop_id":7,"shop_name":"Anvils"}"#
    private static let branches = #"{"data":[{"id":1,"name":"North"}]}"#

    private static func order(_ id: Int, at time: String = "2026-10-02T10:00:00Z") -> String {
        #"{"id":\#(id),"status":"paid","total":"\#(id).50","created_at":"2026-10-01T00:00:00Z","#
            + #""updated_at":"\#(time)","items":[{"sku":"A-\#(id)","quantity":2,"price":12.10}]}"#
    }

    /// Pages of two orders each; `total` is what the platform says of their number.
    private static func answer(_ request: HTTPRequest, orders: [Int], total: Int) -> (
        status: Int, body: String
    ) {
        if request.url.contains("/v1/me") { return (200, me) }
        if request.url.contains("/v1/branches") { return (200, branches) }
        let page =
            Sent.query(request).compactMap { $0.hasPrefix("page=") ? Int($0.dropFirst(5)) : nil }.first ?? 1
        let shown = orders.dropFirst((page - 1) * 2).prefix(2).map { order($0) }.joined(separator: ",")
        return (200, #"{"total":\#(total),"data":[\#(shown)]}"#)
    }

    private static let lines = "[connections.one.orders]\nlimit = 2"

    @Test func `both resources are mirrored, page by page`() async throws {
        let job = Job()
        let results = try await job.run("acme", Self.lines) { Self.answer($0, orders: [1, 2, 3], total: 3) }
        #expect(results.map(\.problem) == [nil, nil])
        #expect(try job.column("SELECT name FROM acme_branches") == ["North"])
        #expect(try job.column("SELECT total FROM acme_orders ORDER BY id") == ["1.50", "2.50", "3.50"])
        #expect(try job.column("SELECT price FROM acme_order_items WHERE order_id='2'") == ["12.10"])
        #expect(job.requests.allSatisfy { Sent.header($0, "X-Acme-Key") == "SECRET-A" })
        #expect(job.requests.allSatisfy { $0.url.hasPrefix("https://anvils.acme.example/v1/") })
        #expect(job.requests.count == 4)
    }

    @Test func `the next run asks for what changed since`() async throws {
        let job = Job()
        _ = try await job.run("acme", Self.lines) { Self.answer($0, orders: [1, 2, 3], total: 3) }
        job.forgetRequests()
        let results = try await job.run("acme", Self.lines) { Self.answer($0, orders: [3], total: 1) }
        #expect(results.map(\.problem) == [nil, nil])
        let asked = try #require(job.requests.last { $0.url.contains("/v1/orders") })
        // The largest updated_at, less the overlap.
        #expect(Sent.query(asked).contains("updated_at_from=2026-10-02T09:50:00+00:00"))
        #expect(try job.column("SELECT count(*) FROM acme_orders WHERE deleted_at IS NULL") == ["3"])
    }

    @Test func `what a full pull no longer brings is marked deleted`() async throws {
        let job = Job()
        var full = RunOptions()
        full.isFull = true
        _ = try await job.run("acme", Self.lines) { Self.answer($0, orders: [1, 2, 3], total: 3) }
        _ = try await job.run("acme", Self.lines, options: full) {
            Self.answer($0, orders: [1, 3], total: 2)
        }
        #expect(try job.column("SELECT id FROM acme_orders WHERE change='deleted'") == ["2"])
    }

    @Test func `a refused key needs a person, a missing permission does not stop the siblings`() async throws
    {
        let job = Job()
        let refused = try await job.run("acme", "") { _ in
            (401, #"{"error":{"code":"bad_key","message":"unknown key"}}"#)
        }
        #expect(refused.allSatisfy { $0.status != .succeeded })
        let forbidden = try await Job().run("acme", "") { request in
            request.url.contains("orders")
                ? (400, #"{"error":{"code":"forbidden","message":"orders:read is missing"}}"#)
                : Self.answer(request, orders: [], total: 0)
        }
        #expect(forbidden.map { $0.problem?.code } == [nil, .notPermitted])
    }
}
