import Sync

/// The short lists behind the ids in other records: one answer each, with every row and field.
extension NextEngine {
    static let lookups: [Resource] = [
        lookup("order_statuses", "States of orders", "orderstatus", "order_status"),
        lookup("cancel_types", "Reasons of cancelled orders", "canceltype", "cancel_type", deletedFlag: true),
        lookup("payment_methods", "Ways to pay", "paymentmethod", "payment_method", deletedFlag: true),
        lookup("deliveries", "Carriers", "delivery", "delivery", deletedFlag: true),
        lookup(
            "delivery_lead_times", "Times until goods are sent", "deliverydate", "delivery_date",
            more: all(.exact, "delivery_date", "days") + all(.text, "delivery_date", "note")),
        lookup("taxes", "Tax modes", "tax", "tax"),
        lookup("currency_units", "Currencies of shops", "currencyunit", "currencyunit"),
        lookup("authorization_types", "Credit authorization types", "authorizationtype", "authorizationtype"),
        lookup("goods_statuses", "States of goods", "goodsstatus", "goods_status"),
        lookup("goods_types", "Types of goods", "goodstype", "goods_type"),
        lookup("merchandises", "Merchandise classes", "merchandise", "merchandise"),
        lookup("customer_types", "Types of customers", "customertype", "customer_type"),
        lookup("deposit_types", "States of payment", "deposittype", "deposit_type"),
        lookup("import_types", "How orders came in", "importtype", "import_type"),
        lookup("io_types", "Types of stock movements", "iotype", "io_type"),
        lookup("returned_reasons", "Reasons of returns", "returnedreason", "returned_reason"),
        lookup("forwarding_methods", "Ways to send", "forwardingmethod", "forwarding_method"),
        lookup("item_names", "Names of the free fields of goods", "itemname", "item"),
        lookup("selects", "Values of the choice fields of goods", "select", "select", keyedBy: "id value"),
        lookup("payouts", "Payment terms of suppliers", "payout", "pay_out"),
    ]

    /// A list at `/api_v1_system_<entity>/info` whose fields begin with `prefix`.
    private static func lookup(
        _ name: String, _ summary: String, _ entity: String, _ prefix: String, keyedBy key: String = "id",
        deletedFlag hasDeletedFlag: Bool = false, more: [Column] = []
    ) -> Resource {
        let flag = hasDeletedFlag ? all(.exact, prefix, "deleted_flag").noting(hidden(prefix)) : []
        return info(
            name, summary, "api_v1_system_\(entity)", key: all(.exact, prefix, key).map(\.name),
            columns: all(.exact, prefix, key) + all(.text, prefix, "name") + more + flag)
    }

    private static func hidden(_ prefix: String) -> [String: String] {
        ["\(prefix)_deleted_flag": "1: no longer offered"]
    }

    /// An `/info` endpoint: takes nothing but the tokens.
    static func info(
        _ name: String, _ summary: String, _ entity: String, key: [String], columns: [Column]
    ) -> Resource {
        Resource(
            name, summary, at: "/\(entity)/info", key: key, columns: columns,
            pages: .single, permission: permission("\(entity)_info"))
    }
}
