import JSON
import Testing

/// What a platform may answer instead of a page, and what becomes of it.
@Suite(.timeLimit(.minutes(1)))
struct FaultTests {
    let sandbox: SandboxServer
    let work: Workplace

    init() async throws {
        sandbox = try await SandboxServer()
        work = try Workplace(sandbox)
    }

    private static let orders = "/orders.json"
    private let limited = "[connections.taipei.orders]\nlimit = 50"

    /// The resource's error after a run that ends with 1.
    private func failure(of resource: String = "orders") async throws -> (code: String?, message: String) {
        let outcome = try await work.sync()
        #expect(outcome.exitCode == 1)
        let report = try work.latestReport()
        let error = try report.resource(resource)["error"]
        let (code, message) = (error?["code"]?.stringValue, error?["message"]?.stringValue ?? "")
        #expect(outcome.stderr.hasPrefix("error [taipei/\(resource)] \(code ?? ""): \(message)\n  next: "))
        return (code, message)
    }

    private var storedOrders: Int {
        get throws { try work.mirror.count("SELECT count(*) FROM shopline_orders") }
    }

    // MARK: Bodies

    @Test func `a web page under status 200 is asked for once more, then quoted`() async throws {
        try work.configure(work.shopline(resources: "store orders"))
        try sandbox.fault("html", at: Self.orders, "\"times\":9")
        let (code, message) = try await failure()
        #expect(code == "malformed_response")
        #expect(message.contains("It began with: <!DOCTYPE html><html><head><title>Maintenance</title>"))
        #expect(try sandbox.requests(to: Self.orders) == 2)
        #expect(try storedOrders == 0)
        #expect(try work.mirror.count("SELECT count(*) FROM shopline_store") == 1)
    }

    @Test func `a web page once is forgiven`() async throws {
        try work.configure(work.shopline())
        try sandbox.fault("html", at: Self.orders)
        #expect(try await work.sync().exitCode == 0)
        #expect(try storedOrders == 250)
        #expect(try work.latestReport().json["totals"]?["http"]?["errors"]?.int64Value == 1)
    }

    @Test func `only the first 200 bytes of a body are quoted`() async throws {
        try work.configure(work.shopline())
        let body = "x" + String(repeating: "a", count: 199) + "SECOND-PART"
        try sandbox.answer(Self.orders, with: body, "\"times\":2")
        let (_, message) = try await failure()
        #expect(message.contains(String(repeating: "a", count: 199)))
        #expect(!message.contains("SECOND"))
    }

    @Test(arguments: [
        #"{"orders":{"id":1}}"#, #"{"orders":null}"#, #"{"data":[]}"#, #"[]"#, #"{"orders":[1]}"#,
        #"{"orders":[{"id":1}"#,
        #"{"orders":[{"id":1}]} x"#, #"{"orders":[{"id":1,}]}"#,
    ])
    func `JSON of another shape or cut short fails the resource and writes nothing`(body: String) async throws
    {
        try work.configure(work.shopline())
        try sandbox.answer(Self.orders, with: body, "\"times\":9")
        let (code, message) = try await failure()
        #expect(code == "malformed_response")
        #expect(message.hasSuffix("It began with: \(body)"))
        #expect(try storedOrders == 0)
    }

    @Test(arguments: ["{}", #"{"id":null}"#, #"{"id":""}"#, #"{"id":true}"#, #"{"id":1.5}"#, #"{"id":[1]}"#])
    func `a record without a usable key refuses the whole page`(record: String) async throws {
        try work.configure(work.shopline())
        try sandbox.answer(Self.orders, with: #"{"orders":[{"id":7},\#(record)]}"#, "\"times\":9")
        let (code, message) = try await failure()
        #expect(code == "malformed_response")
        #expect(message.contains("id"))
        #expect(try storedOrders == 0)
    }

    @Test func `a body that stops in the middle is asked for again`() async throws {
        try work.configure(work.shopline())
        try sandbox.fault("truncate", at: Self.orders, "\"times\":2")
        #expect(try await work.sync().exitCode == 0)
        #expect(try storedOrders == 250)
        #expect(try work.latestReport().json["totals"]?["http"]?["retries"]?.int64Value == 2)
    }

    @Test(arguments: ["truncate", "close", "reset"])
    func `a broken connection is tried max_attempts times`(kind: String) async throws {
        try work.configure(work.shopline(), run: "max_attempts = 3")
        try sandbox.fault(kind, at: Self.orders, "\"times\":99")
        let (code, _) = try await failure()
        #expect(["network_failed", "malformed_response"].contains(code))
        let http = try work.latestReport().json["totals"]?["http"]
        #expect(http?["retries"]?.int64Value == 2)
        #expect(http?["errors"]?.int64Value == 3)
        // libcurl repeats by itself, once, what was sent on a kept connection that turned out to be gone.
        #expect(try (3...4).contains(sandbox.requests(to: Self.orders)))
        #expect(try storedOrders == 0)
    }

    @Test func `nobody listening is network_failed`() async throws {
        let nowhere = try Workplace()
        try nowhere.configure(nowhere.privateApp(resources: "store"))
        let outcome = try await nowhere.sync()
        #expect(outcome.exitCode == 1)
        #expect(
            try nowhere.latestReport().connection("taipei")["error"]?["code"]?.stringValue == "network_failed"
        )
        #expect(try nowhere.latestReport().json["totals"]?["http"]?["requests"]?.int64Value == 5)
    }

    @Test func `spoilt compression fails like a broken connection`() async throws {
        try work.configure(work.shopline(), run: "max_attempts = 2")
        try sandbox.fault("bad-gzip", at: Self.orders, "\"times\":99")
        let (code, _) = try await failure()
        #expect(["network_failed", "malformed_response"].contains(code))
    }

    @Test func `a page beyond max_response is refused, not stored and not asked for again`() async throws {
        try work.configure(work.shopline(), run: "max_response = \"64KiB\"")
        let (code, message) = try await failure()
        #expect(code == "response_too_large")
        #expect(message.contains("orders"))
        #expect(try sandbox.requests(to: Self.orders) == 1)
        #expect(try storedOrders == 0)
    }

    @Test func `a record beyond max_record refuses the page`() async throws {
        try work.configure(work.shopline(), run: "max_record = \"1KiB\"")
        let (code, _) = try await failure()
        #expect(code == "response_too_large")
        #expect(try storedOrders == 0)
    }

    // MARK: Paging

    @Test func `a cursor that repeats ends the resource after the pages before it`() async throws {
        try work.configure(work.shopline("taipei", resources: "orders", limited))
        try sandbox.fault("repeat-cursor", at: Self.orders, "\"after\":2,\"times\":99")
        let (code, message) = try await failure()
        #expect(code == "malformed_response")
        #expect(message.contains("repeats itself"))
        #expect(
            try work.mirror.count("SELECT count(*) FROM shopline_orders WHERE deleted_at IS NOT NULL") == 0)
        #expect(try storedOrders < 250)
        try sandbox.control(#"{"op":"clear-faults"}"#)
        #expect(try await work.sync().exitCode == 0)
        #expect(try storedOrders == 250)
    }

    @Test func `an empty page that promises more is an error`() async throws {
        try work.configure(work.nextEngine("taipei", resources: "goods"))
        try sandbox.answer(
            "/api_v1_master_goods/search", with: #"{"result":"success","count":"120","data":[]}"#)
        let (code, message) = try await failure(of: "goods")
        #expect(code == "malformed_response")
        #expect(message.contains("empty page"))
    }

    @Test func `an answer of another kind cannot end a listing`() async throws {
        try work.configure(work.nextEngine("taipei", resources: "goods"))
        try sandbox.answer(
            "/api_v1_master_goods/search", with: #"{"result":"success","count":"120"}"#, "\"times\":9")
        #expect(try await failure(of: "goods").code == "malformed_response")
    }
}
