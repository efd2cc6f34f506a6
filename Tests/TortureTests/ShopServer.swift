import HTTP
import Sync

/// Answers requests over a `ShopTruth` the way the two platforms do.
struct ShopServer: Sendable {
    enum Kind: String, Sendable, CaseIterable {
        case goods, orderRows = "order_rows", shops
        case products, orders

        var platform: String { self == .products || self == .orders ? "shopline" : "next-engine" }
        var isNextEngine: Bool { platform == "next-engine" }
    }

    let kind: Kind
    /// Next Engine's `count` in a listing is the number returned, not the total.
    var countsReturned = false

    var table: String { "\(kind.isNextEngine ? "next_engine" : "shopline")_\(kind.rawValue)" }

    // MARK: Records

    func key(_ row: ShopTruth.Row) -> String {
        switch kind {
        case .goods, .shops: String(row.id)
        case .orderRows: "\(row.id / 10)/\(row.id % 10)"
        case .products, .orders: Self.longID(row.id)
        }
    }

    func payload(_ row: ShopTruth.Row) -> String {
        switch kind {
        case .goods:
            "{\"goods_id\":\"\(row.id)\",\"goods_last_modified_null_safe_date\":\(japan(row.updated)),\"goods_name\":\"v\(row.version)\"}"
        case .shops:
            "{\"shop_id\":\"\(row.id)\",\"shop_last_modified_null_safe_date\":\(japan(row.updated)),\"shop_name\":\"v\(row.version)\"}"
        case .orderRows:
            "{\"receive_order_row_receive_order_id\":\"\(row.id / 10)\",\"receive_order_row_no\":\"\(row.id % 10)\","
                + "\"receive_order_row_last_modified_newest_date\":\(japan(row.updated)),\"v\":\(row.version)}"
        case .products:
            "{\"id\":\"\(Self.longID(row.id))\",\"title\":\"v\(row.version)\",\"updated_at\":\(iso(row.updated))}"
        case .orders:
            "{\"id\":\"\(Self.longID(row.id))\",\"name\":\"v\(row.version)\",\"hidden_order\":\(row.isArchived),\"updated_at\":\(iso(row.updated))}"
        }
    }

    private static func longID(_ id: Int) -> String {
        let text = String(id)
        return "2107" + String(repeating: "0", count: 16 - text.count) + text
    }

    private func japan(_ time: Int64?) -> String {
        time.map { "\"\(TimeForm.japan.write(Timestamp(secondsSinceEpoch: $0)))\"" } ?? "null"
    }

    private func iso(_ time: Int64?) -> String {
        time.map { "\"\(TimeForm.iso8601.write(Timestamp(secondsSinceEpoch: $0)))\"" } ?? "null"
    }

    // MARK: Answers

    func answer(_ request: HTTPRequest, _ truth: ShopTruth) -> (
        status: Int, headers: [(name: String, value: String)], body: String
    ) {
        let parts = request.url.split(separator: "?", maxSplits: 1)
        let path = String(parts.first ?? "")
        let form =
            request.body.map { String(decoding: $0, as: UTF8.self) } ?? parts.dropFirst().first.map(
                String.init) ?? ""
        let values = Self.values(form)
        if path.hasSuffix("api_v1_login_company/info") {
            return (
                200, [],
                "{\"result\":\"success\",\"count\":\"1\",\"data\":[{\"company_ne_id\":\"NE1\",\"company_name\":\"A\"}]}"
            )
        }
        if path.hasSuffix("merchants/shop.json") { return (200, [], "{\"data\":{\"id\":17,\"name\":\"A\"}}") }
        if kind.isNextEngine { return (200, [], nextEngine(path, values, truth)) }
        return shopline(path, values, truth)
    }

    /// Whether a request asks for a page that others came before: of its pass, or of the pass before.
    func isLaterPage(_ request: HTTPRequest) -> Bool {
        let form = request.body.map { String(decoding: $0, as: UTF8.self) } ?? request.url
        guard !form.contains("-in="), !form.contains("ids="), !request.url.contains("/count") else {
            return false
        }
        guard !form.contains("page_info="), !form.contains("hidden_order=true") else { return true }
        return form.contains("offset=") && !form.contains("offset=0")
    }

    /// Those of the live rows that the listing of a request shows, in its order, whatever pass or page it asks for.
    func listed(_ request: HTTPRequest, _ truth: ShopTruth) -> [ShopTruth.Row] {
        let form = request.body.map { String(decoding: $0, as: UTF8.self) } ?? request.url
        let values = Self.values(String(form.split(separator: "?").last ?? ""))
        let mark = values["page_info"]?.split(separator: "~", omittingEmptySubsequences: false).dropFirst()
            .first
        let least =
            (values["updated_at_min"] ?? mark.map(String.init)).flatMap { Timestamp($0) }
            ?? values["\(cursorName)-gte"].flatMap { Timestamp($0, zone: TimeForm.japan.zone) }
        return truth.live.filter { ($0.updated ?? .min) >= least?.secondsSinceEpoch ?? .min }
    }

    private static func values(_ text: String) -> [String: String] {
        var values: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            values[decoded(sides[0])] = sides.count > 1 ? decoded(sides[1]) : ""
        }
        return values
    }

    private static func decoded(_ text: Substring) -> String {
        text.replacingOccurrences("+", " ").removingPercents
    }

    // MARK: Next Engine

    private var cursorName: String {
        switch kind {
        case .goods: "goods_last_modified_null_safe_date"
        case .orderRows: "receive_order_row_last_modified_newest_date"
        default: "shop_last_modified_null_safe_date"
        }
    }

    private func nextEngine(_ path: String, _ values: [String: String], _ truth: ShopTruth) -> String {
        var rows = truth.live
        func bound(_ name: String) -> Int64? {
            values[name].flatMap { Timestamp($0, zone: TimeForm.japan.zone)?.secondsSinceEpoch }
        }
        if let least = bound("\(cursorName)-gte") { rows = rows.filter { ($0.updated ?? .min) >= least } }
        if let end = bound("\(cursorName)-lt") { rows = rows.filter { ($0.updated ?? .max) < end } }
        if let ids = (values["goods_id-in"] ?? values["shop_id-in"]).map({
            Set($0.split(separator: ",").map(String.init))
        }) {
            rows = rows.filter { ids.contains(key($0)) }
        }
        let total = rows.count
        if path.hasSuffix("/count") { return "{\"result\":\"success\",\"count\":\"\(total)\"}" }
        rows = Array(
            rows.dropFirst(values["offset"].flatMap { Int($0) } ?? 0).prefix(
                values["limit"].flatMap { Int($0) } ?? 10_000))
        let count = countsReturned ? rows.count : total
        return
            "{\"result\":\"success\",\"count\":\"\(count)\",\"data\":[\(rows.map(payload).joined(separator: ","))]}"
    }

    // MARK: SHOPLINE

    private func shopline(
        _ path: String, _ given: [String: String], _ truth: ShopTruth
    ) -> (status: Int, headers: [(name: String, value: String)], body: String) {
        var values = given
        var since = ""
        if let info = given["page_info"] {
            let marks = info.split(separator: "~", omittingEmptySubsequences: false).map(String.init)
            since = marks[0]
            values["updated_at_min"] = marks[1].isEmpty ? nil : marks[1]
            values["updated_at_max"] = marks[2].isEmpty ? nil : marks[2]
            values["hidden_order"] = marks[3]
        }
        var rows = truth.live
        if kind == .orders { rows = rows.filter { $0.isArchived == (values["hidden_order"] == "true") } }
        func bound(_ name: String) -> Int64? { values[name].flatMap { Timestamp($0)?.secondsSinceEpoch } }
        if let least = bound("updated_at_min") { rows = rows.filter { ($0.updated ?? .min) >= least } }
        if let most = bound("updated_at_max") { rows = rows.filter { ($0.updated ?? .max) <= most } }
        if let ids = values["ids"].map({ Set($0.split(separator: ",").map(String.init)) }) {
            rows = rows.filter { ids.contains(key($0)) }
        }
        if path.hasSuffix("count.json") { return (200, [], "{\"count\":\(rows.count)}") }
        let limit = values["limit"].flatMap { Int($0) } ?? 50
        let left = rows.filter { key($0) > since }
        let page = left.prefix(limit)
        var headers: [(name: String, value: String)] = []
        if left.count > page.count, let last = page.last {
            let info = [
                key(last), values["updated_at_min"] ?? "", values["updated_at_max"] ?? "",
                values["hidden_order"] ?? "",
            ]
            let text = PercentEncoding.query(info.joined(separator: "~"))
            headers.append(("Link", "<\(path)?limit=\(limit)&page_info=\(text)>; rel=\"next\""))
        }
        return (200, headers, "{\"\(kind.rawValue)\":[\(page.map(payload).joined(separator: ","))]}")
    }
}

extension Substring {
    func replacingOccurrences(_ old: Character, _ new: Character) -> String {
        String(map { $0 == old ? new : $0 })
    }
}

extension String {
    var removingPercents: String {
        var bytes: [UInt8] = []
        var rest = Array(utf8)[...]
        while let byte = rest.popFirst() {
            if byte == 0x25, rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
