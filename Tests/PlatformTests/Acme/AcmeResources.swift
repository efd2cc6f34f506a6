import Sync

/// What is mirrored of Acme. Source: <https://acme.example/docs/resources>, read 2026-11-20.
extension Acme {
    static let resources: [Resource] = [
        Resource(
            "branches", "Shops with a door", at: "/v1/branches", key: ["id"],
            columns: [.exact("id"), .text("name")], pages: .single),
        Resource(
            "orders", "Orders with their items", at: "/v1/orders", key: ["id"], created: "created_at",
            updated: "updated_at", cursor: Cursor(since: "updated_at_from", until: "updated_at_to"),
            columns: [.exact("id"), .text("status"), .exact("total"), .time("paid_at"), .json("items")],
            pages: .pageNumber(page: "page", size: "per_page", total: ["total"]), limit: 100,
            maximumLimit: 250,
            lists: [
                ListView(
                    "order_items", at: "items", parent: "order_id",
                    columns: [.exact("sku"), .integer("quantity"), .exact("price")])
            ],
            permission: "orders:read"),
    ]
}
