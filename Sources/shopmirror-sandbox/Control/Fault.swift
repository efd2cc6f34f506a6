/// One scripted misbehaviour: which requests it meets, how often, and what it does.
struct Fault {
    enum Kind: String, CaseIterable {
        case status, html, truncate, close, reset, stall, delay, drip, garbage, empty, busy
        case tooLarge = "too-large"
        case badGzip = "bad-gzip"
        case wrongShape = "wrong-shape"
        case repeatCursor = "repeat-cursor"
        case dropPage = "drop-page"
        case emptyPage = "empty-page"
        case repeatPage = "repeat-page"
        case earlyEnd = "early-end"
        case notPermitted = "not-permitted"
        case rateLimit = "rate-limit"
    }

    let kind: Kind
    /// Must occur in the target (path and query); empty matches everything.
    let match: String
    /// Must occur in the request body; empty matches everything.
    let matchBody: String
    /// Matching requests still let through.
    var after: Int
    /// Requests still to be met.
    var times: Int
    let status: Int?
    let retryAfter: String?
    let body: String?
    let bytes: Int?
    let milliseconds: Int?
    let code: String?
    /// Whether the platform handles the request (and spends or rotates tokens) before its answer is lost.
    let isProcessed: Bool
    /// Whether the length of an oversized answer is left unsaid.
    let isChunked: Bool

    init?(_ value: JSONValue) {
        guard let kind = value["kind"]?.text.flatMap(Kind.init(rawValue:)) else { return nil }
        self.kind = kind
        match = value["match"]?.text ?? ""
        matchBody = value["match_body"]?.text ?? ""
        after = max(0, value["after"]?.integer ?? 0)
        times = value["times"]?.integer ?? 1
        status = value["status"]?.integer
        retryAfter = value["retry_after"]?.text
        body = value["body"]?.text
        bytes = value["bytes"]?.integer.map { min(max(0, $0), 4_294_967_296) }
        milliseconds = value["ms"]?.integer
        code = value["code"]?.text
        isProcessed = value["processed"]?.flag ?? false
        isChunked = value["chunked"]?.flag ?? false
    }

    func matches(_ request: Request) -> Bool {
        guard match.isEmpty || request.target.contains(match) else { return false }
        return matchBody.isEmpty || String(decoding: request.body, as: UTF8.self).contains(matchBody)
    }
}
