/// What can be listed page by page, and by which rules.
struct ShoplineResource {
    /// Name in the contract, also the name of the table.
    let name: String
    /// Path behind the version.
    let path: String
    /// The top-level key of an answer.
    let envelope: String
    let scope: String
    let identifier: ShoplineIdentifier
    let defaultLimit: Int
    let maximum: Int
    /// Filters beyond `ids`, `since_id`, `fields`, `limit`.
    let filters: Set<String>
    /// Text of the answer to a limit that is too large, and its status.
    let limitProblem: (status: Int, text: String)
    /// Whether `…_max` includes the moment itself.
    let includesMaximum: Bool

    private init(
        _ name: String, at path: String, in envelope: String? = nil, scope: String,
        _ identifier: ShoplineIdentifier,
        limit: Int = 50, maximum: Int = 250, filters: Set<String>, disguised: String? = nil,
        includesMaximum: Bool = false
    ) {
        self.name = name
        self.path = path
        self.envelope = envelope ?? name
        self.scope = scope
        self.identifier = identifier
        defaultLimit = limit
        self.maximum = maximum
        self.filters = filters
        limitProblem =
            disguised.map { (500, "invalid \($0).Limit: value must be less than or equal to \(maximum)") }
            ?? (422, "limit must be less than or equal to \(maximum)")
        self.includesMaximum = includesMaximum
    }

    private static let created: Set<String> = ["created_at_min", "created_at_max"]
    private static let updated: Set<String> = ["updated_at_min", "updated_at_max"]

    static let all = [
        ShoplineResource(
            "products", at: "products/products.json", scope: "read_products", .products,
            filters: created.union(updated).union(
                ["status", "title", "vendor", "handle", "product_category", "collection_id", "order_by"])),
        ShoplineResource(
            "orders", at: "orders.json", scope: "read_orders", .orders, maximum: 100,
            filters: created.union(updated).union([
                "name", "email", "buyer_id", "location", "contract_ids", "search_content", "status",
                "financial_status", "fulfillment_status", "hidden_order", "sort_condition", "order_at_min",
                "order_at_max",
            ]), disguised: "OpenApiOrderSearchReqDTO", includesMaximum: true),
        ShoplineResource(
            "customers", at: "v2/customers.json", scope: "read_customers", .customers,
            filters: created.union(updated)),
        ShoplineResource(
            "custom_collections", at: "products/custom_collections.json", scope: "read_products",
            .collections,
            filters: updated.union(["title", "handle"])),
        ShoplineResource(
            "smart_collections", at: "products/smart_collections.json", scope: "read_products", .collections,
            filters: updated.union(["title", "handle"])),
        ShoplineResource(
            "collects", at: "products/collects.json", scope: "read_products", .collects,
            filters: ["product_id", "collection_id"]),
        ShoplineResource(
            "abandoned_orders", at: "orders/abandoned_orders.json", scope: "read_orders", .abandoned,
            limit: 20,
            maximum: 100, filters: created.union(updated).union(["status"])),
        ShoplineResource(
            "payments_transactions", at: "payments/store/transactions.json", in: "transactions",
            scope: "read_payment", .transactions, limit: 100, maximum: 1000,
            filters: ["date_min", "date_max"]),
        ShoplineResource(
            "payments_payouts", at: "payments/store/payouts.json", in: "payouts", scope: "read_payment",
            .payouts,
            maximum: 100, filters: ["start_time", "end_time"]),
    ]

    /// Count endpoints and the resource each counts.
    static let counts = [
        "products/count.json": "products", "orders/count.json": "orders",
        "customers/v2/count.json": "customers",
        "products/custom_collections/count.json": "custom_collections",
        "products/smart_collections/count.json": "smart_collections",
        "orders/abandoned_orders/count.json": "abandoned_orders",
    ]
}
