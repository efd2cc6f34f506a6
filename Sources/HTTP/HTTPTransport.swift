/// Sends one request and waits for its response.
///
/// Never follows a redirect and judges no status: any response that arrived whole is a success.
package protocol HTTPTransport: Sendable {
    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse

    /// Where the responses arrive, for tasks that handle one after the other; nil where that is nowhere in particular.
    var executor: (any TaskExecutor)? { get }
}

extension HTTPTransport {
    package var executor: (any TaskExecutor)? { nil }
}
