import Foundation
import Glibc
import Synchronization

/// An API of a test's own on a free loopback port; one request a connection.
final class LoopbackAPI: Sendable {
    struct Request: Sendable {
        var method: String
        /// Path and query as they came.
        var target: String
        /// Names in lower case.
        var headers: [String: String]
        var body: String

        var path: String { String(target.prefix { $0 != "?" }) }
        var query: [String: String] { Self.pairs(target.drop { $0 != "?" }.dropFirst()) }
        var form: [String: String] { Self.pairs(body[...]) }

        private static func pairs(_ text: Substring) -> [String: String] {
            var pairs: [String: String] = [:]
            for pair in text.split(separator: "&") {
                let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                let value = sides.count > 1 ? String(sides[1]) : ""
                pairs[String(sides[0]).removingPercentEncoding ?? ""] = value.removingPercentEncoding
            }
            return pairs
        }
    }

    struct Response: Sendable {
        var status = 200
        var headers: [(String, String)] = []
        var body: String
    }

    let port: Int
    private let listener: Int32
    private let seen = Mutex<[Request]>([])

    var address: String { "http://127.0.0.1:\(port)" }
    var requests: [Request] { seen.withLock { $0 } }

    init(_ answer: @escaping @Sendable (Request) -> Response) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 64) == 0
                    && getsockname(listener, $0, &length) == 0
            }
        }
        guard listener >= 0, isListening else { throw POSIXError(.EADDRNOTAVAIL) }
        self.listener = listener
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [weak self] in
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0 else { break }
                // A program that another test starts meanwhile must not keep the connection open.
                _ = fcntl(client, F_SETFD, FD_CLOEXEC)
                if let request = Self.read(client) {
                    self?.seen.withLock { $0.append(request) }
                    Self.send(answer(request), to: client)
                }
                close(client)
            }
            close(listener)
        }
    }

    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    private static func read(_ client: Int32) -> Request? {
        var bytes = Data()
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            if let head = bytes.range(of: Data("\r\n\r\n".utf8)) {
                let lines = String(decoding: bytes[..<head.lowerBound], as: UTF8.self).components(
                    separatedBy: "\r\n")
                var headers: [String: String] = [:]
                for line in lines.dropFirst() {
                    let sides = line.split(separator: ":", maxSplits: 1)
                    headers[sides[0].lowercased()] =
                        sides.count > 1 ? sides[1].trimmingCharacters(in: .whitespaces) : ""
                }
                let length = headers["content-length"].flatMap { Int($0) } ?? 0
                let body = bytes[head.upperBound...]
                if body.count >= length {
                    let words = lines[0].split(separator: " ").map(String.init)
                    return Request(
                        method: words[0], target: words.count > 1 ? words[1] : "", headers: headers,
                        body: String(decoding: body, as: UTF8.self))
                }
            }
            let count = recv(client, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            bytes += buffer[..<count]
        }
    }

    private static func send(_ response: Response, to client: Int32) {
        let extra = response.headers.map { "\($0.0): \($0.1)\r\n" }.joined()
        let text =
            "HTTP/1.1 \(response.status) X\r\nConnection: close\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(response.body.utf8.count)\r\n\(extra)\r\n\(response.body)"
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
