import Synchronization

/// The lower end of the terminal on stderr: live lines that are redrawn in place, and messages that scroll away
/// above them.
///
/// One write a frame, nothing is cleared before it is drawn over, and an unchanged frame is not drawn
/// again: so nothing flickers.
final class ProgressScreen: Sendable {
    private struct Frame {
        var lines: [String] = []
        /// Terminal rows they take.
        var rows = 0
    }

    private let frame = Mutex(Frame())
    private let write: @Sendable (String) -> Void
    private let columns: @Sendable () -> Int

    init(
        columns: @escaping @Sendable () -> Int = { Console.columns },
        write: @escaping @Sendable (String) -> Void = { Console.error($0) }
    ) {
        self.columns = columns
        self.write = write
    }

    /// Draws over the lines of the last frame.
    func draw(_ lines: [String]) {
        frame.withLock { frame in
            guard lines != frame.lines else { return }
            let text = home(frame) + body(lines) + "\u{1B}[J"
            frame = Frame(lines: lines, rows: lines.count)
            write(text)
        }
    }

    /// Prints a message above the live lines.
    func print(_ message: String) {
        frame.withLock { frame in
            guard !frame.lines.isEmpty else { return write(message) }
            let above = message.split(separator: "\n", omittingEmptySubsequences: false).joined(
                separator: "\u{1B}[K\n")
            write(home(frame) + above + body(frame.lines) + "\u{1B}[J")
        }
    }

    /// Up to the first live line.
    ///
    /// In a terminal that became narrower, long lines have wrapped.
    private func home(_ frame: Frame) -> String {
        let columns = max(1, columns())
        let rows = frame.lines.reduce(0) {
            $0 + max(1, (TerminalText.widthOnScreen($1) + columns - 1) / columns)
        }
        return rows > 0 ? "\r\u{1B}[\(rows)A" : ""
    }

    private func body(_ lines: [String]) -> String {
        lines.map { "\r\($0)\u{1B}[K\n" }.joined()
    }
}
