package import HTTP
import Synchronization

/// Answers requests from a script, in order; a request that the script does not know of is refused.
package final class ScriptedTransport: HTTPTransport {
    package typealias Reply = Result<HTTPResponse, TransportError>

    private let replies: Mutex<[Reply]>
    private let seen = Mutex<[HTTPRequest]>([])

    package init(_ replies: [Reply] = []) { self.replies = Mutex(replies) }

    /// Every request so far.
    package var requests: [HTTPRequest] { seen.withLock { $0 } }

    /// Answers that nobody asked for.
    package var left: Int { replies.withLock { $0.count } }

    package func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        seen.withLock { $0.append(request) }
        let reply = replies.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        guard let reply else { throw TransportError(.malformed, "the script has no answer to this request") }
        return try reply.get()
    }

    /// An answer with a JSON body.
    package static func json(
        _ body: String, status: Int = 200, headers: [(String, String)] = []
    ) -> Reply {
        .success(
            HTTPResponse(
                status: status, headers: HTTPHeaders(headers.map { (name: $0.0, value: $0.1) }),
                body: Array(body.utf8), wireBytes: body.utf8.count, durationMilliseconds: 1))
    }

    /// A connection that broke.
    package static let broken: Reply = .failure(TransportError(.network, "the connection was closed"))
}
