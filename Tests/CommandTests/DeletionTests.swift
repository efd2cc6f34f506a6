import JSON
import Testing

/// What a listing no longer brings, and when that counts as gone.
@Suite(.timeLimit(.minutes(10)))
struct DeletionTests {
    let sandbox: SandboxServer
    let work: Workplace

    init() async throws {
        sandbox = try await SandboxServer()
        work = try Workplace(sandbox)
    }

    private func edit(_ changes: String) throws {
        try sandbox.control(
            #"{"op":"edit","resource":"shopline.orders","account":"open001","changes":\#(changes)}"#)
    }

    private func marked(_ view: String = "shopline_orders") throws -> Int {
        try work.mirror.count("SELECT count(*) FROM \(view) WHERE deleted_at IS NOT NULL")
    }

    /// Gives the next run these locations, by id, and a count that agrees.
    private func list(_ ids: Int..., extra: String = "") throws {
        let records = ids.map { #"{"id":\#($0),"name":"L\#($0)"}"# }.joined(separator: ",")
        let count = ids.count + (extra.contains(#""id":2"#) && !ids.contains(2) ? 1 : 0)
        try sandbox.control(#"{"op":"clear-faults"}"#)
        try sandbox.answer("/locations/list.json", with: #"{"locations":[\#(records)\#(extra)]}"#)
        try sandbox.answer("/locations/count.json", with: #"{"count":\#(count)}"#, "\"times\":9")
    }

    private var limited: String { "[connections.taipei.orders]\nlimit = 50" }

    @Test func `an incremental pull leaves missing records alone, a full one marks them`() async throws {
        try work.configure(work.shopline("taipei", resources: "orders", limited))
        #expect(try await work.sync().exitCode == 0)
        try edit(#"{"delete":7,"insert":2,"update":3}"#)
        #expect(try await work.sync().exitCode == 0)
        #expect(try work.latestReport().resource("orders")["mode"]?.stringValue == "incremental")
        #expect(try work.latestReport().count("inserted", of: "orders") == 2)
        #expect(try work.latestReport().count("updated", of: "orders") == 3)
        #expect(try marked() == 0)
        #expect(try await work.sync("--full").exitCode == 0)
        let report = try work.latestReport()
        #expect(report.json["mode"]?.stringValue == "full")
        #expect(try report.count("deleted", of: "orders") == 7)
        #expect(try report.count("unchanged", of: "orders") == 245)
        #expect(try report.resource("orders")["complete"]?.boolValue == true)
        #expect(try report.resource("orders")["listed"]?.int64Value == 245)
        #expect(try marked() == 7)
        let run = report.runID ?? ""
        #expect(
            try work.mirror.count(
                "SELECT count(*) FROM shopline_orders WHERE change='deleted' AND changed_run='\(run)'"
                    + " AND changed_at=deleted_at AND deleted_at GLOB '20??-??-??T??:??:??Z'") == 7)
        #expect(try work.mirror.count("SELECT count(*) FROM shopline_orders") == 252, "nothing is removed")
    }

    @Test func `a record that comes back is restored, with or without a change`() async throws {
        try work.configure(work.shopline(resources: "locations"))
        try list(1, 2, 3)
        #expect(try await work.sync().exitCode == 0)
        try list(1, 2)
        #expect(try await work.sync().exitCode == 0)
        #expect(try work.latestReport().count("deleted", of: "locations") == 1)
        #expect(
            try work.mirror.texts("SELECT id FROM shopline_locations WHERE deleted_at IS NOT NULL") == ["3"])
        let first = try work.mirror.text("SELECT first_seen_at FROM shopline_locations WHERE id='3'")
        try list(1, 2, 3)
        #expect(try await work.sync().exitCode == 0)
        #expect(try work.latestReport().count("restored", of: "locations") == 1)
        #expect(try work.latestReport().count("unchanged", of: "locations") == 2)
        #expect(
            try work.mirror.rows(
                "SELECT change, deleted_at, first_seen_at FROM shopline_locations WHERE id='3'")
                == [["restored", nil, first]])
    }

    @Test func `whoever follows changes by run sees every kind`() async throws {
        try work.configure(work.shopline(resources: "locations"))
        try list(1, 2, 3)
        try await work.sync()
        let last = try work.latestReport().runID ?? ""
        try list(1, 4, extra: #",{"id":2,"name":"changed"}"#)
        try await work.sync()
        let newest = try work.latestReport().runID ?? ""
        #expect(newest > last)
        let feed =
            "SELECT id, change FROM shopline_locations WHERE changed_run>'\(last)' AND changed_run<='\(newest)' ORDER BY id"
        #expect(try work.mirror.rows(feed) == [["2", "updated"], ["3", "deleted"], ["4", "inserted"]])
        let plan = try work.mirror.rows("EXPLAIN QUERY PLAN \(feed)").map {
            $0.compactMap { $0 }.joined(separator: " ")
        }
        #expect(plan.contains { $0.contains("USING INDEX shopline_locations_feed") })
    }

    @Test func `an unchanged record is not written at all`() async throws {
        try work.configure(work.shopline(resources: "locations"))
        try list(1, 2, 3)
        try await work.sync()
        let before = try work.mirror.rows("SELECT * FROM shopline_locations")
        try list(1, 2, 3)
        #expect(try await work.sync(hooks: "clock=3600").exitCode == 0)
        #expect(try work.latestReport().count("unchanged", of: "locations") == 3)
        #expect(try work.mirror.rows("SELECT * FROM shopline_locations") == before)
    }

    // MARK: Guards

    @Test func `a listing that shrank too much marks nothing, warns and ends with 0`() async throws {
        try work.configure(work.shopline(resources: "locations"))
        try list(1, 2, 3)
        try await work.sync()
        try list(1)
        let outcome = try await work.sync()
        #expect(outcome.exitCode == 0)
        #expect(outcome.stderr.contains("warning [taipei/locations] shrink_held: 2 of 3 rows"))
        #expect(try work.latestReport().warnings == ["shrink_held"])
        #expect(try marked("shopline_locations") == 0)
        try work.configure(work.shopline(resources: "locations"), run: "max_shrink = 1.0")
        try list(1)
        #expect(try await work.sync().exitCode == 0)
        #expect(try marked("shopline_locations") == 2)
    }

    @Test func `an empty listing is no exception`() async throws {
        try work.configure(work.shopline(resources: "locations"))
        try list(1)
        try await work.sync()
        try list()
        #expect(try await work.sync().exitCode == 0)
        #expect(try work.latestReport().warnings == ["shrink_held"])
        #expect(try marked("shopline_locations") == 0)
    }

    @Test(arguments: ["drop-page", "early-end"])
    func `what slipped through once is read again in the same run`(kind: String) async throws {
        try work.configure(work.shopline("taipei", resources: "orders", limited))
        try await work.sync()
        try edit(#"{"delete":5}"#)
        try sandbox.fault(kind, at: "/orders.json", #""after":2"#)
        #expect(try await work.sync("--full").exitCode == 0)
        let report = try work.latestReport()
        #expect(report.warnings == [])
        #expect(try report.resource("orders")["complete"]?.boolValue == true)
        #expect(try marked() == 5)
    }

    @Test(arguments: ["drop-page", "early-end"])
    func `figures that differ mark nothing, and are told`(kind: String) async throws {
        try work.configure(work.shopline("taipei", resources: "orders", limited))
        try await work.sync()
        try edit(#"{"delete":5}"#)
        // The first pass is read again, so once would not do.
        try sandbox.fault(kind, at: "/orders.json", #""after":2,"times":99"#)
        let outcome = try await work.sync("--full")
        #expect(outcome.exitCode == 0)
        #expect(outcome.stderr.contains("warning [taipei/orders] count_differs: "))
        let report = try work.latestReport()
        #expect(report.warnings == ["count_differs"])
        #expect(try report.resource("orders")["status"]?.stringValue == "succeeded")
        #expect(try report.resource("orders")["complete"]?.boolValue == false)
        #expect(try report.resource("orders")["listed"]?.int64Value == 245)
        #expect(try marked() == 0)
        try sandbox.control(#"{"op":"clear-faults"}"#)
        #expect(try await work.sync("--full").exitCode == 0)
        #expect(try marked() == 5)
    }

    @Test(arguments: ["status", "not-permitted"])
    func `what neither the count nor a look-up vouches for is not marked`(kind: String) async throws {
        try work.configure(work.shopline(resources: "products", "[connections.taipei.products]\nlimit = 50"))
        try await work.sync()
        try sandbox.control(
            #"{"op":"edit","resource":"shopline.products","account":"open001","changes":{"delete":2}}"#)
        try sandbox.fault("status", at: "/products/count.json", "\"status\":404,\"times\":99")
        try sandbox.fault(kind, at: "ids=", "\"status\":400,\"times\":99")
        let outcome = try await work.sync("--full")
        #expect(outcome.exitCode == 0)
        #expect(outcome.stderr.contains("2 rows of products were no longer listed, but the platform neither"))
        #expect(try work.latestReport().resource("products")["complete"]?.boolValue == false)
        #expect(try marked("shopline_products") == 0)
    }

    @Test func `a record that is missing from the listing but still there is not marked`() async throws {
        try work.configure(work.shopline(resources: "products"))
        try await work.sync()
        let payloads = try work.mirror.texts("SELECT payload FROM shopline_products ORDER BY id LIMIT 100")
            .compactMap { $0 }
        try sandbox.answer("/products/count.json", with: #"{"count":100}"#, "\"times\":9")
        try sandbox.answer("limit=250", with: #"{"products":[\#(payloads.joined(separator: ","))]}"#)
        let outcome = try await work.sync("--full")
        #expect(outcome.exitCode == 0)
        #expect(try work.latestReport().warnings == ["count_differs"])
        #expect(
            outcome.stderr.contains(
                "20 rows of products were missing from the listing, but the platform still has them"))
        #expect(try marked("shopline_products") == 0)
    }

    @Test func `a failed full pull marks nothing`() async throws {
        try work.configure(work.shopline("taipei", resources: "orders", limited), run: "max_attempts = 1")
        try await work.sync()
        try edit(#"{"delete":5}"#)
        try sandbox.fault("status", at: "/orders.json", "\"status\":503,\"after\":3")
        #expect(try await work.sync("--full").exitCode == 1)
        #expect(try marked() == 0)
    }

    @Test func `next-engine's records are marked and restored too`() async throws {
        try work.configure(
            work.nextEngine("taipei", resources: "goods", "[connections.taipei.goods]\nlimit = 25"))
        try await work.sync()
        try sandbox.control(
            #"{"op":"edit","resource":"next-engine.goods","account":"1","changes":{"delete":6,"insert":1}}"#)
        #expect(try await work.sync("--full").exitCode == 0)
        #expect(try work.latestReport().count("deleted", of: "goods") == 6)
        #expect(try work.latestReport().count("inserted", of: "goods") == 1)
        #expect(try marked("next_engine_goods") == 6)
    }

    // MARK: Duplicates

    @Test func `of a key that stands twice in a page the last one wins, and it is counted`() async throws {
        try work.configure(work.shopline(resources: "locations"))
        try list(1, 2, extra: #",{"id":1,"name":"last"}"#)
        let outcome = try await work.sync()
        #expect(outcome.exitCode == 0)
        let records = try work.latestReport().resource("locations")["records"]
        #expect(records?["fetched"]?.int64Value == 3)
        #expect(records?["inserted"]?.int64Value == 2)
        #expect(records?["duplicate"]?.int64Value == 1)
        #expect(try work.latestReport().warnings == ["duplicate_key"])
        #expect(try work.mirror.texts("SELECT name FROM shopline_locations ORDER BY id") == ["last", "L2"])
        try list(1, 2, extra: #",{"id":1,"name":"last"}"#)
        try await work.sync()
        #expect(try work.latestReport().count("unchanged", of: "locations") == 2)
        #expect(try work.latestReport().count("updated", of: "locations") == 0)
    }

    @Test func `keys are compared byte by byte`() async throws {
        try work.configure(work.shopline(resources: "locations"))
        let composed = #"{"locations":[{"id":"e\u0301"},{"id":"\u00e9"},{"id":"E"},{"id":"e"},{"id":"e "}]}"#
        try sandbox.answer("/locations/list.json", with: composed)
        try await work.sync()
        #expect(try work.latestReport().count("inserted", of: "locations") == 5)
        #expect(try work.latestReport().count("duplicate", of: "locations") == 0)
    }
}
