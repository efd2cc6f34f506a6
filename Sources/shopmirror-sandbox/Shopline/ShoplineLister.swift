/// Answers list and count requests: pages in ascending order of ids, linked through the `link` header.
struct ShoplineLister {
    let store: ShoplineStore
    let resource: ShoplineResource
    /// Address of the list without its query, as the client used it.
    let address: String

    /// Name of the list a cursor belongs to.
    private var list: String { store.handle + "/" + resource.name }

    func count(_ query: String) throws(ShoplineRefusal) -> Int {
        var values = try ShoplineQuery.values(query)
        values["limit"] = nil
        let allowed = resource.filters.union(["ids", "since_id"])
        if let unknown = values.keys.sorted().first(where: { !allowed.contains($0) }) {
            throw .parameter("unknown parameter \(unknown)")
        }
        let filter = try ShoplineFilter(values, of: resource)
        let text = values.sorted { $0.key < $1.key }.map { $0.key + "=" + $0.value }.joined(separator: "&")
        return hits("count " + text, filter).count
    }

    func page(_ text: String, fault: Fault.Kind?) throws(ShoplineRefusal) -> Response {
        guard fault == nil else { return try makePage(text, fault) }
        return try store.cache.answer("\(address)?\(text)") { () throws(ShoplineRefusal) in
            try makePage(text, nil)
        }
    }

    private func makePage(_ text: String, _ fault: Fault.Kind?) throws(ShoplineRefusal) -> Response {
        let query = try ShoplineQuery(text, of: resource, list: list)
        let filter = try ShoplineFilter(query.values, of: resource)
        let found = hits(query.filterText, filter)
        guard let table = store.table(resource.name) else { throw .missing(resource.name) }
        var range = window(query, found, table)
        let links = links(query, found, table, range, fault)
        switch fault {
        case .dropPage: range = range.upperBound..<min(range.upperBound + query.limit, found.count)
        case .repeatPage where range.lowerBound > 0:
            range = max(0, range.lowerBound - query.limit)..<range.lowerBound
        case .emptyPage: range = range.lowerBound..<range.lowerBound
        default: break
        }
        let wanted = query.fields.map { $0.sorted().joined(separator: ",") } ?? "*"
        let name = "\(resource.name)|\(query.filterText)|\(wanted)|\(range.lowerBound)-\(range.upperBound)"
        let body = store.cache.page(name) { render(found[range], table, query.fields) }
        var headers: [(name: String, value: String)] = []
        if !links.isEmpty { headers.append(("link", links.joined(separator: ", "))) }
        return Response(status: 200, type: "application/json;charset=UTF-8", body: [body], headers: headers)
    }

    /// Positions in `found` that make up the page.
    private func window(_ query: ShoplineQuery, _ found: [Int], _ table: RecordTable) -> Range<Int> {
        guard let cursor = query.cursor, let since = resource.identifier.number(notAbove: cursor.sinceID)
        else {
            return 0..<min(query.limit, found.count)
        }
        let start = Self.position(of: since, in: found, table, including: false)
        guard !cursor.isForward else { return start..<min(start + query.limit, found.count) }
        // Backwards: the page that ends before the record itself.
        let end = Self.position(of: since, in: found, table, including: true)
        return max(0, end - query.limit)..<end
    }

    /// Where the records above `identifier` begin, with itself where `including` says so.
    private static func position(
        of identifier: Int, in found: [Int], _ table: RecordTable, including: Bool
    ) -> Int {
        var low = 0
        var high = found.count
        while low < high {
            let middle = (low + high) / 2
            let other = table.rows[found[middle]].identifier
            if including ? other < identifier : other <= identifier {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }

    private func links(
        _ query: ShoplineQuery, _ found: [Int], _ table: RecordTable, _ range: Range<Int>,
        _ fault: Fault.Kind?
    ) -> [String] {
        func link(_ position: Int?, _ relation: String, forward: Bool) -> String {
            let since = position.map { resource.identifier.text(table.rows[found[$0]].identifier) } ?? "0"
            let cursor = ShoplinePageInfo(
                sinceID: since, isForward: forward, limit: query.limit, filters: query.filterText)
            let text = PercentCoding.encoded(cursor.text(for: list))
            return "<\(address)?limit=\(query.limit)&page_info=\(text)>; rel=\"\(relation)\""
        }
        var links: [String] = []
        if fault == .repeatCursor {
            links.append(link(range.lowerBound > 0 ? range.lowerBound - 1 : nil, "next", forward: true))
        } else if range.upperBound < found.count, range.upperBound > 0, fault != .earlyEnd {
            links.append(link(range.upperBound - 1, "next", forward: true))
        }
        if range.lowerBound > 0, range.lowerBound < found.count {
            links.append(link(range.lowerBound, "previous", forward: false))
        }
        return links
    }

    private func hits(_ text: String, _ filter: ShoplineFilter) -> [Int] {
        store.hits(resource.name + "?" + text) {
            guard let table = store.table(resource.name) else { return [] }
            return table.rows.indices.filter { filter.holds(table.rows[$0], in: store) }
        }
    }

    private func render(_ rows: ArraySlice<Int>, _ table: RecordTable, _ fields: Set<String>?) -> [UInt8] {
        let catalogue = ShoplineCatalogue(store: store)
        var record = ShoplineRecord(json: JSONText(capacity: rows.count * 1024 + 64), wanted: fields)
        record.json.open("{")
        record.json.key(resource.envelope)
        record.json.open("[")
        for index in rows { catalogue.write(table.rows[index], of: resource.name, into: &record) }
        record.json.close("]")
        record.json.close("}")
        return record.json.bytes
    }
}
