import JSON
import Testing

/// What a platform may refuse, what is tried again, and what becomes of the rest.
@Suite(.timeLimit(.minutes(10)))
struct RefusalTests {
    let sandbox: SandboxServer
    let work: Workplace

    init() async throws {
        sandbox = try await SandboxServer()
        work = try Workplace(sandbox)
    }

    private static let orders = "/orders.json"

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

    @Test(arguments: ["", #","retry_after":"7""#, #","retry_after":"Fri, 31 Dec 2100 00:00:00 GMT""#])
    func `429 is waited for and tried again`(header: String) async throws {
        try work.configure(work.shopline())
        try sandbox.fault("rate-limit", at: Self.orders, "\"times\":2\(header)")
        let outcome = try await work.sync()
        if header.contains("2100") {
            // Nobody waits for seventy years.
            #expect(outcome.exitCode == 1)
            #expect(try work.latestReport().errorCode(of: "orders") == "rate_limited")
            #expect(try sandbox.requests(to: Self.orders) == 1)
            return
        }
        #expect(outcome.exitCode == 0)
        let http = try work.latestReport().json["totals"]?["http"]
        #expect(http?["retries"]?.int64Value == 2)
        #expect(http?["throttled"]?.int64Value == 2)
        #expect(try storedOrders == 250)
    }

    @Test func `Retry-After is what is waited, to the second`() async throws {
        try work.configure(work.shopline(resources: "orders", "requests_per_second = 0"))
        try sandbox.fault("rate-limit", at: Self.orders, #""retry_after":"41""#)
        let begun = ContinuousClock.now
        #expect(try await work.sync("-v").stderr.contains("attempt 1 failed, next in 41.0 s: "))
        // What was waited passed at once: only the rest took real time.
        let real = (ContinuousClock.now - begun) / Duration.seconds(1)
        let seconds = try work.latestReport().json["duration_seconds"]?.doubleValue ?? 0
        #expect(seconds >= 41 && seconds < 41.1 + real)
    }

    @Test func `429 for good is rate_limited after max_attempts`() async throws {
        try work.configure(work.shopline())
        try sandbox.fault("rate-limit", at: Self.orders, "\"times\":99")
        let (code, message) = try await failure()
        #expect(code == "rate_limited")
        #expect(message.contains("HTTP 429"))
        #expect(try sandbox.requests(to: Self.orders) == 5)
        let error = try work.latestReport().resource("orders")["error"]
        #expect(error?["http_status"]?.int64Value == 429)
        #expect(error?["retryable"]?.boolValue == true)
    }

    @Test(arguments: [500, 502, 503, 504, 408, 425])
    func `a server's fault is tried five times`(status: Int) async throws {
        try work.configure(work.shopline())
        try sandbox.fault("status", at: Self.orders, "\"status\":\(status),\"times\":99")
        let (code, _) = try await failure()
        #expect(code == "server_failed")
        #expect(try sandbox.requests(to: Self.orders) == 5)
    }

    @Test func `four faults and a good answer are a success`() async throws {
        try work.configure(work.shopline())
        try sandbox.fault("status", at: Self.orders, "\"status\":503,\"times\":4")
        let outcome = try await work.sync()
        #expect(outcome.exitCode == 0)
        #expect(outcome.stderr == "")
        #expect(try storedOrders == 250)
    }

    @Test(arguments: [400, 404, 406, 410, 422])
    func `another 4xx is not tried again`(status: Int) async throws {
        try work.configure(work.shopline())
        try sandbox.fault("status", at: Self.orders, "\"status\":\(status),\"times\":99")
        let (code, _) = try await failure()
        #expect(code == "request_rejected")
        #expect(try sandbox.requests(to: Self.orders) == 1)
    }

    @Test func `a 500 that is a validation message is not tried again`() async throws {
        try work.configure(work.shopline())
        let body = #""body":"{\"errors\":\"limit must be at most 100\"}""#
        try sandbox.fault("status", at: Self.orders, "\"status\":500,\"times\":99,\(body)")
        let (code, message) = try await failure()
        #expect(code == "request_rejected")
        #expect(message.contains("limit must be at most 100"))
        #expect(try sandbox.requests(to: Self.orders) == 1)
    }

    @Test(arguments: [301, 302, 307])
    func `redirects are not followed`(status: Int) async throws {
        try work.configure(work.shopline())
        try sandbox.fault("status", at: Self.orders, "\"status\":\(status),\"times\":99")
        #expect(try await failure().code == "request_rejected")
        #expect(try sandbox.requests(to: Self.orders) == 1)
    }

    @Test func `an endpoint that is not permitted leaves its siblings alone`() async throws {
        try work.configure(work.shopline(resources: "store orders products"))
        try sandbox.control(
            #"{"op":"switch","name":"shopline.scopes","value":"read_store_information,read_products"}"#)
        let outcome = try await work.sync()
        #expect(outcome.exitCode == 1)
        let report = try work.latestReport()
        #expect(report.status == "partial")
        #expect(try report.connection("taipei")["status"]?.stringValue == "partial")
        #expect(try report.errorCode(of: "orders") == "not_permitted")
        #expect(try report.resource("store")["status"]?.stringValue == "succeeded")
        #expect(try report.resource("products")["status"]?.stringValue == "succeeded")
        #expect(outcome.stderr.contains("Grant the app the permission for 'orders' (read_orders)"))
        #expect(try work.mirror.count("SELECT count(*) FROM shopline_products") == 120)
        let totals = report.json["totals"]
        #expect(totals?["connections_succeeded"]?.int64Value == 0)
        #expect(totals?["connections_failed"]?.int64Value == 0)
        #expect(totals?["resources_failed"]?.int64Value == 1)
    }

    @Test func `next-engine's refusal of one API leaves its siblings alone`() async throws {
        try work.configure(work.nextEngine(resources: "shops goods malls"))
        try sandbox.control(#"{"op":"switch","name":"next-engine.not-permitted","value":"master_goods"}"#)
        let outcome = try await work.sync()
        #expect(outcome.exitCode == 1)
        let report = try work.latestReport()
        #expect(try report.errorCode(of: "goods", in: "tokyo") == "not_permitted")
        #expect(try report.resource("goods", of: "tokyo")["error"]?["platform_code"]?.stringValue == "004001")
        #expect(try report.resource("malls", of: "tokyo")["status"]?.stringValue == "succeeded")
    }

    @Test(arguments: ["003001", "003002"])
    func `next-engine's busy code is waited for, then overloaded`(code: String) async throws {
        try work.configure(work.nextEngine(resources: "shops"))
        try sandbox.fault("busy", at: "/api_v1_master_shop/search", "\"code\":\"\(code)\",\"times\":4")
        #expect(try await work.sync().exitCode == 0)
        #expect(try work.latestReport().json["totals"]?["http"]?["throttled"]?.int64Value == 4)
        try sandbox.fault("busy", at: "/api_v1_master_shop/search", "\"code\":\"\(code)\",\"times\":99")
        #expect(try await work.sync().exitCode == 1)
        #expect(try work.latestReport().errorCode(of: "shops", in: "tokyo") == "overloaded")
    }

    @Test func `a connection that fails leaves the others alone`() async throws {
        try work.configure(
            work.shopline("taipei", resources: "store"),
            work.shopline("kaohsiung", store: 2, resources: "store"))
        try sandbox.fault("status", at: "/open001/", "\"status\":503,\"times\":99")
        let outcome = try await work.sync()
        #expect(outcome.exitCode == 1)
        let report = try work.latestReport()
        #expect(try report.connection("taipei")["status"]?.stringValue == "failed")
        #expect(try report.connection("kaohsiung")["status"]?.stringValue == "succeeded")
        #expect(report.json["totals"]?["connections_failed"]?.int64Value == 1)
        #expect(report.json["totals"]?["connections_succeeded"]?.int64Value == 1)
    }
}
