import HTTP
import Sync
import Testing

/// Whole runs in which a platform does something unexpected with one resource.
struct PulledResourceTests {
    private static let company = #"{"result":"success","data":[{"company_ne_id":"NE1","company_name":"n"}]}"#
    private static let shop = #"{"data":{"id":1700000000001,"name":"n"}}"#

    @Test
    func `a store without payments is no failure`() async throws {
        let results = try await Job().run("shopline", "resources = [\"store\", \"payments_transactions\"]") {
            request in
            guard request.url.contains("payments") else { return (200, Self.shop) }
            return (404, #"{"errors":"Resource not found: merchant"}"#)
        }
        #expect(results.map(\.status) == [.succeeded, .skipped])
        #expect(results.allSatisfy { $0.problem == nil })
    }

    @Test
    func `another 404 of payments is a failure`() async throws {
        let results = try await Job().run("shopline", "resources = [\"payments_payouts\"]") { request in
            request.url.contains("payments") ? (404, "<html></html>") : (200, Self.shop)
        }
        #expect(results.map(\.status) == [.failed])
        #expect(results.first?.problem?.code == .requestRejected)
    }

    @Test
    func `payments outside the listed time are never marked deleted`() async throws {
        let job = Job()
        let row = #"{"trade_order_id":"9","transaction_type":"PAYMENT","create_time":"2026-10-01T00:00:00Z"}"#
        for body in ["{\"transactions\":[\(row)]}", #"{"transactions":[]}"#] {
            let results = try await job.run("shopline", "resources = [\"payments_transactions\"]") {
                request in
                request.url.contains("payments") ? (200, body) : (200, Self.shop)
            }
            #expect(results.map(\.status) == [.succeeded])
            #expect(results.first?.isComplete == false && results.first?.warnings.isEmpty == true)
        }
        #expect(
            try job.column("SELECT id FROM shopline_payments_transactions WHERE deleted_at IS NULL") == [
                "9/PAYMENT"
            ])
    }

    @Test
    func `a field that the platform no longer knows is left out with a warning`() async throws {
        let job = Job()
        let results = try await job.run("next-engine", "resources = [\"warehouses\"]") { request in
            guard request.url.hasSuffix("warehouse_base/search") else { return (200, Self.company) }
            guard !Sent.form(request).contains(where: { $0.contains("warehouse_creation_date") }) else {
                return (200, #"{"result":"error","code":"001007","message":"パラメータが不正です。"}"#)
            }
            return (
                200,
                #"{"result":"success","count":"1","data":[{"warehouse_id":"0","warehouse_name":"基本拠点"}]}"#
            )
        }
        #expect(results.map(\.status) == [.succeeded])
        let warnings = results.flatMap(\.warnings)
        #expect(warnings.map(\.code) == [.fieldUnknown])
        #expect(warnings.first?.message.contains("warehouse_creation_date") == true)
        #expect(try job.column("SELECT warehouse_name FROM next_engine_warehouses") == ["基本拠点"])
    }

    @Test
    func `a request that is refused for good is not asked for ever`() async throws {
        let job = Job()
        let results = try await job.run("next-engine", "resources = [\"shops\"]") { request in
            request.url.hasSuffix("/search")
                ? (200, #"{"result":"error","code":"001007","message":"不正"}"#) : (200, Self.company)
        }
        #expect(results.map(\.status) == [.failed])
        #expect(results.first?.problem?.code == .requestRejected)
        #expect(job.requests.count <= 6)
    }

    @Test
    func `inventory of a variant that went away is marked deleted`() async throws {
        let job = Job()
        let lines = "resources = [\"products\", \"inventory_items\"]"
        for items in [["1", "2", "3"], ["1", "2"]] {
            let variants = items.map { "{\"id\":\"v\($0)\",\"inventory_item_id\":\"\($0)\"}" }.joined(
                separator: ",")
            var options = RunOptions()
            options.isFull = true
            let results = try await job.run("shopline", lines, options: options) { request in
                if request.url.contains("products.json") {
                    return (200, "{\"products\":[{\"id\":\"p\",\"variants\":[\(variants)]}]}")
                }
                guard request.url.contains("inventory_items") else { return (200, Self.shop) }
                let ids = Sent.query(request).first { $0.hasPrefix("ids=") }?.dropFirst(4).split(
                    separator: ",")
                let found = (ids ?? []).map { "{\"id\":\"\($0)\",\"tracked\":true}" }.joined(separator: ",")
                return (200, "{\"inventory_items\":[\(found)]}")
            }
            #expect(results.map(\.status) == [.succeeded, .succeeded])
        }
        #expect(
            try job.column("SELECT id FROM shopline_inventory_items WHERE deleted_at IS NULL") == ["1", "2"])
        #expect(
            try job.column("SELECT id FROM shopline_inventory_items WHERE deleted_at IS NOT NULL") == ["3"])
    }

    @Test
    func `a custom resource gets a table, a report entry and a name for the command line`() async throws {
        let job = Job()
        let lines = """
            [connections.one.custom.delivery_dates]
            path = "/api_v1_system_deliverydate/info"
            key = ["delivery_date_id"]
            columns = { delivery_date_name = "text" }
            """
        var options = RunOptions()
        for names in [[], ["delivery_dates"]] {
            options.resources = names
            let results = try await job.run("next-engine", lines, options: options) { request in
                if request.url.hasSuffix("deliverydate/info") {
                    return (
                        200,
                        #"{"result":"success","data":[{"delivery_date_id":"1","delivery_date_name":"即日"}]}"#
                    )
                }
                guard request.url.hasSuffix("shop/search") else { return (200, Self.company) }
                return (200, #"{"result":"success","count":"0","data":[]}"#)
            }
            #expect(results.map(\.name) == (names.isEmpty ? ["shops", "delivery_dates"] : names))
            #expect(results.allSatisfy { $0.status == .succeeded })
            #expect(results.last?.table == "next_engine_delivery_dates")
        }
        #expect(
            try job.column("SELECT delivery_date_name FROM next_engine_delivery_dates WHERE id='1'") == ["即日"]
        )
    }
}
