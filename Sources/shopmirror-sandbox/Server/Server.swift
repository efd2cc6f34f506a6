import Glibc

/// The event loop: one thread, `poll`, requests of one connection answered in their order.
final class Server {
    private let sandbox: Sandbox
    private let listener: Int32
    let port: Int
    private let watchesInput: Bool
    private var clients: [Int32: Client] = [:]
    private var timers = TimerQueue()

    init(sandbox: Sandbox, port: Int, watchesInput: Bool) throws(ServerError) {
        self.sandbox = sandbox
        self.watchesInput = watchesInput
        let kind = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
        let descriptor = socket(AF_INET, Int32(kind), 0)
        guard descriptor >= 0 else { throw .socket(call: "socket", code: errno) }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, 4)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(clamping: port).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
        }
        guard bound == 0 else { throw .socket(call: "bind", code: errno) }
        guard listen(descriptor, 1024) == 0 else { throw .socket(call: "listen", code: errno) }
        let named = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
        }
        guard named == 0 else { throw .socket(call: "getsockname", code: errno) }
        listener = descriptor
        self.port = Int(UInt16(bigEndian: address.sin_port))
    }

    /// Serves until standard input closes (when that is watched) or a signal ends the process.
    func run() {
        var polled: [pollfd] = []
        while true {
            polled.removeAll(keepingCapacity: true)
            polled.append(pollfd(fd: listener, events: Int16(POLLIN), revents: 0))
            polled.append(pollfd(fd: watchesInput ? STDIN_FILENO : -1, events: Int16(POLLIN), revents: 0))
            for client in clients.values {
                polled.append(pollfd(fd: client.descriptor, events: events(of: client), revents: 0))
            }
            let count = poll(&polled, nfds_t(polled.count), timers.wait(now: Self.monotonic()))
            if count > 0 {
                if polled[0].revents != 0 { accept() }
                if polled[1].revents != 0, inputHasEnded() { return }
                for entry in polled.dropFirst(2) where entry.revents != 0 {
                    if let client = clients[entry.fd] { serve(client, entry.revents) }
                }
            }
            for client in timers.due(now: Self.monotonic()) where client.phase != .closed {
                wake(client)
            }
        }
    }

    static func monotonic() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }

    private static let peerClosed: Int16 = 0x2000  // POLLRDHUP

    private func events(of client: Client) -> Int16 {
        switch client.phase {
        case .reading: Int16(POLLIN)
        case .writing: client.drip == nil ? Int16(POLLOUT) : Self.peerClosed
        case .waiting, .stalled, .closed: Self.peerClosed
        }
    }

    private func inputHasEnded() -> Bool {
        var byte: UInt8 = 0
        return read(STDIN_FILENO, &byte, 1) <= 0
    }

    private func accept() {
        while true {
            let descriptor = Glibc.accept(listener, nil, nil)
            guard descriptor >= 0 else { return }
            _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            var yes: Int32 = 1
            setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, 4)
            var room: Int32 = 2_097_152
            setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &room, 4)
            clients[descriptor] = Client(descriptor: descriptor)
        }
    }

    private func serve(_ client: Client, _ revents: Int16) {
        let failed = revents & Int16(POLLERR | POLLHUP | POLLNVAL) != 0
        switch client.phase {
        case .reading:
            guard client.receive() else { return drop(client) }
            advance(client)
        case .writing where client.drip == nil:
            guard !failed else { return drop(client) }
            if send(client) { advance(client) }
        default:
            if failed || revents & Self.peerClosed != 0 { drop(client) }
        }
    }

    private func wake(_ client: Client) {
        if client.phase == .waiting, let response = client.pending {
            client.pending = nil
            start(response, on: client)
            advance(client)
        } else if client.phase == .writing, send(client) {
            advance(client)
        }
    }

    /// Answers what has been read, one request after the other.
    private func advance(_ client: Client) {
        while client.phase == .reading {
            switch client.reader.next() {
            case .incomplete:
                if client.reader.expectsContinue {
                    client.reader.expectsContinue = false
                    client.enqueue([Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)])
                    guard send(client, isInterim: true) else { return }
                    continue
                }
                return
            case .refused(let response):
                client.keepsAlive = false
                start(response, on: client)
            case .request(let request, let keepsAlive):
                client.keepsAlive = keepsAlive
                let response = sandbox.answer(request)
                let hold = response.holdMilliseconds + sandbox.latency(of: request)
                guard hold <= 0 else {
                    client.pending = response
                    client.phase = .waiting
                    timers.add(client, due: Self.monotonic() &+ UInt64(hold) &* 1_000_000)
                    return
                }
                start(response, on: client)
            }
        }
    }

    private func start(_ response: Response, on client: Client) {
        client.drip = nil
        switch response.delivery {
        case .closed: return drop(client)
        case .reset: return drop(client, resetting: true)
        case .stalled:
            client.phase = .stalled
            return
        case .dripping(let bytes, let milliseconds): client.drip = (bytes, milliseconds)
        case .whole, .truncated: break
        }
        let head = response.head(date: sandbox.clock.httpDate, keepsAlive: client.keepsAlive)
        var body = response.parts
        if response.delivery == .truncated {
            client.keepsAlive = false
            let half = Array(body.joined().prefix(response.length / 2))
            body = [half]
        }
        // A small body travels in the packet of its head.
        if response.length < 8192, client.drip == nil {
            client.enqueue([head + body.joined()])
        } else {
            client.enqueue([head] + body)
        }
        _ = send(client)
    }

    /// Sends; the answer says whether the client may be read from again.
    private func send(_ client: Client, isInterim: Bool = false) -> Bool {
        switch client.flush() {
        case .finished:
            guard client.keepsAlive || isInterim else {
                drop(client)
                return false
            }
            client.phase = .reading
            return true
        case .blocked: return false
        case .failed:
            drop(client)
            return false
        case .dripped:
            let pause = UInt64(max(0, client.drip?.milliseconds ?? 0)) &* 1_000_000
            timers.add(client, due: Self.monotonic() &+ pause)
            return false
        }
    }

    private func drop(_ client: Client, resetting: Bool = false) {
        clients[client.descriptor] = nil
        client.close(resetting: resetting)
    }
}
