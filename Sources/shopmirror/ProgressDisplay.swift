import Sync

/// The live lines on a terminal: one per connection, redrawn in place.
struct ProgressDisplay: Sendable {
    private let progress: Progress
    private let clock: Clock

    /// - Returns: nil where nothing is to be drawn.
    init?(_ progress: Progress, mode: String, clock: Clock) {
        guard mode == "always" || (mode == "auto" && Console.stderrIsTerminal) else { return nil }
        self.progress = progress
        self.clock = clock
    }

    /// Draws until it is cancelled, then removes its lines.
    func run() async {
        var drawn = 0
        while !Task.isCancelled {
            let lines = progress.snapshot.filter { !$0.connection.isEmpty && !$0.isFinished }.prefix(20)
            draw(lines.map(text), over: drawn)
            drawn = lines.count
            try? await Task.sleep(nanoseconds: 100_000_000)
        }
        draw([], over: drawn)
    }

    private func draw(_ lines: [String], over drawn: Int) {
        var text = drawn > 0 ? "\u{1B}[\(drawn)A" : ""
        for line in lines { text += "\r\(line)\u{1B}[K\n" }
        for _ in lines.count..<max(lines.count, drawn) { text += "\r\u{1B}[K\n" }
        if drawn > lines.count { text += "\u{1B}[\(drawn - lines.count)A" }
        if !text.isEmpty { Console.error(text) }
    }

    private func text(_ line: Progress.Line) -> String {
        let seconds = max(0.001, clock.monotonic() - line.startedAt)
        let rate = Int(Double(line.records) / seconds)
        var parts = [
            line.connection, line.resource, "page \(line.page)", "\(line.records) rows", "\(rate)/s",
            "\(Int(seconds)) s",
        ]
        if line.retries > 0 { parts.append("\(line.retries) retries") }
        if !line.waiting.isEmpty { parts.append(line.waiting) }
        return TerminalText.fitted(parts.joined(separator: "  "), columns: Console.columns - 1)
    }
}
