import Glibc
import Sync

/// Reads what a person or a program hands over, until a signal says stop.
enum TerminalInput {
    /// Most bytes that are taken.
    private static let limit = 65_536

    /// A line typed or pasted at the terminal.
    ///
    /// - Parameters:
    ///   - question: Shown before it.
    ///   - control: Ends the waiting.
    /// - Returns: The line; nil where there is no terminal.
    /// - Throws: `Problem` with `interrupted`.
    static func line(_ question: String, control: RunControl) throws(Problem) -> String? {
        let terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
        let descriptor = terminal >= 0 ? terminal : STDIN_FILENO
        defer { if terminal >= 0 { close(terminal) } }
        guard isatty(descriptor) == 1 else { return nil }
        Console.error(question)
        return try read(descriptor, isLine: true, control: control)
    }

    /// Everything on standard input, or its first line.
    ///
    /// - Parameters:
    ///   - isLine: Whether the first line is enough.
    ///   - control: Ends the waiting.
    /// - Returns: The text.
    /// - Throws: `Problem` with `interrupted`, or `usage` for too much of it.
    static func standard(isLine: Bool, control: RunControl) throws(Problem) -> String {
        try read(STDIN_FILENO, isLine: isLine, control: control)
    }

    private static func read(_ descriptor: Int32, isLine: Bool, control: RunControl) throws(Problem) -> String
    {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            try control.check()
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, 200) > 0 else { continue }
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else { break }
            bytes += buffer[..<count]
            if isLine, let end = bytes.firstIndex(of: 0x0A) {
                bytes.removeSubrange(end...)
                break
            }
            guard bytes.count <= limit else {
                throw Problem(.usage, "There is more on standard input than can be meant (over 64 KiB).")
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
