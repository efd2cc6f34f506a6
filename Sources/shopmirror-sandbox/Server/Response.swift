/// An answer before it is put on the wire.
///
/// The body is a list of pieces, so that a prepared page is sent without being copied.
struct Response {
    var status: Int
    var headers: [(name: String, value: String)]
    var body: [[UInt8]]
    var delivery = Delivery.whole
    /// Sent in chunks, without a length.
    var isChunked = false
    /// Milliseconds to wait before the first byte, in addition to the sandbox's latency.
    var holdMilliseconds = 0

    init(status: Int, type: String, body: [[UInt8]], headers: [(name: String, value: String)] = []) {
        self.status = status
        self.headers = [("Content-Type", type)] + headers
        self.body = body
    }

    static func json(_ text: String, status: Int = 200) -> Response {
        Response(status: status, type: "application/json; charset=utf-8", body: [Array(text.utf8)])
    }

    static func html(_ text: String, status: Int) -> Response {
        Response(status: status, type: "text/html; charset=utf-8", body: [Array(text.utf8)])
    }

    static func plain(_ text: String, status: Int) -> Response {
        Response(status: status, type: "text/plain; charset=utf-8", body: [Array(text.utf8)])
    }

    static func redirect(to location: String) -> Response {
        Response(status: 302, type: "text/plain; charset=utf-8", body: [], headers: [("Location", location)])
    }

    /// The length of the body in bytes.
    var length: Int { body.reduce(0) { $0 + $1.count } }

    /// The status line and the headers, ready to send.
    func head(date: String, keepsAlive: Bool) -> [UInt8] {
        var text =
            "HTTP/1.1 \(status) \(Self.reason(status))\r\nDate: \(date)\r\nServer: shopmirror-sandbox\r\n"
        for header in headers {
            text += "\(header.name): \(header.value)\r\n"
        }
        text += isChunked ? "Transfer-Encoding: chunked\r\n" : "Content-Length: \(length)\r\n"
        text += "Connection: \(keepsAlive ? "keep-alive" : "close")\r\n\r\n"
        return Array(text.utf8)
    }

    /// The pieces as they travel.
    var parts: [[UInt8]] {
        guard isChunked else { return body }
        let chunks = body.filter { !$0.isEmpty }.flatMap { (piece: [UInt8]) -> [[UInt8]] in
            [Array((String(piece.count, radix: 16) + "\r\n").utf8), piece, [13, 10]]
        }
        return chunks + [Array("0\r\n\r\n".utf8)]
    }

    private static func reason(_ status: Int) -> String {
        switch status {
        case 200: "OK"
        case 302: "Found"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 402: "Payment Required"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 408: "Request Timeout"
        case 413: "Content Too Large"
        case 422: "Unprocessable Content"
        case 423: "Locked"
        case 429: "Too Many Requests"
        case 500: "Internal Server Error"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        default: "Status"
        }
    }
}
