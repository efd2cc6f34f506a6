import Digest

/// The opaque cursor of a list: where to go on, and the filters of the first request.
struct ShoplinePageInfo {
    let sinceID: String
    let isForward: Bool
    let limit: Int
    /// The filters, encoded like a query.
    let filters: String

    /// Base64 of a small JSON text, padded.
    func text(for list: String) -> String {
        Base64.encoded(json(check: check(list)))
    }

    init(sinceID: String, isForward: Bool, limit: Int, filters: String) {
        self.sinceID = sinceID
        self.isForward = isForward
        self.limit = limit
        self.filters = filters
    }

    /// Takes a cursor apart; `nil` for anything this list has not handed out.
    init?(_ text: String, for list: String) {
        guard let bytes = Base64.decoded(text), let value = JSONReader.value(bytes),
            let since = value["sinceId"]?.text, let direction = value["direction"]?.text,
            direction == "next" || direction == "prev", let limit = value["limit"]?.integer,
            let filters = value["q"]?.text, let check = value["c"]?.text
        else { return nil }
        self.init(sinceID: since, isForward: direction == "next", limit: limit, filters: filters)
        guard check == self.check(list) else { return nil }
    }

    private func check(_ list: String) -> String {
        String(
            Hex.encode(HMACSHA256.authenticationCode(for: Array(json(check: "").utf8), key: Array(list.utf8)))
                .prefix(8))
    }

    private func json(check: String) -> String {
        let direction = isForward ? "next" : "prev"
        return "{\"sinceId\":\"\(sinceID)\",\"direction\":\"\(direction)\",\"limit\":\(limit),"
            + "\"q\":\"\(filters)\",\"c\":\"\(check)\"}"
    }
}
