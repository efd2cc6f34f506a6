import Glibc

/// One accepted connection: what has been read, what waits to be sent.
final class Client {
    enum Phase {
        case reading
        /// A response is ready and is held back until its time.
        case waiting
        case writing
        /// Held open without an answer until the client leaves.
        case stalled
        case closed
    }

    let descriptor: Int32
    var phase = Phase.reading
    var reader = RequestReader()
    var pending: Response?
    var keepsAlive = true
    private var pieces: [[UInt8]] = []
    private var piece = 0
    private var offset = 0
    /// Bytes per step and milliseconds between steps while dripping.
    var drip: (bytes: Int, milliseconds: Int)?

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    func enqueue(_ parts: [[UInt8]]) {
        pieces = parts
        piece = 0
        offset = 0
        phase = .writing
    }

    /// Reads what is there.
    ///
    /// - Returns: `false` when the client has gone.
    func receive() -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 16) { buffer in
            let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            if count > 0 {
                reader.append(UnsafeRawBufferPointer(rebasing: buffer[0..<count]))
                return true
            }
            return count < 0 && (errno == EAGAIN || errno == EINTR)
        }
    }

    enum Progress {
        case finished
        case blocked
        case failed
        /// One piece of a dripping body went out.
        case dripped
    }

    /// Sends as much as the socket takes.
    func flush() -> Progress {
        while piece < pieces.count {
            let isLast = piece == pieces.count - 1
            var wanted = pieces[piece].count - offset
            if wanted <= 0 {
                piece += 1
                offset = 0
                continue
            }
            if let drip { wanted = min(wanted, max(1, drip.bytes)) }
            let flags = Int32(MSG_NOSIGNAL) | (isLast || drip != nil ? 0 : Int32(MSG_MORE))
            let sent = pieces[piece].withUnsafeBytes { buffer in
                send(descriptor, buffer.baseAddress?.advanced(by: offset), wanted, flags)
            }
            guard sent >= 0 else {
                return errno == EAGAIN || errno == EINTR ? .blocked : .failed
            }
            offset += sent
            if drip != nil { return .dripped }
        }
        pieces = []
        return .finished
    }

    /// Ends the connection, with a reset instead of a regular end when asked.
    func close(resetting: Bool = false) {
        guard phase != .closed else { return }
        phase = .closed
        if resetting {
            var option = linger(l_onoff: 1, l_linger: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        }
        Glibc.close(descriptor)
    }
}
