import JSON
import Sync

/// What is mirrored of SHOPLINE. Source: <https://developer.shopline.com/docs/admin-rest-api>, read 2026-11-20.
extension Shopline {
    static let resources: [Resource] = [
        Resource(
            "store", "The store itself", at: "merchants/shop.json", records: ["data"], form: .object, key: ["id"],
            created: "created_at", updated: "updated_at", columns: storeColumns, pages: .single,
            permission: "read_store_information"),
        Resource(
            "locations", "Warehouses and shops that hold stock", at: "locations/list.json", records: ["locations"],
            key: ["id"], created: "created_at", updated: "updated_at", columns: locationColumns, pages: .single,
            permission: "read_location"),
        listing(
            "products", "Products with their variants", "products/products.json", limit: 250,
            columns: productColumns, count: "products/count.json", lists: [variants], permission: "read_products"),
        listing(
            "orders", "Orders, archived ones included", "orders.json", limit: 100, columns: orderColumns,
            parameters: [Parameter("status", "any")],
            passes: [[Parameter("hidden_order", "false")], [Parameter("hidden_order", "true")]],
            count: "orders/count.json", lists: [lineItems], permission: "read_orders"),
    ]

    /// A listing that goes on by its `link` header and is asked for by modification time.
    static func listing(
        _ name: String, _ summary: String, _ path: String, limit: Int, columns: [Column], parameters: [Parameter] = [],
        passes: [[Parameter]] = [[]], count: String? = nil, lists: [ListView] = [], permission: String
    ) -> Resource {
        Resource(
            name, summary, at: path, records: [name], key: ["id"], created: "created_at", updated: "updated_at",
            cursor: Cursor(since: "updated_at_min", until: "updated_at_max"), columns: columns,
            pages: .linkHeader(limit: "limit"), limit: limit, maximumLimit: limit, parameters: parameters,
            passes: passes, fields: .optional("fields"), count: count.map { CountCall($0) },
            lookup: Lookup("ids", batch: 100), lists: lists, permission: permission)
    }

    private static let variants = ListView(
        "product_variants", at: "variants", parent: "product_id",
        columns: Column.all(.exact, "id inventory_item_id price compare_at_price weight")
            + Column.all(.text, "title sku barcode weight_unit inventory_policy option1 option2 option3 option4 option5")
            + Column.all(.integer, "inventory_quantity position")
            + Column.all(.boolean, "inventory_tracker required_shipping taxable") + [.json("image")])

    private static let lineItems = ListView(
        "order_line_items", at: "line_items", parent: "order_id",
        columns: Column.all(.exact, "id product_id variant_id location_id price")
            + Column.all(.text, "sku title variant_title fulfillment_status")
            + Column.all(.integer, "quantity fulfillable_quantity")
            + Column.all(.boolean, "gift_card requires_shipping taxable")
            + Column.all(.json, "tax_lines discount_allocations properties"))
}
