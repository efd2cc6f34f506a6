import Foundation
import Glibc
import HTTP
import Synchronization

/// A server on a loopback port of its own that does, connection by connection, exactly what its script says.
final class ScriptedServer: Sendable {
    let port: Int
    private let listener: Int32
    private let log = ServerLog()

    /// Runs the script on a thread of its own for every connection, which is closed when the script returns.
    init(_ script: @escaping @Sendable (ServerConnection) -> Void) throws {
        (listener, port) = try Self.bind()
        guard Glibc.listen(listener, 512) == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
        let (listener, log) = (listener, log)
        Thread.detachNewThread {
            while true {
                // A program that another test starts meanwhile must not keep the connection open.
                let client = accept(listener, nil, nil)
                _ = fcntl(client, F_SETFD, FD_CLOEXEC)
                guard client >= 0 else { break }
                let connection = ServerConnection(client, number: log.add(client), log: log)
                Thread.detachNewThread {
                    script(connection)
                    connection.close()
                }
            }
            Glibc.close(listener)
        }
    }

    /// Gives the same answer to every request, keeping the connection.
    static func answering(_ answer: @escaping @Sendable (String) -> [UInt8]) throws -> ScriptedServer {
        try ScriptedServer { connection in
            while let request = connection.request(), connection.send(answer(request)) {}
        }
    }

    static func answering(_ answer: String) throws -> ScriptedServer {
        try answering { _ in Array(answer.utf8) }
    }

    deinit {
        Glibc.shutdown(listener, Int32(SHUT_RDWR))
        log.hangUp()
    }

    /// How many connections were accepted.
    var connections: Int { log.connections }

    /// Every request that arrived, header and body.
    var requests: [String] { log.requests }

    func url(_ path: String = "/") -> String {
        "http://127.0.0.1:\(port)\(path)"
    }

    /// Goes on with a port that refuses every connection, and that nobody else can have meanwhile.
    static func withClosedPort<Result>(_ body: (Int) async throws -> Result) async throws -> Result {
        let (socket, port) = try bind()
        defer { Glibc.close(socket) }
        return try await body(port)
    }

    /// - Returns: A socket with a port of its own, on which nobody listens yet.
    private static func bind() throws -> (socket: Int32, port: Int) {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                Glibc.bind(socket, address, length) == 0 && getsockname(socket, address, &length) == 0
            }
        }
        guard socket >= 0, isBound else { throw POSIXError(.EADDRNOTAVAIL) }
        return (socket, Int(UInt16(bigEndian: address.sin_port)))
    }
}

/// What the threads of a server tell each other.
final class ServerLog: Sendable {
    private let clients = Mutex<[Int32]>([])
    private let count = Mutex(0)
    private let texts = Mutex<[String]>([])

    var connections: Int { count.withLock { $0 } }
    var requests: [String] { texts.withLock { $0 } }

    func add(_ client: Int32) -> Int {
        clients.withLock { $0.append(client) }
        return count.withLock { count in
            count += 1
            return count
        }
    }

    func add(_ request: String) {
        texts.withLock { $0.append(request) }
    }

    /// Closes under the lock, so that `hangUp` meets no number that is already somebody else's.
    func close(_ client: Int32) {
        clients.withLock { clients in
            guard let index = clients.firstIndex(of: client) else { return }
            clients.remove(at: index)
            Glibc.close(client)
        }
    }

    func hangUp() {
        clients.withLock { clients in
            for client in clients { Glibc.shutdown(client, Int32(SHUT_RDWR)) }
        }
    }
}

/// The server's end of one connection.
final class ServerConnection: Sendable {
    /// 1 for the first connection that the server accepted.
    let number: Int
    private let client: Int32
    private let log: ServerLog
    private let unread = Mutex<[UInt8]>([])

    init(_ client: Int32, number: Int, log: ServerLog) {
        self.client = client
        self.number = number
        self.log = log
    }

    /// Reads one request with its body; nil when the client has closed.
    func request() -> String? {
        var bytes = unread.withLock { $0 }
        while true {
            if let end = Self.end(of: bytes) {
                unread.withLock { $0 = Array(bytes[end...]) }
                let text = String(decoding: bytes[..<end], as: UTF8.self)
                log.add(text)
                return text
            }
            guard let more = read() else { return nil }
            bytes += more
        }
    }

    /// False when the client is gone.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    @discardableResult
    func send(_ text: String) -> Bool {
        send(Array(text.utf8))
    }

    /// Returns when the client has closed its end.
    func waitForClient() {
        while read() != nil {}
    }

    /// Closes with a reset instead of an orderly end.
    func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(client, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
        close()
    }

    func close() {
        log.close(client)
    }

    /// Whatever has come; nil when the client has closed.
    func read() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = recv(client, &buffer, buffer.count, 0)
        return count > 0 ? Array(buffer[..<count]) : nil
    }

    private static func end(of bytes: [UInt8]) -> Int? {
        let text = Data(bytes)
        guard let header = text.range(of: Data("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: text[..<header.lowerBound], as: UTF8.self).lowercased()
        let length = lines.split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
        let count = length.flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
        let end = header.upperBound + count
        return end <= bytes.count ? end : nil
    }
}

/// A whole response with its length.
func response(_ body: String = "", status: String = "200 OK", headers: String = "") -> String {
    "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)"
}
