import Glibc
import Sync
import Synchronization

/// The three standard streams.
enum Console {
    /// What was asked for.
    static func out(_ text: String) { out(Array(text.utf8)) }

    /// - Parameter bytes: What was asked for, or the next piece of it.
    /// - Returns: Whether more of it can be written.
    @discardableResult
    static func out(_ bytes: [UInt8]) -> Bool {
        let failed = AtomicFile.writeAll(bytes, STDOUT_FILENO)
        // A reader that has seen enough, such as `head`, is no failure.
        if failed != 0, failed != EPIPE { failure.store(failed, ordering: .relaxed) }
        return failed == 0
    }

    private static let failure = Atomic<Int32>(0)

    /// errno of what was asked for and could not be written, 0 when all was.
    static var outFailure: Int32 { failure.load(ordering: .relaxed) }

    /// Everything else.
    static func error(_ text: String) { _ = AtomicFile.writeAll(Array(text.utf8), STDERR_FILENO) }

    static var stderrIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }
    static var stdinIsTerminal: Bool { isatty(STDIN_FILENO) == 1 }

    /// Columns of the terminal on stderr, 80 where it does not say.
    static var columns: Int { size(STDERR_FILENO).columns }

    /// Lines of the terminal on stderr, 24 where it does not say.
    static var lines: Int { size(STDERR_FILENO).lines }

    static var stdoutIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
    static var stdoutColumns: Int { size(STDOUT_FILENO).columns }

    private static func size(_ descriptor: Int32) -> (columns: Int, lines: Int) {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 else { return (80, 24) }
        return (size.ws_col > 0 ? Int(size.ws_col) : 80, size.ws_row > 0 ? Int(size.ws_row) : 24)
    }

    /// Everything on stdin, at most `limit` bytes.
    static func readAll(limit: Int) -> [UInt8]? {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(STDIN_FILENO, &buffer, buffer.count)
            if count == 0 { return all }
            if count < 0 {
                if errno == EINTR { continue }
                return nil
            }
            all += buffer[..<count]
            guard all.count <= limit else { return nil }
        }
    }
}
