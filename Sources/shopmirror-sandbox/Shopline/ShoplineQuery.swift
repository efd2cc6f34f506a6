/// The parameters of a list request, checked.
struct ShoplineQuery {
    private(set) var values: [String: String] = [:]
    private(set) var cursor: ShoplinePageInfo?
    let limit: Int
    /// Names of the wanted members; `nil` is all.
    let fields: Set<String>?
    /// The filters in a fixed order, encoded, `fields` included: what a cursor remembers.
    let filterText: String

    /// Reads the query of a request for `list`, the path of the resource in its store.
    init(_ query: String, of resource: ShoplineResource, list: String) throws(ShoplineRefusal) {
        var given = try Self.values(query)
        given["page"] = nil  // ignored by the platform: page 1 comes again and again
        if let text = given["page_info"] {
            guard let cursor = ShoplinePageInfo(text, for: list) else { throw .page }
            let extra = given.keys.filter { !["page_info", "limit", "fields"].contains($0) }.sorted()
            guard extra.isEmpty else {
                throw .parameter("\(extra.joined(separator: ", ")) cannot be used together with page_info")
            }
            var remembered = try Self.values(cursor.filters)
            remembered["limit"] = given["limit"] ?? "\(cursor.limit)"
            if let fields = given["fields"] { remembered["fields"] = fields }
            given = remembered
            self.cursor = cursor
        }
        limit = try Self.limit(given["limit"], of: resource)
        given["limit"] = nil
        fields = given["fields"].map { text in
            Set(text.split(separator: ",").map { String($0.filter { $0 != " " }) })
        }
        let allowed = resource.filters.union(["ids", "since_id", "fields"])
        if let unknown = given.keys.sorted().first(where: { !allowed.contains($0) }) {
            throw .parameter("unknown parameter \(unknown)")
        }
        values = given
        filterText = given.sorted { $0.key < $1.key }
            .map { $0.key + "=" + PercentCoding.encoded($0.value) }.joined(separator: "&")
    }

    /// Decoded pairs of a query; the first value wins where a name is repeated.
    static func values(_ query: String) throws(ShoplineRefusal) -> [String: String] {
        guard let pairs = PercentCoding.pairs(query) else { throw .parameter("the query cannot be decoded") }
        var values: [String: String] = [:]
        for pair in pairs where values[pair.name] == nil { values[pair.name] = pair.value }
        return values
    }

    private static func limit(_ text: String?, of resource: ShoplineResource) throws(ShoplineRefusal) -> Int {
        guard let text else { return resource.defaultLimit }
        guard let limit = Int(text), limit > 0 else { throw .parameter("limit must be a positive number") }
        guard limit <= resource.maximum else {
            throw ShoplineRefusal(status: resource.limitProblem.status, text: resource.limitProblem.text)
        }
        return limit
    }
}
