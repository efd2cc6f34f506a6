import Sync

/// What SHOPLINE's records are in the views over all platforms.
extension Shopline {
    static let joint: [JointRows] = [
        JointRows(
            .shops, of: "store",
            status: .first([
                .meaning(
                    value("biz_store_status"), ["2": "open", "3": "closed", "4": "closed", "5": "closed"]),
                .constant("closed"),
            ]),
            platformStatus: value("biz_store_status"), ["name": text("name"), "currency": text("currency")]),
        JointRows(
            .products, of: "products", list: "variants", id: value("id"),
            status: .first([.parent(.text("status")), .constant("active")]),
            platformStatus: .parent(.text("status")),
            [
                "product_id": .parent(.exact("id")), "sku": text("sku"), "name": .parent(.text("title")),
                "price": value("price"), "currency": storeCurrency,
            ]),
        JointRows(
            .orders, of: "orders", status: orderStatus({ .member($0) }), platformStatus: text("status"),
            [
                "number": text("name"), "shop_id": value("store_id"),
                "ordered_at": .member(.time("order_at")),
                "total": value("current_total_price"), "currency": text("currency"),
            ]),
        JointRows(
            .orderLines, of: "orders", list: "line_items", id: .joined([.key, value("id")]),
            status: orderStatus({ .parent($0) }), platformStatus: text("fulfillment_status"),
            [
                "order_id": .key, "sku": text("sku"), "name": text("title"), "quantity": value("quantity"),
                "price": value("price"), "currency": .parent(.text("currency")),
            ]),
        JointRows(
            .stock, of: "inventory_levels", status: .constant("active"),
            [
                "sku": .first([
                    .stockedSKU(value("inventory_item_id")),
                    .other("inventory_items", key: value("inventory_item_id"), text("sku")),
                ]),
                "location_id": value("location_id"), "available": value("available"),
            ]),
    ]

    /// Items come from the products' variants, since levels cannot be pulled without products.
    static let stockSource = StockSource(
        .sold, items: "products", list: "variants", item: .exact("inventory_item_id"), sku: .text("sku"),
        levels: "inventory_levels", available: .exact("available"))

    private static func value(_ name: String) -> JointValue { .member(.exact(name)) }
    private static func text(_ name: String) -> JointValue { .member(.text(name)) }

    private static let storeCurrency: JointValue = .other("store", key: nil, text("currency"))

    /// The platform writes `canceled`, and `cancelled` in its filters.
    private static func orderStatus(_ member: (Column) -> JointValue) -> JointValue {
        .first([
            .meaning(member(.text("status")), ["canceled": "cancelled", "cancelled": "cancelled"]),
            .meaning(
                member(.text("fulfillment_status")),
                ["fulfilled": "shipped", "shipped": "shipped", "partial": "partly_shipped"]),
            .constant("open"),
        ])
    }
}
