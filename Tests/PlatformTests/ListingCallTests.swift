import HTTP
import JSON
import Platforms
import Testing

@testable import Sync

/// The calls that listings of the real platforms are made of.
struct ListingCallTests {
    private let now = Timestamp(secondsSinceEpoch: 1_793_000_000)

    private func listing(
        _ platform: String, _ resource: String, _ lines: String = "", since: String? = nil,
        until: String? = nil,
        ids: [String] = []
    ) throws -> Listing {
        let connection = try Connections.make(platform, lines)
        let plan = try #require(connection.plans(named: [resource]).first)
        return Listing(
            of: plan, connection: connection, since: since.flatMap { Timestamp($0) },
            until: until.flatMap { Timestamp($0) }, now: now, kind: .full, ids: ids)
    }

    private func shown(_ call: Call) -> [String] { call.parameters.map { "\($0.name)=\($0.value)" } }

    // MARK: Next Engine

    @Test
    func `a search names its fields, its window in Japan's time, and its page`() throws {
        let call = try listing("next-engine", "stock", since: "2026-01-10T15:00:00Z").call(at: Position())
        #expect(call.path == "/api_v1_master_stock/search" && call.method == .post)
        let parameters = shown(call)
        #expect(parameters.first == "stock_last_modified_null_safe_date-gte=2026-01-11 00:00:00")
        #expect(parameters[1].hasPrefix("fields=stock_goods_id,stock_quantity,"))
        #expect(parameters.suffix(2) == ["offset=0", "limit=5000"])
    }

    @Test
    func `persons in orders are asked for only when the config says so`() throws {
        let fields = { (lines: String) throws -> [String] in
            let call = try listing("next-engine", "orders", lines).call(at: Position())
            let value = call.parameters.first { $0.name == "fields" }?.value ?? ""
            return value.split(separator: ",").map(String.init)
        }
        let plain = try fields("")
        let all = try fields("personal_data = true")
        let persons = Set(all).subtracting(plain)
        #expect(persons.contains("receive_order_purchaser_mail_address"))
        #expect(persons.contains("receive_order_consignee_tel"))
        #expect(persons.contains("receive_order_customer_id"))
        #expect(
            plain.allSatisfy {
                !$0.contains("purchaser") && !$0.contains("consignee") && !$0.hasSuffix("pic_name")
            })
        #expect(plain.contains("receive_order_id") && plain.contains("receive_order_total_amount"))
        #expect(all.count == plain.count + 24)
    }

    @Test
    func `a count takes the same conditions and no fields`() throws {
        let calls = try listing("next-engine", "goods", since: "2026-01-10T15:00:00Z").countCalls()
        #expect(calls.map(\.path) == ["/api_v1_master_goods/count"])
        #expect(calls.first.map(shown) == ["goods_last_modified_null_safe_date-gte=2026-01-11 00:00:00"])
    }

    @Test
    func `a look-up asks for a thousand ids with their fields`() throws {
        let ids = (1...1001).map { "g\($0)" }
        let calls = try listing("next-engine", "stock").lookupCalls(ids, pass: [])
        #expect(calls.count == 2)
        let parameters = try #require(calls.last.map(shown))
        #expect(parameters.contains("stock_goods_id-in=g1001"))
        #expect(parameters.contains { $0.hasPrefix("fields=stock_goods_id,") })
    }

    @Test
    func `a short list is asked for without anything`() throws {
        let call = try listing("next-engine", "selects").call(at: Position())
        #expect(call.path == "/api_v1_system_select/info" && call.parameters.isEmpty)
    }

    // MARK: SHOPLINE

    @Test
    func `orders are listed in two passes, and the first one once more`() throws {
        let listing = try listing("shopline", "orders", since: "2026-01-01T00:00:00Z")
        let calls = listing.segments.indices.map { shown(listing.call(at: Position(segment: $0))) }
        #expect(
            calls
                == ["false", "true", "false"].map {
                    [
                        "status=any", "hidden_order=\($0)", "updated_at_min=2026-01-01T00:00:00+00:00",
                        "limit=100",
                    ]
                })
        #expect(listing.countCalls().count == 2)
    }

    @Test(arguments: ["custom_collections", "smart_collections"])
    func `collections get both bounds or none`(resource: String) throws {
        #expect(try shown(listing("shopline", resource).call(at: Position())) == ["limit=250"])
        let since = try listing("shopline", resource, since: "2026-01-01T00:00:00Z").call(at: Position())
        #expect(
            shown(since) == [
                "updated_at_min=2026-01-01T00:00:00+00:00", "updated_at_max=2100-01-01T00:00:00+00:00",
                "limit=250",
            ])
        let until = try listing("shopline", resource, until: "2026-01-01T00:00:00Z").call(at: Position())
        #expect(shown(until).prefix(1) == ["updated_at_min=1970-01-01T00:00:00+00:00"])
    }

    @Test(arguments: [
        ("payments_transactions", "date_min", "date_max", Int64(183), 2),
        ("payments_payouts", "start_time", "end_time", Int64(92), 8),
    ])
    func `payments are asked for by stretches that the platform allows`(
        resource: String, since: String, until: String, days: Int64, count: Int
    ) throws {
        let listing = try listing("shopline", resource)
        #expect(listing.segments.count == count)
        var last: Timestamp?
        for (index, segment) in listing.segments.enumerated() {
            let (start, end) = try (#require(segment.since), #require(segment.until))
            #expect(last == nil || last == start, "no hole between the stretches")
            #expect(end.secondsSinceEpoch - start.secondsSinceEpoch <= days * 86_400)
            last = end
            let call = listing.call(at: Position(segment: index))
            #expect(call.parameters.contains(Parameter(since, TimeForm.iso8601.write(start))))
            #expect(call.parameters.contains(Parameter(until, TimeForm.iso8601.write(end))))
            #expect(call.parameters.contains { $0.name == "limit" })
        }
        #expect(last == now)
    }

    @Test
    func `inventory is asked for fifty items at a time`() throws {
        let ids = (10...119).map { "570000000000000000\($0)" }.sorted()
        let listing = try listing("shopline", "inventory_levels", ids: ids)
        var sequence = PageSequence(listing)
        var position: Position? = Position()
        var asked: [String] = []
        while let current = position {
            let call = listing.call(at: current)
            let batch = try #require(call.parameters.first { $0.name == "inventory_item_ids" }).value
                .split(separator: ",").map(String.init)
            #expect((1...50).contains(batch.count))
            asked += batch
            // Items may be gone by the time they are asked for: no record at all is a sound answer.
            let answer = Answers.make(
                #"{"inventory_levels":[]}"#, listing.connection.platform.dialect,
                records: ["inventory_levels"])
            guard case .success(let page) = answer.page else { return #expect(Bool(false), "no page") }
            position = try sequence.step(after: page, answer, at: current).next
        }
        #expect(asked == ids)
    }
}
