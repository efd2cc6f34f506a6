import Foundation
import HTTP
import Testing

/// A transport for one test; proxies of the environment are out of the way.
func makeTransport(maximumConnections: Int = 4, trusting file: String? = nil) throws -> CurlTransport {
    _ = withoutProxies
    return CurlTransport(maximumConnections: maximumConnections, certificateAuthorityFile: file)
}

private let withoutProxies: Bool = {
    for name in ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] { unsetenv(name) }
    return true
}()

/// Sends the request and returns the fault it has to end with.
func fault(of request: HTTPRequest, on transport: CurlTransport) async throws -> TransportError {
    try await #require(throws: TransportError.self) { try await transport.send(request) }
}

/// Sends a request to a server with this script and returns the fault it has to end with.
func fault(
    limit: Int = 1 << 20, timeout: Int = 10_000, _ script: @escaping @Sendable (ServerConnection) -> Void
) async throws -> TransportError {
    let server = try ScriptedServer(script)
    let request = HTTPRequest(
        url: server.url("/list?secret=1"), timeoutMilliseconds: timeout, maximumResponseBytes: limit)
    let error = try await fault(of: request, on: makeTransport())
    #expect(!error.message.contains("secret"))
    return error
}

extension [UInt8] {
    var text: String { String(decoding: self, as: UTF8.self) }
}
