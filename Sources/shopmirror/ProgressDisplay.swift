import Reports
import Sync

/// The live lines on a terminal: one per connection at work, and one for the whole run.
struct ProgressDisplay: Sendable {
    private let progress: Progress
    private let clock: Clock
    private let screen: ProgressScreen
    private let style: TerminalStyle
    /// Connections of the run.
    private let total: Int

    /// Fails where nothing is to be drawn.
    ///
    /// - Parameters:
    ///   - progress: Where every connection is.
    ///   - total: Connections of the run.
    ///   - context: Terminal, clock and the option `--progress`.
    init?(_ progress: Progress, total: Int, context: CommandContext) {
        let mode = context.arguments.value("progress") ?? "auto"
        let isFit = Console.stderrIsTerminal && context.environment["TERM"] != "dumb"
        let isWanted = mode == "always" || (mode == "auto" && isFit && !context.arguments.isOn("quiet"))
        guard isWanted, !context.isLoggingJSON else { return nil }
        self.init(progress, total: total, clock: context.clock, screen: context.screen, style: context.style)
    }

    init(_ progress: Progress, total: Int, clock: Clock, screen: ProgressScreen, style: TerminalStyle) {
        self.progress = progress
        self.total = total
        self.clock = clock
        self.screen = screen
        self.style = style
    }

    /// Draws until it is cancelled, then removes its lines.
    func run() async {
        let startedAt = clock.monotonic()
        var rates: [String: ProgressRate] = [:]
        while !Task.isCancelled {
            screen.draw(
                lines(&rates, startedAt: startedAt, columns: Console.columns - 1, rows: Console.lines - 1))
            try? await Task.sleep(nanoseconds: 150_000_000)
        }
        screen.draw([])
    }

    /// One frame.
    func lines(
        _ rates: inout [String: ProgressRate], startedAt: Double, columns: Int, rows: Int
    ) -> [String] {
        let now = clock.monotonic()
        let all = progress.snapshot.filter { !$0.connection.isEmpty }
        let working = all.filter { !$0.isFinished }
        let room = max(1, rows - 2)
        let shown = working.prefix(working.count > room ? room - 1 : room)
        var cells: [[String]] = []
        for line in shown {
            var rate = rates[line.connection] ?? ProgressRate()
            rate.note(line, at: now)
            rates[line.connection] = rate
            cells.append(row(line, rate.perSecond, now: now))
        }
        var lines = ProgressLayout.lines(cells, columns: columns)
        if working.count > shown.count { lines.append("and \(working.count - shown.count) more connections") }
        let finished = all.count - working.count
        let seconds = ProgressLayout.clock(now - startedAt)
        lines.append(
            style.dim(
                TerminalText.fitted("\(finished) of \(total) connections done, \(seconds)", columns: columns))
        )
        return lines
    }

    private func row(_ line: Progress.Line, _ rate: Int?, now: Double) -> [String] {
        let retries = line.retries == 0 ? "" : Shown.count(line.retries, "retry", "retries")
        let idle = now - line.changedAt
        var waiting = line.waiting
        if waiting.isEmpty, line.page == 0, !line.resource.isEmpty { waiting = "first page" }
        if line.waiting.isEmpty, idle >= 2 { waiting = "waits for the platform, \(Int(idle)) s" }
        return [
            TerminalText.safe(line.connection), line.resource.isEmpty ? "signing in" : line.resource,
            line.page == 0 ? "" : "page \(Shown.count(line.page))",
            line.page == 0 ? "" : Shown.count(line.records, "record", "records"),
            rate.map { "\(Shown.count($0))/s" } ?? "",
            [retries, waiting].filter { !$0.isEmpty }.joined(separator: ", "),
        ]
    }
}

/// Records per second over the last few seconds.
struct ProgressRate: Sendable {
    private var resource = ""
    private var samples: [(at: Double, records: Int)] = []

    mutating func note(_ line: Progress.Line, at now: Double) {
        if line.resource != resource {
            resource = line.resource
            samples = []
        }
        guard line.page > 0 else { return }
        samples.append((now, line.records))
        samples.removeAll { now - $0.at > 10 }
    }

    /// nil before anything can be said.
    var perSecond: Int? {
        guard let first = samples.first, let last = samples.last, last.at - first.at >= 1 else { return nil }
        return Int(max(0, Double(last.records - first.records) / (last.at - first.at)).rounded())
    }
}

/// Puts the cells of the live lines under each other.
enum ProgressLayout {
    /// - Parameters:
    ///   - rows: Connection, resource, page, records, rate, and what it waits for.
    ///   - columns: The most a line may take.
    /// - Returns: A line per row.
    static func lines(_ rows: [[String]], columns: Int) -> [String] {
        guard let count = rows.first?.count else { return [] }
        let most = [16, 20, 12, 20, 12]
        let widths = (0..<count - 1).map { column in
            min(most[column], rows.map { TerminalText.width($0[column]) }.max() ?? 0)
        }
        return rows.map { row in
            var parts: [String] = []
            for (column, width) in widths.enumerated() where width > 0 {
                let cell = TerminalText.fitted(row[column], columns: width)
                parts.append(
                    column >= 2
                        ? TerminalText.leftPadded(cell, columns: width)
                        : TerminalText.padded(cell, columns: width))
            }
            return TerminalText.fitted((parts + [row[count - 1]]).joined(separator: "  "), columns: columns)
        }
    }

    /// `0:42`, `1:02:03`.
    static func clock(_ seconds: Double) -> String {
        let whole = Int(max(0, min(seconds, 1e9)))
        let minutes = whole / 60 % 60
        let rest = whole % 60
        let tail =
            (minutes < 10 && whole >= 3600 ? "0" : "") + "\(minutes):" + (rest < 10 ? "0" : "") + "\(rest)"
        return whole >= 3600 ? "\(whole / 3600):\(tail)" : tail
    }
}
