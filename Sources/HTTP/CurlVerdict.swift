import CCurl
import Glibc

/// libcurl's result of a transfer in the transport's words.
///
/// Hosts and ports appear in the messages, and for TLS and HTTP/2 libcurl's own words, which name certificates and
/// streams and never the request.
struct CurlVerdict {
    typealias Fault = (kind: TransportError.Kind, message: String)

    /// A header line of more than 100 KiB; before libcurl 8.6, which brought the name, it ran "out of memory".
    private static let tooLarge = CURLcode(rawValue: 100)

    private let code: CURLcode
    private let transfer: Transfer

    init(_ code: CURLcode, of transfer: Transfer) {
        self.code = code
        self.transfer = transfer
    }

    /// Nil when the response arrived whole.
    var fault: Fault? {
        if isTLS { return handshakeFault }
        switch code {
        case CURLE_OK:
            // libcurl takes an end of the connection within the headers for the end of the response.
            guard !transfer.head.isFinished else { return nil }
            return (.network, "the connection was closed within the response's headers")
        case CURLE_OPERATION_TIMEDOUT:
            return (.timedOut, timeoutMessage)
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT, CURLE_PROXY,
            CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_PARTIAL_FILE, CURLE_HTTP2, CURLE_HTTP2_STREAM:
            return (.network, networkMessage)
        case CURLE_RECV_ERROR:
            // A chunk without a size has no code of its own before libcurl 8.7, only words.
            guard handle.lastWords.contains("chunk") else { return (.network, networkMessage) }
            return (.malformed, "the response's chunks are malformed after \(bytes) bytes")
        default:
            return (.malformed, malformedMessage)
        }
    }

    private var handle: CurlHandle { transfer.handle }

    private var request: HTTPRequest { transfer.submission.request }

    private var parts: URLParts? { URLParts.parse(request.url) }

    private var host: String { parts?.authority ?? "the host" }

    private var bytes: Int { handle.number(CURLINFO_SIZE_DOWNLOAD_T) }

    private var timeoutMessage: String {
        if handle.number(CURLINFO_PRETRANSFER_TIME_T) == 0 {
            return "no connection to '\(host)' within \(request.connectTimeout) ms\(delay)"
        }
        guard transfer.head.isFinished else { return "no answer within \(request.totalTimeout) ms\(delay)" }
        return "no complete answer within \(request.totalTimeout) ms\(delay), \(bytes) bytes came"
    }

    /// What was added to the limits.
    private var delay: String {
        transfer.extra > 0 ? " and the \(transfer.extra) ms that our own work took meanwhile" : ""
    }

    private var networkMessage: String {
        let tunnelStatus = handle.smallNumber(CURLINFO_HTTP_CONNECTCODE)
        if transfer.head.bytesReceived == 0, tunnelStatus >= 300 {
            return "the proxy refused a connection to '\(host)' with status \(tunnelStatus)"
        }
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST:
            return "could not resolve host '\(parts?.host ?? "")'"
        case CURLE_COULDNT_RESOLVE_PROXY:
            return "could not resolve the proxy's host"
        case CURLE_COULDNT_CONNECT, CURLE_PROXY:
            return "could not connect to '\(host)'\(reason)"
        case CURLE_SEND_ERROR:
            return "the connection broke while the request was sent\(reason)"
        case CURLE_HTTP2, CURLE_HTTP2_STREAM:
            let words = handle.lastWords
            return "the HTTP/2 stream failed after \(bytes) bytes\(words.isEmpty ? "" : " (\(words))")"
        default:
            break
        }
        guard transfer.head.bytesReceived > 0 else {
            return "the connection was closed without an answer\(reason)"
        }
        guard transfer.head.isFinished else {
            return "the connection was closed within the response's headers\(reason)"
        }
        return "the connection was closed after \(bytes) bytes\(reason)"
    }

    private var malformedMessage: String {
        switch code {
        case CURLE_BAD_CONTENT_ENCODING:
            return "the response's compression cannot be decoded"
        case CURLE_WRITE_ERROR:
            return "the response cannot be decoded"
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY:
            return transfer.head.bytesReceived == 0
                ? "the answer is not HTTP" : "the response's headers are malformed"
        case CURLE_OUT_OF_MEMORY where !transfer.head.isFinished, Self.tooLarge:
            return "a line of the response's headers is too long"
        default:
            return CurlFault(code: code).text
        }
    }

    /// The system's words for the last failed call on the socket, in brackets.
    private var reason: String {
        let number = handle.smallNumber(CURLINFO_OS_ERRNO)
        guard number > 0, let text = strerror(Int32(truncatingIfNeeded: number)) else { return "" }
        return " (\(String(cString: text)))"
    }
}

/// TLS: a certificate that is refused is final, a connection that broke in the handshake is the network's fault.
extension CurlVerdict {
    private var isTLS: Bool {
        switch code {
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_ENGINE_NOTFOUND,
            CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_CRL_BADFILE,
            CURLE_SSL_SHUTDOWN_FAILED, CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_INVALIDCERTSTATUS,
            CURLE_SSL_CLIENTCERT, CURLE_USE_SSL_FAILED:
            true
        default:
            false
        }
    }

    private var handshakeFault: Fault {
        let words = handle.lastWords
        let isBroken = ["SSL_ERROR_SYSCALL", "unexpected eof", "Recv failure", "Send failure"]
            .contains { words.contains($0) }
        guard code == CURLE_SSL_CONNECT_ERROR, isBroken else {
            return (.tls, words.isEmpty ? CurlFault(code: code).text : words)
        }
        return (.network, "the connection to '\(host)' was closed within the TLS handshake\(reason)")
    }
}
