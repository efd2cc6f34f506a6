import Sync

/// What Next Engine's records are in the views over all platforms.
///
/// A flag of deletion, a cancelled slip and a cancelled row all show in the common status; the platform's money is in
/// yen unless the order's shop says otherwise.
extension NextEngine {
    static let joint: [JointRows] = [
        JointRows(
            .shops, of: "shops",
            status: .first([
                .unless(value("shop_deleted_flag"), ["0", ""], then: "closed"), .constant("open"),
            ]),
            platformStatus: value("shop_deleted_flag"),
            ["name": text("shop_name"), "currency": shopCurrency]),
        JointRows(
            .products, of: "goods", status: .constant("active"), platformStatus: text("goods_status_name"),
            [
                "product_id": text("goods_representation_id"), "sku": text("goods_id"),
                "name": text("goods_name"), "price": value("goods_selling_price"),
                "currency": .constant("JPY"),
            ]),
        JointRows(
            .orders, of: "orders", status: orderStatus,
            platformStatus: text("receive_order_order_status_name"),
            [
                "number": text("receive_order_shop_cut_form_id"), "shop_id": value("receive_order_shop_id"),
                "ordered_at": .member(.time("receive_order_date")),
                "total": value("receive_order_total_amount"),
                "currency": currency(ofShop: "receive_order_shop_id"),
            ]),
        JointRows(
            .orderLines, of: "order_rows",
            status: .first([
                .unless(value("receive_order_row_cancel_flag"), ["0", ""], then: "cancelled"),
                .other("orders", key: value("receive_order_row_receive_order_id"), orderStatus),
                .constant("open"),
            ]),
            platformStatus: value("receive_order_row_cancel_flag"),
            [
                "order_id": value("receive_order_row_receive_order_id"),
                "sku": text("receive_order_row_goods_id"),
                "name": text("receive_order_row_goods_name"), "quantity": value("receive_order_row_quantity"),
                "price": value("receive_order_row_unit_price"),
                "currency": .first([
                    .other(
                        "orders", key: value("receive_order_row_receive_order_id"),
                        currency(ofShop: "receive_order_shop_id")), .constant("JPY"),
                ]),
            ]),
        JointRows(
            .stock, of: "stock",
            status: .first([
                .unless(value("stock_deleted_flag"), ["0", ""], then: "deleted"), .constant("active"),
            ]),
            platformStatus: value("stock_deleted_flag"),
            [
                "sku": text("stock_goods_id"), "on_hand": value("stock_quantity"),
                "available": value("stock_free_quantity"),
            ]),
    ]

    static let stockSource = StockSource(
        .kept, items: "stock", item: .text("stock_goods_id"), sku: .text("stock_goods_id"), levels: "stock",
        available: .exact("stock_free_quantity"), live: (.exact("stock_deleted_flag"), ["0"]))

    private static func value(_ name: String) -> JointValue { .member(.exact(name)) }
    private static func text(_ name: String) -> JointValue { .member(.text(name)) }

    /// Status 50 means shipped; a cancel type other than 0 means cancelled.
    private static let orderStatus: JointValue = .first([
        .unless(value("receive_order_deleted_flag"), ["0", ""], then: "deleted"),
        .unless(value("receive_order_cancel_type_id"), ["0", ""], then: "cancelled"),
        .meaning(value("receive_order_order_status_id"), ["50": "shipped"]), .constant("open"),
    ])

    private static let shopCurrency: JointValue = .first([
        .meaning(text("shop_currency_unit_name"), ["円": "JPY"]),
        .meaning(value("shop_currency_unit_id"), ["1": "JPY"]),
        text("shop_currency_unit_name"), .constant("JPY"),
    ])

    private static func currency(ofShop field: String) -> JointValue {
        .first([.other("shops", key: value(field), shopCurrency), .constant("JPY")])
    }
}
