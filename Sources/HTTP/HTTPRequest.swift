/// One request, complete: nothing is added to it but `Host`, `Accept`, `Accept-Encoding` and `Content-Length`.
package struct HTTPRequest: Sendable {
    package enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case delete = "DELETE"
    }

    package var method: Method
    package var url: String
    /// In the order they are sent; `Content-Length` and `Transfer-Encoding` are the transport's own.
    package var headers: [(name: String, value: String)]
    /// A POST without one sends an empty body.
    package var body: [UInt8]?
    /// From connect to last byte; time spent waiting for a free connection does not count, nor does time in which our own
    /// work kept the thread from reading the response, once it adds up to 100 ms.
    package var timeoutMilliseconds: Int
    /// From look-up to the end of the TLS handshake; never above `timeoutMilliseconds`.
    package var connectTimeoutMilliseconds: Int
    /// Of the decoded body, enforced while it is received.
    package var maximumResponseBytes: Int
    /// Whether a body that is announced as too large is read up to the limit all the same, for `received`.
    package var keepsBeginning = false
    /// Whether the exchange ends when the task that waits for it is cancelled.
    package var isCancellable = true

    package init(
        method: Method = .get, url: String, headers: [(name: String, value: String)] = [],
        body: [UInt8]? = nil, timeoutMilliseconds: Int = 60_000, connectTimeoutMilliseconds: Int = 15_000,
        maximumResponseBytes: Int = 16 << 20
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeoutMilliseconds = timeoutMilliseconds
        self.connectTimeoutMilliseconds = connectTimeoutMilliseconds
        self.maximumResponseBytes = maximumResponseBytes
    }
}

/// Method, host and path: what a log may show. Query, headers and body can hold secrets.
extension HTTPRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String {
        guard let parts = URLParts.parse(url) else { return "\(method.rawValue) <unreadable URL>" }
        return "\(method.rawValue) \(parts.authority)\(parts.path)"
    }

    package var debugDescription: String { description }

    package var customMirror: Mirror { Mirror(self, children: []) }
}
