/// A response that arrived whole, whatever its status.
package struct HTTPResponse: Sendable {
    package var status: Int
    /// Of this response alone: neither interim (1xx) responses nor trailers are in it.
    package var headers: HTTPHeaders
    /// Decoded; the transport keeps no reference, so it can be changed in place without a copy.
    package var body: [UInt8]
    /// Headers and body as they came, before decompression; chunk framing and TLS are not counted.
    package var wireBytes: Int
    /// From `send` to the last byte, waiting for a free connection included.
    package var durationMilliseconds: Double
    /// `HTTP/1.0`, `HTTP/1.1` or `HTTP/2`.
    package var httpVersion: String

    package init(
        status: Int, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = [], wireBytes: Int = 0,
        durationMilliseconds: Double = 0, httpVersion: String = "HTTP/1.1"
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.wireBytes = wireBytes
        self.durationMilliseconds = durationMilliseconds
        self.httpVersion = httpVersion
    }
}
