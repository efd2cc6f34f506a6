import JSON
import Sync

/// What is mirrored of SHOPLINE.
///
/// Source: <https://developer.shopline.com/docs/admin-rest-api>, read 2026-11-20.
extension Shopline {
    static let resources: [Resource] = [
        Resource(
            "store", "The store itself", at: "merchants/shop.json", records: ["data"], form: .object,
            key: ["id"], created: "created_at", updated: "updated_at", columns: storeColumns, pages: .single,
            permission: "read_store_information"),
        single(
            "locations", "Warehouses and shops that hold stock", "locations/list.json",
            columns: locationColumns, count: "locations/count.json", permission: "read_location"),
        listing(
            "products", "Products with their variants", "products/products.json", columns: productColumns,
            count: "products/count.json",
            lists: [view("product_variants", at: "variants", of: "product_id", variantColumns)],
            permission: "read_products"),
        // One listing gives the archived orders or the others, never both.
        listing(
            "orders", "Orders, archived ones included", "orders.json", limit: 100, columns: orderColumns,
            parameters: [Parameter("status", "any")],
            passes: [[Parameter("hidden_order", "false")], [Parameter("hidden_order", "true")]],
            count: "orders/count.json",
            lists: [
                view("order_line_items", at: "line_items", of: "order_id", lineItemColumns),
                view("order_fulfillments", at: "fulfillments", of: "order_id", fulfillmentColumns),
                view("order_refunds", at: "refunds", of: "order_id", refundColumns),
                view("order_transactions", at: "payment_details", of: "order_id", paymentDetailColumns),
            ],
            permission: "read_orders"),
        Resource(
            "currencies", "Currencies of the store", at: "currency/currencies.json", records: ["currencies"],
            key: ["currency"], columns: currencyColumns, pages: .single),
        listing(
            "customers", "Customers with their addresses", "v2/customers.json", columns: customerColumns,
            count: "customers/v2/count.json",
            lists: [view("customer_addresses", at: "addresses", of: "customer_id", addressColumns)],
            permission: "read_customers"),
        listing(
            "custom_collections", "Collections filled by hand", "products/custom_collections.json",
            columns: collectionColumns, bothBounds: true, count: "products/custom_collections/count.json",
            permission: "read_products"),
        listing(
            "smart_collections", "Collections filled by rules", "products/smart_collections.json",
            columns: collectionColumns + [.boolean("disjunctive"), .json("rules")], bothBounds: true,
            count: "products/smart_collections/count.json", permission: "read_products"),
        Resource(
            "collects", "Which product is in which collection", at: "products/collects.json",
            records: ["collects"], key: ["id"], created: "created_at", updated: "updated_at",
            columns: collectColumns, pages: .linkHeader(limit: "limit"), limit: 250, maximumLimit: 250,
            permission: "read_products"),
        inventory(
            "inventory_items", "Stock keeping items of the variants", key: ["id"], created: "created_at",
            columns: inventoryItemColumns, ids: "ids"),
        inventory(
            "inventory_levels", "Stock by item and location", key: ["inventory_item_id", "location_id"],
            columns: inventoryLevelColumns, ids: "inventory_item_ids"),
        single(
            "webhooks", "Subscribed webhooks", "webhooks.json", columns: webhookColumns,
            count: "webhooks/count.json"),
        listing(
            "abandoned_orders", "Checkouts that were not finished", "orders/abandoned_orders.json",
            limit: 100,
            columns: abandonedColumns, fields: .none, count: "orders/abandoned_orders/count.json",
            permission: "read_orders"),
        // The platform keeps no more than twelve months, and gives six at a time.
        payments(
            "payments_transactions", "Payments, refunds and disputes (SHOPLINE Payments)", "transactions",
            key: ["trade_order_id", "transaction_type"], created: "create_time", updated: "update_time",
            columns: paymentColumns, limit: 1000,
            window: Window(since: "date_min", until: "date_max", days: 180, reachDays: 360)),
        // Three months at a time.
        payments(
            "payments_payouts", "Payouts to the bank (SHOPLINE Payments)", "payouts",
            key: ["payout_transaction_no"], created: "time", updated: nil, columns: payoutColumns, limit: 100,
            window: Window(since: "start_time", until: "end_time", days: 89, reachDays: 712)),
    ]
}
