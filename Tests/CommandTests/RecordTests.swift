import JSON
import Testing

/// What is stored of a record, and how the views show it.
@Suite(.timeLimit(.minutes(10)))
struct RecordTests {
    let sandbox: SandboxServer
    let work: Workplace

    init() async throws {
        sandbox = try await SandboxServer()
        work = try Workplace(sandbox)
        try work.configure(work.shopline(resources: "products"))
    }

    /// Gives the next run these products.
    private func list(_ records: String...) throws {
        try sandbox.answer(
            "/products/products.json", with: #"{"products":[\#(records.joined(separator: ","))]}"#)
    }

    private func row(_ columns: String, id: String) throws -> [String?] {
        try work.mirror.rows("SELECT \(columns) FROM shopline_products WHERE id='\(id)'").first ?? []
    }

    @Test(arguments: [
        "18446744073709551617", "9223372036854775808", "-1", "0", "123456789012345678901234567890",
    ])
    func `an id keeps every digit`(id: String) async throws {
        try list(#"{"id":\#(id)}"#)
        #expect(try await work.sync().exitCode == 0)
        #expect(try work.mirror.rows("SELECT id, typeof(id) FROM shopline_products") == [[id, "text"]])
    }

    @Test func `a payload is the bytes that came without insignificant blanks`() async throws {
        try list(
            "{ \"id\" : 7 ,\n\t\"title\": \"a  \\u00e9 \\/ é\", \"n\": 1.10, \"e\": 1E+2, \"z\": null, \"a\": [ 1 , 2 ] , \"n\": 2.50 }"
        )
        #expect(try await work.sync().exitCode == 0)
        #expect(
            try row("payload", id: "7") == [
                #"{"id":7,"title":"a  \u00e9 \/ é","n":1.10,"e":1E+2,"z":null,"a":[1,2],"n":2.50}"#
            ])
        #expect(try row("title", id: "7") == ["a  é / é"])
    }

    @Test func `another spelling of blanks is no change, another digit is one`() async throws {
        try list(#"{"id":7,"price":1.10}"#)
        try await work.sync()
        try list(#"{ "id": 7, "price": 1.10 }"#)
        try await work.sync("--full")
        #expect(try work.latestReport().count("unchanged", of: "products") == 1)
        try list(#"{"id":7,"price":1.1}"#)
        try await work.sync("--full")
        #expect(try work.latestReport().count("updated", of: "products") == 1)
        #expect(try row("change", id: "7") == ["updated"])
    }

    @Test(arguments: [
        ("1.10", "1.10"), ("\"1.10\"", "1.10"),
        ("12345678901234567890.1234567890", "12345678901234567890.1234567890"),
        ("1e400", "1e400"), ("9223372036854775808", "9223372036854775808"), ("null", nil), ("0.00", "0.00"),
    ])
    func `money keeps every digit`(written: String, shown: String?) async throws {
        try work.configure(work.shopline(resources: "orders"))
        try sandbox.answer(
            "hidden_order=false", with: #"{"orders":[{"id":1,"current_total_price":\#(written)}]}"#)
        try sandbox.answer("hidden_order=true", with: #"{"orders":[]}"#, "\"times\":2")
        #expect(try await work.sync().exitCode == 0)
        #expect(try work.mirror.text("SELECT current_total_price FROM shopline_orders") == shown)
        let type = try work.mirror.text("SELECT typeof(current_total_price) FROM shopline_orders")
        #expect(type == (shown == nil ? "null" : "text"))
    }

    @Test(arguments: [
        ("2026-01-02T03:04:05+08:00", "2026-01-01T19:04:05Z"),
        ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"),
        ("2026-01-02T03:04:05.999+0000", "2026-01-02T03:04:05Z"),
        ("1969-12-31T23:59:59-01:00", "1970-01-01T00:59:59Z"),
    ])
    func `times are shown in UTC`(written: String, shown: String) async throws {
        try list(#"{"id":1,"created_at":"\#(written)","updated_at":"\#(written)"}"#)
        #expect(try await work.sync().exitCode == 0)
        #expect(try row("created_at, updated_at", id: "1") == [shown, shown])
    }

    @Test(arguments: [
        "\"soon\"", "\"2026-13-01T00:00:00Z\"", "\"2026-01-02 03:04:05\"", "true", "\"now\"", "\"2460000\"",
    ])
    func `a time that cannot be read is NULL and a counted warning`(written: String) async throws {
        try list(
            #"{"id":1,"created_at":\#(written),"updated_at":\#(written)}"#, #"{"id":2,"created_at":null}"#)
        let outcome = try await work.sync()
        #expect(outcome.exitCode == 0)
        #expect(try row("created_at, updated_at", id: "1") == [nil, nil])
        #expect(try work.latestReport().warnings == ["time_unreadable"])
        #expect(outcome.stderr.contains("warning [taipei/products] time_unreadable: 2 times in products"))
    }

    @Test func `our own times are UTC to the second`() async throws {
        try list(#"{"id":1}"#)
        try await work.sync()
        let shape = "GLOB '20[0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z'"
        #expect(
            try row(
                "first_seen_at \(shape), changed_at \(shape), first_seen_at=changed_at, change, deleted_at",
                id: "1")
                == ["1", "1", "1", "inserted", nil])
        #expect(try row("changed_run", id: "1") == [work.latestReport().runID])
    }

    @Test func `half a character is replaced and told`() async throws {
        try list(#"{"id":1,"title":"a\ud83d"}"#, #"{"id":2,"title":"\ud83d\ude00"}"#)
        #expect(try await work.sync().exitCode == 0)
        #expect(try row("title, payload", id: "1") == ["a\u{FFFD}", #"{"id":1,"title":"a\ufffd"}"#])
        #expect(try row("title", id: "2") == ["😀"])
        #expect(try work.latestReport().warnings == ["text_repaired"])
    }

    @Test func `lists inside a record are views`() async throws {
        try work.configure(work.shopline(resources: "orders products"))
        try await work.sync()
        let items = try work.mirror.rows(
            "SELECT l.connection, l.order_id, l.position, l.id, l.deleted_at, o.deleted_at"
                + " FROM shopline_order_line_items l JOIN shopline_orders o ON o.id=l.order_id AND o.connection=l.connection"
        )
        let count = try work.mirror.count(
            "SELECT sum(json_array_length(payload, '$.line_items')) FROM shopline_orders")
        #expect(items.count == count && count > 250)
        #expect(items.allSatisfy { $0[0] == "taipei" && $0[3] != nil && $0[4] == $0[5] })
        #expect(
            try work.mirror.count("SELECT count(*) FROM shopline_product_variants WHERE product_id IS NULL")
                == 0)
        #expect(try work.mirror.count("SELECT count(*) FROM shopline_product_variants") > 100)
    }

    @Test func `parts of a composite key are joined and escaped`() async throws {
        try work.configure(work.nextEngine("taipei", resources: "order_rows"))
        let record = #"{"receive_order_row_receive_order_id":"a/b%","receive_order_row_no":"1"}"#
        let body = #"{"result":"success","count":"1","data":[\#(record)]}"#
        try sandbox.answer("/api_v1_receiveorder_row/search", with: body)
        #expect(try await work.sync().exitCode == 0)
        #expect(try work.mirror.texts("SELECT id FROM next_engine_order_rows") == ["a%2Fb%25/1"])
    }

    @Test func `a single key stands as it is`() async throws {
        try list(#"{"id":"a/b%"}"#)
        #expect(try await work.sync().exitCode == 0)
        #expect(try work.mirror.texts("SELECT id FROM shopline_products") == ["a/b%"])
    }

    @Test func `next-engine's times are Japan's, its bare dates are not shifted`() async throws {
        try work.configure(work.nextEngine("taipei", resources: "shops"))
        try sandbox.answer(
            "/api_v1_master_shop/search",
            with:
                #"{"result":"success","count":"1","data":[{"shop_id":"1","shop_creation_date":"2026-01-01 08:59:59","#
                + #""shop_last_modified_null_safe_date":"2026-03-01 09:00:00","shop_close_date":"2026-05-05"}]}"#
        )
        #expect(try await work.sync().exitCode == 0)
        #expect(
            try work.mirror.rows("SELECT created_at, updated_at, shop_close_date FROM next_engine_shops")
                == [["2025-12-31T23:59:59Z", "2026-03-01T00:00:00Z", "2026-05-05"]])
    }

    // MARK: Dropped members

    @Test func `what is dropped never touches the disk`() async throws {
        let drop = #"drop = ["$.customer.email", "$.line_items[*].price", "$.email"]"#
        try work.configure(
            work.shopline("taipei", resources: "orders", "[connections.taipei.orders]\n\(drop)"))
        let order =
            #"{"id":1,"email":"top@dropped.example","customer":{"id":2,"\u0065mail":"in@dropped.example","email":"in@dropped.example"},"#
            + #""line_items":[{"id":3,"price":"777.13"},{"price":"777.13","id":4}]}"#
        // The first pass is read once more at the end.
        try sandbox.answer(
            "orders.json?status=any&hidden_order=false", with: #"{"orders":[\#(order)]}"#, "\"times\":2")
        try sandbox.answer("orders.json?status=any&hidden_order=true", with: #"{"orders":[]}"#)
        #expect(try await work.sync("-vv").exitCode == 0)
        let payloads = try work.mirror.texts("SELECT payload FROM shopline_orders")
        #expect(
            payloads
                == [#"{"id":1,"customer":{"id":2},"line_items":[{"id":3},{"id":4}]}"#])
        for (name, bytes) in try Files.all(in: work.folder) where name != "config.toml" {
            #expect(!bytes.contains("dropped.example"), "\(name)")
            #expect(!bytes.contains("777.13"), "\(name)")
        }
    }

    @Test func `a new drop path cleans the stored rows, on disk too`() async throws {
        try work.configure(work.shopline("taipei", resources: "orders locations"))
        try await work.sync()
        let emails = try work.mirror.texts("SELECT DISTINCT payload->>'$.email' FROM shopline_orders")
            .compactMap { $0 }
        let email = try #require(emails.first { $0.count > 6 })
        #expect(try work.bytes("data/mirror.db").contains(email))
        // Deleted at the platform, so that no listing brings it again.
        try sandbox.control(
            #"{"op":"edit","resource":"shopline.orders","account":"open001","changes":{"delete":20}}"#)
        try work.configure(
            work.shopline(
                "taipei", resources: "orders locations",
                "[connections.taipei.orders]\ndrop = [\"$.email\", \"$.customer\", \"$.billing_address\", \"$.shipping_address\"]"
            ))
        #expect(try await work.sync().exitCode == 0)
        #expect(try work.latestReport().resource("orders")["mode"]?.stringValue == "full")
        #expect(
            try work.mirror.count(
                "SELECT count(*) FROM shopline_orders WHERE json_type(payload,'$.email') IS NOT NULL"
                    + " OR json_type(payload,'$.customer') IS NOT NULL") == 0)
        #expect(
            try work.mirror.count("SELECT count(*) FROM shopline_orders WHERE deleted_at IS NOT NULL") == 20)
        for (name, bytes) in try Files.all(in: work.path("data")) {
            #expect(!bytes.contains(email), "\(name)")
        }
    }

    @Test func `fields asks for no more than what is wanted`() async throws {
        try work.configure(
            work.shopline("taipei", resources: "orders", "[connections.taipei.orders]\nfields = [\"name\"]"))
        #expect(try await work.sync().exitCode == 0)
        let keys = try work.mirror.texts(
            "SELECT DISTINCT j.key FROM shopline_orders o, json_each(o.payload) j ORDER BY 1")
        #expect(keys == ["created_at", "id", "name", "updated_at"])
    }

    @Test func `a page that was served before shows what has changed since`() async throws {
        func lines() throws -> [String?] {
            try work.mirror.rows(
                "SELECT DISTINCT json_array_length(payload, '$.line_items') FROM shopline_orders ORDER BY 1"
            ).map { $0[0] }
        }
        try work.configure(work.shopline(resources: "orders"))
        try await work.sync()
        #expect(try lines() == ["1", "2", "3"])
        for most in ["1", "0"] {
            try sandbox.control(#"{"op":"switch","name":"shopline.order-lines","value":"\#(most)"}"#)
            try await work.sync("--full")
            #expect(try lines() == ["1"])
        }
        try sandbox.control(
            #"{"op":"edit","resource":"shopline.orders","account":"open001","changes":{"update":1}}"#)
        try await work.sync("--full")
        #expect(try lines() == ["1", "2"])
    }
}
