import Foundation
import Platforms
import SQLite
import SyncTestSupport
import Testing

@testable import Sync

/// The views over every platform, in a mirror with rows of our own making.
struct JointViewTests {
    private static let now = Timestamp(secondsSinceEpoch: 1_800_000_000)

    /// A mirror with these resources, each with these records as JSON, written by the program's own code.
    private func mirror(_ records: [(platform: String, resource: String, json: [String])]) async throws
        -> MirrorFolder
    {
        let folder = try MirrorFolder()
        let mirror = try MirrorStore(path: folder.path, platforms: platforms)
        try await mirror.prepareJointViews()
        for (platform, resource, json) in records {
            let example = try ResourceCase.named(platform, resource)
            try await mirror.prepare(example.resource, on: example.platform)
            let pull = try await mirror.beginPull(
                connection: platform == "shopline" ? "taipei" : "tokyo", resource: resource, kind: .full,
                window: "", since: nil, settings: "", run: "run-1", now: Self.now)
            let connection = platform == "shopline" ? "taipei" : "tokyo"
            if !json.isEmpty {
                _ = try await mirror.write(
                    Mirrored.scanned(json, of: example), of: example.resource, on: example.platform,
                    connection: connection, into: pull, next: nil, skipping: nil, run: "run-1", now: Self.now)
            }
            try await mirror.finish(
                pull, Settlement(isFull: true), of: example.resource, on: example.platform,
                connection: connection, run: "run-1", now: Self.now)
        }
        await mirror.close()
        return folder
    }

    private static let slip = #"""
        {"receive_order_id":"%ID%","receive_order_shop_id":"1","receive_order_shop_cut_form_id":"N-1",
        "receive_order_date":"2026-01-01 08:00:00","receive_order_total_amount":"5650.00",
        "receive_order_order_status_id":"%STATUS%","receive_order_order_status_name":"名",
        "receive_order_cancel_type_id":"%CANCEL%","receive_order_deleted_flag":"%GONE%",
        "receive_order_creation_date":"2026-01-01 09:00:00",
        "receive_order_last_modified_null_safe_date":"2026-01-02 09:00:00"}
        """#

    private func slip(_ id: Int, status: String = "20", cancel: String = "0", gone: String = "0") -> String {
        Self.slip.replacing("%ID%", with: "\(id)").replacing("%STATUS%", with: status)
            .replacing("%CANCEL%", with: cancel).replacing("%GONE%", with: gone)
    }

    private static let order = #"""
        {"id":"2107","name":"#1001","status":"open","fulfillment_status":null,"currency":"TWD","store_id":"7",
        "current_total_price":129.90,"created_at":"2026-01-01T08:00:00+08:00","updated_at":"2026-01-01T08:05:00+08:00",
        "line_items":[{"id":"1","sku":"MUG","title":"Mug","quantity":2,"price":"64.95"},7]}
        """#

    @Test func `without any table the views are there and empty`() async throws {
        let mirror = try await mirror([])
        for view in JointView.allCases {
            #expect(try mirror.rows("SELECT connection, id, status, created_at FROM \(view.rawValue)") == [])
        }
        #expect(try mirror.rows("SELECT sku, match, difference FROM stock_differences") == [])
    }

    @Test func `orders of both platforms have the same columns, money with every digit`() async throws {
        let mirror = try await mirror([
            ("shopline", "orders", [Self.order]), ("next-engine", "orders", [slip(1)]),
        ])
        #expect(
            try mirror.rows("SELECT * FROM all_orders ORDER BY created_at DESC") == [
                [
                    "tokyo", "next-engine", "1", "N-1", "1", "2025-12-31T23:00:00Z", "5650.00", "JPY", "open",
                    "名",
                    "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", nil,
                ],
                [
                    "taipei", "shopline", "2107", "#1001", "7", nil, "129.90", "TWD", "open", "open",
                    "2026-01-01T00:00:00Z", "2026-01-01T00:05:00Z", nil,
                ],
            ])
    }

    @Test func `lines and their numbers are read from lists and tables alike`() async throws {
        let row = #"""
            {"receive_order_row_receive_order_id":"2","receive_order_row_no":"1","receive_order_row_goods_id":"MUG",
            "receive_order_row_quantity":"2.0","receive_order_row_unit_price":"100.00",
            "receive_order_row_cancel_flag":"0","receive_order_row_creation_date":"2026-01-01 09:00:00"}
            """#
        let other = row.replacing("\"2.0\"", with: "\"many\"").replacing("_no\":\"1\"", with: "_no\":\"2\"")
        let mirror = try await mirror([
            ("shopline", "orders", [Self.order]), ("next-engine", "order_rows", [row, other]),
            ("next-engine", "orders", [slip(2, cancel: "3")]),
        ])
        #expect(
            try mirror.rows(
                "SELECT id, sku, quantity, price, currency, status FROM all_order_lines ORDER BY id") == [
                    ["2/1", "MUG", "2", "100.00", "JPY", "cancelled"],
                    ["2/2", "MUG", nil, "100.00", "JPY", "cancelled"],
                    ["2107/1", "MUG", "2", "64.95", "TWD", "open"],
                ])
        #expect(try mirror.rows("SELECT sum(quantity) FROM all_order_lines WHERE quantity > 1") == [["4"]])
    }

    @Test func `what is cancelled, shipped or gone says so`() async throws {
        let mirror = try await mirror([
            (
                "next-engine", "orders",
                [
                    slip(1, status: "50"), slip(2, status: "50", cancel: "1"), slip(3, gone: "1"),
                    slip(4, cancel: ""),
                ]
            )
        ])
        try mirror.execute(
            "UPDATE next_engine_orders_data SET deleted_at='2026-02-01T00:00:00Z' WHERE id='4'")
        #expect(
            try mirror.rows("SELECT status FROM all_orders ORDER BY id").map { $0[0] } == [
                "shipped", "cancelled", "deleted", "deleted",
            ])
    }

    @Test(arguments: [
        ("canceled", "null", "cancelled"), ("cancelled", "\"fulfilled\"", "cancelled"),
        ("open", "\"fulfilled\"", "shipped"), ("open", "\"partial\"", "partly_shipped"),
        ("open", "null", "open"),
        ("new word", "\"new word\"", "open"),
    ])
    func `a store's order has a common status`(status: String, fulfilment: String, common: String)
        async throws
    {
        let order = Self.order.replacing(#""status":"open""#, with: #""status":"\#(status)""#)
            .replacing(#""fulfillment_status":null"#, with: #""fulfillment_status":\#(fulfilment)"#)
        let mirror = try await mirror([("shopline", "orders", [order])])
        #expect(try mirror.rows("SELECT status, platform_status FROM all_orders") == [[common, status]])
    }

    @Test func `the currency is the shop's`() async throws {
        let shop =
            #"{"shop_id":"1","shop_name":"A","shop_currency_unit_id":"2","shop_currency_unit_name":"USD"}"#
        let mirror = try await mirror([
            ("next-engine", "orders", [slip(1)]), ("next-engine", "shops", [shop]),
        ])
        #expect(try mirror.rows("SELECT currency FROM all_orders") == [["USD"]])
        #expect(try mirror.rows("SELECT name, currency, status FROM all_shops") == [["A", "USD", "open"]])
    }

    @Test func `a product's row is a SKU`() async throws {
        let product = #"""
            {"id":"16","title":"Mug","status":"draft","variants":[{"id":"18","sku":"MUG-RED","price":"12.50"},
            {"id":"19","sku":"","price":"8"}]}
            """#
        let store = #"{"id":7,"name":"Demo","currency":"TWD","biz_store_status":2}"#
        let goods = #"{"goods_id":"MUG-RED","goods_name":"マグ","goods_selling_price":"1200"}"#
        let mirror = try await mirror([
            ("shopline", "products", [product]), ("shopline", "store", [store]),
            ("next-engine", "goods", [goods]),
        ])
        #expect(
            try mirror.rows(
                "SELECT id, product_id, sku, name, price, currency, status FROM all_products ORDER BY 1") == [
                    ["18", "16", "MUG-RED", "Mug", "12.50", "TWD", "draft"],
                    ["19", "16", "", "Mug", "8", "TWD", "draft"],
                    ["MUG-RED", nil, "MUG-RED", "マグ", "1200", "JPY", "active"],
                ])
    }

    @Test func `questions by time read no whole table`() async throws {
        let mirror = try await mirror([
            ("shopline", "orders", [Self.order]), ("next-engine", "orders", [slip(1)]),
        ])
        let day = "created_at>='2026-01-01' AND created_at<'2026-01-02'"
        for question in [
            "WHERE \(day)", "ORDER BY created_at DESC LIMIT 50", "WHERE \(day) AND connection='taipei'",
            "WHERE connection='taipei' ORDER BY created_at DESC LIMIT 50",
        ] {
            let plan = try mirror.rows("EXPLAIN QUERY PLAN SELECT * FROM all_orders \(question)").compactMap {
                $0[3]
            }
            let scans = plan.filter { $0.hasPrefix("SCAN") && !$0.contains("USING INDEX") }
            #expect(scans == [] && !plan.contains { $0.contains("TEMP B-TREE") }, "\(question): \(plan)")
        }
    }

    private static let indexes =
        "SELECT name FROM sqlite_master WHERE type='index' AND name LIKE '%created' ORDER BY 1"

    @Test func `indexes by time come after the first full pull, for what is asked by time`() async throws {
        let mirror = try await mirror([
            ("next-engine", "goods", []), ("shopline", "orders", [Self.order]), ("shopline", "products", []),
        ])
        #expect(
            try mirror.rows(Self.indexes).map { $0[0] } == [
                "shopline_orders_data_connection_created", "shopline_orders_data_created",
            ])
    }

    @Test func `one connection needs no index by connection, and its questions read no whole table`()
        async throws
    {
        let mirror = try await mirror([("shopline", "orders", [Self.order]), ("shopline", "products", [])])
        #expect(try mirror.rows(Self.indexes).map { $0[0] } == ["shopline_orders_data_created"])
        let day = "created_at>='2026-01-01' AND created_at<'2026-01-02'"
        for question in [
            "all_orders WHERE \(day)", "all_orders WHERE \(day) AND connection='taipei'",
            "shopline_orders WHERE connection='taipei' AND \(day)",
            "all_orders WHERE connection='taipei' ORDER BY created_at DESC LIMIT 50",
        ] {
            let plan = try mirror.rows("EXPLAIN QUERY PLAN SELECT * FROM \(question)").compactMap { $0[3] }
            #expect(plan.contains { $0.contains("shopline_orders_data_created") }, "\(question): \(plan)")
            #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(question): \(plan)")
        }
        let other = "SELECT id FROM shopline_orders_data WHERE connection='taipei' AND id='2107'"
        #expect(
            try mirror.rows("EXPLAIN QUERY PLAN \(other)")[0][3]?.contains("(connection=? AND id=?)") == true)
    }

    @Test func `a second connection brings the indexes of all tables, and takes back what SQLite was told`()
        async throws
    {
        let mirror = try await mirror([
            ("shopline", "orders", [Self.order]), ("next-engine", "orders", [slip(1)]),
        ])
        #expect(
            try mirror.rows(Self.indexes).map { $0[0] } == [
                "next_engine_orders_data_connection_created", "next_engine_orders_data_created",
                "shopline_orders_data_connection_created", "shopline_orders_data_created",
            ])
        #expect(try mirror.rows("SELECT tbl FROM sqlite_stat1") == [])
    }

    @Test func `what somebody else has told SQLite stays`() async throws {
        let mirror = try await mirror([("shopline", "orders", [Self.order])])
        #expect(try mirror.rows("SELECT tbl FROM sqlite_stat1") == [["shopline_orders_data"]])
        try mirror.execute("ANALYZE")
        let told = try mirror.rows("SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY 1, 2")
        let store = try MirrorStore(path: mirror.path, platforms: platforms)
        let orders = try ResourceCase.named("shopline", "orders")
        try await store.prepare(orders.resource, on: orders.platform)
        try await store.indexTimes(of: orders.resource, on: orders.platform)
        await store.close()
        #expect(try mirror.rows("SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY 1, 2") == told)
    }

    @Test func `the comparison of stock reads indexes alone`() async throws {
        let mirror = try await mirror([])
        let plan = try mirror.rows("EXPLAIN QUERY PLAN SELECT * FROM stock_differences").compactMap { $0[3] }
        let scans = plan.filter { $0.hasPrefix("SCAN") && !["SCAN p", "SCAN r"].contains($0) }
        #expect(scans.allSatisfy { $0.contains("(subquery") }, "\(scans)")
        #expect(!plan.contains { $0.contains("AUTOMATIC") || $0.contains("TEMP B-TREE") }, "\(plan)")
    }
}

/// A mirror file that is gone with this value.
final class MirrorFolder: Sendable {
    let path = NSTemporaryDirectory() + "shopmirror-\(UUID().uuidString).db"

    init() throws {}

    deinit { for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) } }

    func rows(_ sql: String) throws -> [[String?]] { try Sample.rows(sql, in: path) }

    func execute(_ sql: String) throws {
        let database = try Database(path: path)
        defer { database.close() }
        try database.execute(sql)
    }
}
