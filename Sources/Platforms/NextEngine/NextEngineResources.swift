import Sync

/// What is mirrored of Next Engine.
///
/// Fields and keys: <https://developer.next-engine.com/api>, read 2026-11-20.
extension NextEngine {
    static let resources = searches + lookups

    private static let searches: [Resource] = [
        search(
            "shops", "Shops (店舗)", "api_v1_master_shop", key: "shop_id", prefix: "shop",
            columns: shopColumns),
        search(
            "malls", "Malls that shops belong to", "api_v1_system_mall", key: "mall_id", columns: mallColumns),
        search(
            "goods", "Goods (商品)", "api_v1_master_goods", key: "goods_id", prefix: "goods",
            cursor: "goods_last_modified_null_safe_date", columns: goodsColumns),
        search(
            "stock", "Stock of every goods", "api_v1_master_stock", key: "stock_goods_id", prefix: "stock",
            cursor: "stock_last_modified_null_safe_date", columns: stockColumns, limit: 5000),
        // Its date of change is null until the first change, so nothing can be asked for by it.
        search(
            "set_goods", "Components of set goods", "api_v1_master_setgoods",
            key: "set_goods_id set_goods_detail_goods_id", prefix: "set_goods",
            updated: "set_goods_last_modified_date", columns: setGoodsColumns, limit: 5000),
        search(
            "suppliers", "Suppliers (仕入先)", "api_v1_master_supplier", key: "supplier_id", prefix: "supplier",
            cursor: "supplier_last_modified_null_safe_date", columns: supplierColumns),
        search(
            "orders", "Order slips (受注伝票)", "api_v1_receiveorder_base", key: "receive_order_id",
            prefix: "receive_order", cursor: "receive_order_last_modified_null_safe_date",
            columns: orderColumns, personal: orderPersons),
        search(
            "order_rows", "Rows of order slips", "api_v1_receiveorder_row",
            key: "receive_order_row_receive_order_id receive_order_row_no", prefix: "receive_order_row",
            cursor: "receive_order_row_last_modified_newest_date", columns: orderRowColumns),
        search(
            "warehouses", "Warehouses (拠点)", "api_v1_warehouse_base", key: "warehouse_id",
            prefix: "warehouse",
            updated: "warehouse_last_modified_date", columns: warehouseColumns),
        search(
            "warehouse_stock", "Stock by warehouse and goods", "api_v1_warehouse_stock",
            key: "warehouse_stock_warehouse_id warehouse_stock_goods_id", prefix: "warehouse_stock",
            cursor: "warehouse_stock_last_modified_null_safe_date", columns: warehouseStockColumns,
            limit: 5000),
        search(
            "stock_movements", "Stock received and issued (入出庫)", "api_v1_master_stockiohistory",
            key: "stock_io_history_id", prefix: "stock_io_history",
            cursor: "stock_io_history_last_modified_null_safe_date", columns: stockMovementColumns,
            limit: 5000),
    ]

    /// A search endpoint: form post, `fields` required, fixed order by key, `offset` and `limit`.
    ///
    /// `key` may name several fields. With a cursor, `updated` is the cursor.
    static func search(
        _ name: String, _ summary: String, _ entity: String, key: String, prefix: String? = nil,
        updated: String? = nil, cursor: String? = nil, columns: [Column], limit: Int = 1000,
        personal: Set<String> = []
    ) -> Resource {
        let keys = key.split(separator: " ").map(String.init)
        return Resource(
            name, summary, at: "/\(entity)/search", key: keys, created: prefix.map { "\($0)_creation_date" },
            updated: cursor ?? updated ?? prefix.map { "\($0)_last_modified_null_safe_date" },
            cursor: cursor.map(self.cursor), columns: columns,
            pages: .offset(limit: "limit", offset: "offset"), limit: limit, maximumLimit: maximumLimit,
            fields: .required("fields"), count: CountCall("/\(entity)/count"),
            lookup: keys.count == 1 ? Lookup("\(key)-in", batch: 1000) : nil,
            permission: permission("\(entity)_search"), personal: personal)
    }

    /// The largest page seen in use; a maximum is not published.
    static let maximumLimit = 10_000

    static func cursor(on field: String) -> Cursor { Cursor(since: "\(field)-gte", until: "\(field)-lt") }

    static func permission(_ api: String) -> String { "the API '\(api)' in the app's API tab" }
}
