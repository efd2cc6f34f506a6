import Foundation
import Glibc
import Synchronization
import Testing

/// A platform that sends exactly the bytes it is told to, one connection for each request.
final class RawServer: Sendable {
    let port: Int
    private let listener: Int32

    /// - Parameter answer: Told the request's target and what sends bytes; sending is false once the program has hung up.
    /// - Throws: An issue when there is no free port.
    init(_ answer: @escaping @Sendable (_ target: String, _ send: ([UInt8]) -> Bool) -> Void) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, length) == 0 && listen(listener, 64) == 0
                    && getsockname(listener, address, &length) == 0
            }
        }
        try #require(isListening, "no port to listen on")
        self.listener = listener
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread {
            while case let client = accept(listener, nil, nil), client >= 0 {
                _ = fcntl(client, F_SETFD, FD_CLOEXEC)
                Thread.detachNewThread {
                    if let target = Self.target(of: client) { answer(target) { Self.send($0, to: client) } }
                    shutdown(client, Int32(SHUT_WR))
                    var rest = [UInt8](repeating: 0, count: 4096)
                    while recv(client, &rest, rest.count, 0) > 0 {}
                    close(client)
                }
            }
            close(listener)
        }
    }

    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    /// The second word of a request, read with its body.
    private static func target(of client: Int32) -> String? {
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = recv(client, &buffer, buffer.count, 0), count > 0 {
            text += String(decoding: buffer[..<count], as: UTF8.self)
            guard let head = text.range(of: "\r\n\r\n") else { continue }
            let length = text[..<head.lowerBound].lowercased().split(separator: "\r\n")
                .first { $0.hasPrefix("content-length:") }
                .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) }
            guard text[head.upperBound...].utf8.count >= length ?? 0 else { continue }
            return text.split(separator: " ").dropFirst().first.map(String.init)
        }
        return nil
    }

    private static func send(_ bytes: [UInt8], to client: Int32) -> Bool {
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
}
