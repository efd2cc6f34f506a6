/// The filters of a list or count request, ready to be applied to records.
struct ShoplineFilter {
    private var minimums: [(field: String, milliseconds: Int)] = []
    private var maximums: [(field: String, milliseconds: Int)] = []
    private var since: Int?
    private var identifiers: Set<Int>?
    private var product: Int?
    private var collection: Int?
    private let values: [String: String]
    private let resource: ShoplineResource

    private static let windows = [
        "date_min": "created_at_min", "date_max": "created_at_max", "start_time": "created_at_min",
        "end_time": "created_at_max",
    ]

    init(_ values: [String: String], of resource: ShoplineResource) throws(ShoplineRefusal) {
        self.values = values
        self.resource = resource
        for (given, text) in values {
            // The payments' windows have names of their own for the creation time.
            let name = Self.windows[given] ?? given
            guard name.hasSuffix("_at_min") || name.hasSuffix("_at_max") else { continue }
            guard let milliseconds = CivilTime.milliseconds(ofOffsetTime: text) else {
                throw .parameter("\(given) must be an ISO 8601 time with an offset")
            }
            let field = String(name.dropLast(4))
            if name.hasSuffix("_min") {
                minimums.append((field, milliseconds))
            } else {
                maximums.append((field, milliseconds))
            }
        }
        if resource.name.hasSuffix("_collections"), minimums.count != maximums.count {
            throw .parameter("updated_at_min and updated_at_max must be used together")
        }
        if resource.name.hasPrefix("payments"), let from = minimums.first, let to = maximums.first,
            to.milliseconds - from.milliseconds > (resource.name == "payments_payouts" ? 92 : 184)
                * 86_400_000
        {
            throw .parameter("the time range is too long")
        }
        if let text = values["since_id"] {
            guard let number = resource.identifier.number(notAbove: text) else {
                throw .parameter("since_id is invalid")
            }
            since = number
        }
        if let text = values["ids"] { identifiers = try Self.identifiers(text, resource) }
        product = try Self.reference(values["product_id"], .products, "product_id")
        collection = try Self.reference(values["collection_id"], .collections, "collection_id")
        try checkOrderWords()
    }

    /// Numbers of a comma list of ids; ids of other kinds meet nothing.
    static func identifiers(_ text: String, _ resource: ShoplineResource) throws(ShoplineRefusal) -> Set<Int>
    {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count <= (resource.name == "orders" ? 100 : 250) else { throw .parameter("too many ids") }
        guard parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } }) else {
            throw .parameter("ids is invalid")
        }
        return Set(parts.compactMap { resource.identifier.number(String($0)) })
    }

    func holds(_ row: RecordRow, in store: ShoplineStore) -> Bool {
        if let since, row.identifier <= since { return false }
        if let identifiers, !identifiers.contains(row.identifier) { return false }
        if !minimums.isEmpty || !maximums.isEmpty {
            let stamp = ShoplineStamp(row, seed: store.seed)
            for limit in minimums where stamp.exact(Self.time(limit.field, row)) < limit.milliseconds {
                return false
            }
            for limit in maximums {
                let time = stamp.exact(Self.time(limit.field, row))
                if resource.includesMaximum ? time > limit.milliseconds : time >= limit.milliseconds {
                    return false
                }
            }
        }
        switch resource.name {
        case "orders": return holds(ShoplineOrderFacts(row, seed: store.seed))
        case "products":
            if let status = values["status"], ShoplineProducts.status(row, seed: store.seed) != status {
                return false
            }
            return collection.map { store.isMember(product: row.identifier, of: $0) } ?? true
        case "collects":
            if let product, row.first != product { return false }
            return collection.map { row.second == $0 } ?? true
        default: return true
        }
    }

    private func holds(_ facts: ShoplineOrderFacts) -> Bool {
        guard facts.isHidden == (values["hidden_order"] == "true") else { return false }
        switch values["status"] ?? "open" {
        case "open": if facts.isCancelled { return false }
        case "cancelled": if !facts.isCancelled { return false }
        default: break
        }
        if let wanted = values["financial_status"], wanted != facts.financialStatus { return false }
        switch values["fulfillment_status"] {
        case "unshipped": return facts.fulfillmentStatus == nil
        case "partial": return facts.fulfillmentStatus == "partial"
        case "shipped": return facts.fulfillmentStatus == "fulfilled"
        default: return true
        }
    }

    private func checkOrderWords() throws(ShoplineRefusal) {
        guard resource.name == "orders" else { return }
        guard ["open", "cancelled", "any"].contains(values["status"] ?? "any") else {
            throw .parameter("status value is illegal")
        }
        guard ["unshipped", "partial", "shipped"].contains(values["fulfillment_status"] ?? "partial") else {
            throw .parameter("fulfillment status value is illegal")
        }
        guard ["true", "false"].contains(values["hidden_order"] ?? "false") else {
            throw .parameter("hidden_order value is illegal")
        }
        guard values["sort_condition"] == nil || values["sort_condition"] == "id:asc" else {
            throw .parameter("the sandbox sorts by id:asc only")
        }
    }

    private static func time(_ field: String, _ row: RecordRow) -> Int {
        field == "updated_at" ? row.updated : row.created
    }

    private static func reference(
        _ text: String?, _ identifier: ShoplineIdentifier, _ name: String
    ) throws(ShoplineRefusal) -> Int? {
        guard let text else { return nil }
        guard let number = identifier.number(text) else { throw .parameter("\(name) is invalid") }
        return number
    }
}
