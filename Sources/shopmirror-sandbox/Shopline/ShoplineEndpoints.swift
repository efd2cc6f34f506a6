/// Finds the answer to a data request of a store whose token has been accepted.
struct ShoplineEndpoints {
    let store: ShoplineStore
    let token: String
    let version: String
    let request: Request
    let fault: Fault.Kind?

    /// The answer; `path` is what follows the version.
    func answer(_ path: String) throws(ShoplineRefusal) -> Response {
        if let resource = ShoplineResource.all.first(where: { $0.path == path }) {
            try require(resource.scope)
            if resource.name.hasPrefix("payments"), !store.hasPayments { throw .missing("merchant") }
            return try lister(resource).page(request.query, fault: fault)
        }
        if let name = ShoplineResource.counts[path] {
            guard let resource = ShoplineResource.all.first(where: { $0.name == name }) else {
                throw .missing(name)
            }
            try require(resource.scope)
            return Self.count(try lister(resource).count(request.query))
        }
        if let response = try fixed(path) { return response }
        return try single(path)
    }

    private func lister(_ resource: ShoplineResource) -> ShoplineLister {
        ShoplineLister(store: store, resource: resource, address: request.origin + request.path)
    }

    private func require(_ scope: String) throws(ShoplineRefusal) {
        guard store.grant.permits(scope, token), fault != .notPermitted else { throw .scope }
    }

    private static func count(_ number: Int) -> Response { .json("{\"count\":\(number)}") }

    private static func json(_ body: [UInt8]) -> Response {
        Response(status: 200, type: "application/json;charset=UTF-8", body: [body])
    }

    /// Endpoints without an id in their path.
    private func fixed(_ path: String) throws(ShoplineRefusal) -> Response? {
        let info = ShoplineStoreInfo(store: store)
        switch path {
        case "merchants/shop.json":
            try require("read_store_information")
            return Self.json(info.shop())
        case "currency/currencies.json": return Self.json(info.currencies())
        case "locations/list.json":
            try require("read_location")
            return Self.json(info.locations(forShipping: false))
        case "locations.json":
            try require("read_shipping")
            return Self.json(info.locations(forShipping: true))
        case "locations/count.json":
            try require("read_location")
            return Self.count(store.table("locations")?.rows.count ?? 0)
        case "webhooks.json": return Self.json(info.webhooks(version: version))
        case "webhooks/count.json": return Self.count(store.table("webhooks")?.rows.count ?? 0)
        case "inventory_items.json":
            try require("read_inventory")
            return Self.json(try ShoplineInventory(store: store).items(ShoplineQuery.values(request.query)))
        case "inventory_levels.json":
            try require("read_inventory")
            return Self.json(try ShoplineInventory(store: store).levels(ShoplineQuery.values(request.query)))
        default: return nil
        }
    }

    /// Endpoints of one record, such as `products/{id}.json`.
    private func single(_ path: String) throws(ShoplineRefusal) -> Response {
        guard path.hasSuffix(".json") else { throw .missing("") }
        let words = path.dropLast(5).split(separator: "/").map(String.init)
        switch (words.count, words.first, words.last) {
        case (2, "products", let id?):
            return try record(id, "product", in: ["products"], .products, "read_products")
        case (3, "customers", let id?) where words[1] == "v2":
            return try record(id, "customer", in: ["customers"], .customers, "read_customers")
        case (2, "locations", let id?): return try location(id)
        case (3, "products", "variants"): return try variants(words[1])
        case (3, "products", let id?) where words[1] == "collections":
            let tables = ["custom_collections", "smart_collections"]
            return try record(id, "collection", in: tables, .collections, "read_products")
        case (4, "products", "products") where words[1] == "collections": return try members(words[2])
        case (3, "orders", "refunds"): return try refunds(words[1])
        default: throw .missing("")
        }
    }

    private func record(
        _ id: String, _ envelope: String, in tables: [String], _ identifier: ShoplineIdentifier,
        _ scope: String
    ) throws(ShoplineRefusal) -> Response {
        try require(scope)
        guard let number = identifier.number(id) else { throw .missing(envelope) }
        let catalogue = ShoplineCatalogue(store: store)
        for name in tables {
            guard let row = store.table(name)?.row(number) else { continue }
            var record = ShoplineRecord(json: JSONText(), wanted: nil)
            record.json.open("{")
            record.json.key(envelope)
            if envelope == "collection" {
                catalogue.collection(
                    row, kind: name == "smart_collections" ? "smart" : "custom", into: &record)
            } else {
                catalogue.write(row, of: name, into: &record)
            }
            record.json.close("}")
            return Self.json(record.json.bytes)
        }
        throw .missing(envelope)
    }

    private func location(_ id: String) throws(ShoplineRefusal) -> Response {
        try require("read_location")
        guard let row = ShoplineIdentifier.locations.number(id).flatMap({ store.table("locations")?.row($0) })
        else {
            throw .missing("location")
        }
        var json = JSONText()
        json.object { json in
            json.key("location")
            ShoplineStoreInfo(store: store).location(row, forShipping: false, into: &json)
        }
        return Self.json(json.bytes)
    }

    private func variants(_ id: String) throws(ShoplineRefusal) -> Response {
        try require("read_products")
        guard let row = ShoplineIdentifier.products.number(id).flatMap({ store.table("products")?.row($0) })
        else {
            throw .missing("product")
        }
        let products = ShoplineProducts(store: store)
        var json = JSONText()
        json.object { json in
            json.array("variants") { json in
                for number in products.variants(of: row) {
                    products.writeVariant(number, of: row, into: &json)
                }
            }
        }
        return Self.json(json.bytes)
    }

    private func members(_ id: String) throws(ShoplineRefusal) -> Response {
        try require("read_products")
        guard let resource = ShoplineResource.all.first(where: { $0.name == "products" }),
            ShoplineIdentifier.collections.number(id) != nil
        else { throw .missing("collection") }
        let query =
            request.query.contains("page_info=") ? request.query : request.query + "&collection_id=" + id
        return try lister(resource).page(query, fault: fault)
    }

    private func refunds(_ id: String) throws(ShoplineRefusal) -> Response {
        try require("read_orders")
        guard let row = ShoplineIdentifier.orders.number(id).flatMap({ store.table("orders")?.row($0) })
        else {
            throw .missing("order")
        }
        let facts = ShoplineOrderFacts(row, seed: store.seed)
        var json = JSONText()
        json.object { json in
            json.key("refunds")
            let stamp = ShoplineStamp(row, seed: store.seed)
            ShoplineOrders(store: store).refunds(row, facts, stamp, into: &json)
        }
        return Self.json(json.bytes)
    }
}
