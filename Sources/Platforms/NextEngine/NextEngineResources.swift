import Sync

/// What is mirrored of Next Engine. Fields and keys: <https://developer.next-engine.com/api>.
extension NextEngine {
    static let resources: [Resource] = [
        search(
            "shops", "Shop masters", "api_v1_master_shop", key: "shop_id", prefix: "shop", columns: shopColumns,
            pages: .single),
        search(
            "malls", "Malls that shops belong to", "api_v1_system_mall", key: "mall_id", columns: mallColumns,
            pages: .single),
        search(
            "goods", "Goods masters", "api_v1_master_goods", key: "goods_id", prefix: "goods",
            cursor: "goods_last_modified_null_safe_date", columns: goodsColumns),
        search(
            "orders", "Order slips", "api_v1_receiveorder_base", key: "receive_order_id", prefix: "receive_order",
            cursor: "receive_order_last_modified_null_safe_date", columns: orderColumns, personal: orderPersons),
        search(
            "order_rows", "Rows of order slips", "api_v1_receiveorder_row",
            key: "receive_order_row_receive_order_id receive_order_row_no", prefix: "receive_order_row",
            cursor: "receive_order_row_last_modified_newest_date", columns: orderRowColumns),
    ]

    /// A search endpoint: form post, `fields` required, fixed order by key, `offset` and `limit`.
    static func search(
        _ name: String, _ summary: String, _ entity: String, key: String, prefix: String? = nil,
        cursor: String? = nil, columns: [Column],
        pages: Pagination = .offset(limit: "limit", offset: "offset"), personal: Set<String> = []
    ) -> Resource {
        let keys = key.split(separator: " ").map(String.init)
        return Resource(
            name, summary, at: "/\(entity)/search", key: keys,
            created: prefix.map { "\($0)_creation_date" },
            updated: cursor ?? prefix.map { "\($0)_last_modified_null_safe_date" },
            cursor: cursor.map { Cursor(since: "\($0)-gte", until: "\($0)-lt") }, columns: columns,
            pages: pages == .single ? .offset(limit: "limit", offset: "offset") : pages, limit: 1000,
            maximumLimit: 10_000, fields: .required("fields"), count: CountCall("/\(entity)/count"),
            lookup: keys.count == 1 ? Lookup("\(key)-in", batch: 1000) : nil,
            permission: "the API '\(entity)_search' in the app's API tab", personal: personal)
    }
}
