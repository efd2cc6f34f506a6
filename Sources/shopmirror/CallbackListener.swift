import Glibc
import Sync

/// Waits on this machine's own port for the browser to come back.
///
/// It serves one page, and only to this machine.
final class CallbackListener {
    /// Requests that are read at the same time; more have to wait.
    private static let maximumClients = 16
    private static let maximumHead = 16_384

    let port: Int
    private let sockets: [Int32]
    private var clients: [Client] = []

    private struct Client {
        var descriptor: Int32
        var bytes: [UInt8] = []
        var since: Double
    }

    /// Listens on a port of 127.0.0.1, and on the same one of ::1 where there is one.
    ///
    /// - Parameter port: The port; 0 takes a free one.
    /// - Throws: `Problem` when the port cannot be had.
    init(port: Int) throws(Problem) {
        guard let first = Self.socket4(port) else {
            throw Problem(
                .usage,
                "The port \(port) of this machine cannot be listened on: \(Wording.systemText(errno)).",
                next: "Name another port, registered with the platform, or paste the callback instead.")
        }
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(first, $0, &size) }
        }
        self.port = Int(UInt16(bigEndian: address.sin_port))
        sockets = [first] + [Self.socket6(self.port)].compactMap { $0 }
    }

    deinit { for descriptor in sockets + clients.map(\.descriptor) { close(descriptor) } }

    private static func socket4(_ port: Int) -> Int32? {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return listening(AF_INET, &address, MemoryLayout<sockaddr_in>.size)
    }

    private static func socket6(_ port: Int) -> Int32? {
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = UInt16(truncatingIfNeeded: port).bigEndian
        address.sin6_addr = in6addr_loopback
        return listening(AF_INET6, &address, MemoryLayout<sockaddr_in6>.size)
    }

    private static func listening<Address>(_ family: Int32, _ address: inout Address, _ size: Int) -> Int32? {
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(family, type, 0)
        guard descriptor >= 0 else { return nil }
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        if family == AF_INET6 {
            setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &on, socklen_t(MemoryLayout<Int32>.size))
        }
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(size)) == 0
            }
        }
        guard isBound, listen(descriptor, 16) == 0 else {
            let reason = errno
            close(descriptor)
            errno = reason
            return nil
        }
        return descriptor
    }

    /// Waits for the browser.
    ///
    /// - Parameters:
    ///   - path: The path that it is sent to.
    ///   - clock: Who tells the time.
    ///   - control: Ends the waiting.
    /// - Returns: The address that it asked for; nil after ten minutes.
    /// - Throws: `Problem` with `interrupted`.
    func wait(for path: String, clock: Clock, control: RunControl) throws(Problem) -> String? {
        let end = clock.monotonic() + 600
        while clock.monotonic() < end {
            try control.check()
            var waiting = (sockets + clients.map(\.descriptor)).map {
                pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
            }
            _ = poll(&waiting, nfds_t(waiting.count), 200)
            let ready = Set(waiting.filter { $0.revents != 0 }.map(\.fd))
            for descriptor in sockets where ready.contains(descriptor) {
                admit(descriptor, at: clock.monotonic())
            }
            for client in clients
            where ready.contains(client.descriptor) || clock.monotonic() - client.since > 10 {
                if let target = read(
                    client.descriptor, path: path, isLate: clock.monotonic() - client.since > 10)
                {
                    return "http://localhost:\(port)\(target)"
                }
            }
        }
        return nil
    }

    private func admit(_ descriptor: Int32, at now: Double) {
        let client = accept(descriptor, nil, nil)
        guard client >= 0 else { return }
        _ = fcntl(client, F_SETFD, FD_CLOEXEC)
        _ = fcntl(client, F_SETFL, O_NONBLOCK)
        guard clients.count < Self.maximumClients else {
            close(client)
            return
        }
        clients.append(Client(descriptor: client, since: now))
    }

    /// Reads on, and answers once the head is there.
    ///
    /// - Returns: The target of the callback's request.
    private func read(_ descriptor: Int32, path: String, isLate: Bool) -> String? {
        guard let index = clients.firstIndex(where: { $0.descriptor == descriptor }) else { return nil }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count > 0 { clients[index].bytes += buffer[..<count] }
        let isOpen = count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR))
        let bytes = clients[index].bytes
        let isWhole = Self.hasEnd(bytes)
        guard isWhole || !isOpen || isLate || bytes.count > Self.maximumHead else { return nil }
        clients.remove(at: index)
        defer { close(descriptor) }
        guard isWhole, let target = CallbackRequest.target(of: bytes) else {
            send(CallbackRequest.answer(400, "That was no request for a page."), to: descriptor)
            return nil
        }
        guard target.prefix(while: { $0 != "?" }) == path, target.contains("?") else {
            send(
                CallbackRequest.answer(404, "There is nothing here; shopmirror waits for a sign-in."),
                to: descriptor)
            return nil
        }
        send(CallbackRequest.answer(200, CallbackRequest.thanks), to: descriptor)
        return target
    }

    private static func hasEnd(_ bytes: [UInt8]) -> Bool {
        bytes.count >= 4
            && bytes.indices.dropLast(3).contains { bytes[$0...].starts(with: [13, 10, 13, 10]) }
    }

    private func send(_ text: String, to descriptor: Int32) {
        let bytes = Array(text.utf8)
        _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        shutdown(descriptor, Int32(SHUT_WR))
    }
}

/// The little of HTTP that a callback needs.
enum CallbackRequest {
    static let thanks =
        "shopmirror has received the sign-in. Close this page and go back to the terminal: it says whether it worked."

    /// The target of a GET request; nil for anything else, total on any bytes.
    static func target(of bytes: [UInt8]) -> String? {
        let line = bytes.prefix { $0 != 13 && $0 != 10 }
        guard line.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else { return nil }
        let words = String(decoding: line, as: UTF8.self).split(
            separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, words[0] == "GET", words[1].hasPrefix("/"), words[2].hasPrefix("HTTP/1.")
        else {
            return nil
        }
        return String(words[1])
    }

    /// A plain page; nothing of the request is repeated in it.
    static func answer(_ status: Int, _ text: String) -> String {
        let reason = [200: "OK", 400: "Bad Request", 404: "Not Found"][status] ?? "OK"
        let page =
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>shopmirror</title><p>\(text)</p></html>\n"
        return "HTTP/1.1 \(status) \(reason)\r\nContent-Type: text/html; charset=utf-8\r\n"
            + "Content-Length: \(page.utf8.count)\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n"
            + "Connection: close\r\n\r\n\(page)"
    }
}
