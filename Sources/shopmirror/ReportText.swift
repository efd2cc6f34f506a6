import Reports
import Sync

/// One stored run for people.
struct ReportText {
    private let report: StoredReport
    private let style: TerminalStyle
    private let columns: Int?

    /// - Parameters:
    ///   - report: The run.
    ///   - style: Colours.
    ///   - columns: Of the terminal; nil where there is none.
    init(_ report: StoredReport, style: TerminalStyle, columns: Int?) {
        self.report = report
        self.style = style
        self.columns = columns
    }

    var text: String {
        let dry = report.isDryRun ? ", dry run" : ""
        var text =
            "\(style.bold("run \(report.runID)"))  \(SummaryTable.painted(report.status, style))\(dry)\n"
        let calls = report.traffic
        text += "\(Shown.time(report.startedAt)), \(Shown.duration(report.duration)), \(report.mode), "
        text +=
            "\(Shown.count(calls.requests, "request", "requests")), \(Shown.count(calls.retries, "retry", "retries")), "
        text += "exit code \(report.exitCode)\n"
        if let p50 = calls.p50, let p95 = calls.p95 {
            text += "latency p50 \(Shown.duration(p50 / 1000)), p95 \(Shown.duration(p95 / 1000)); "
            text += "\(Shown.bytes(calls.bytesReceived)) received\n"
        }
        let rows = report.connections.flatMap { connection in
            connection.resources.map { SummaryTable.Row(connection.id, $0) }
        }
        if !rows.isEmpty { text += "\n" + SummaryTable.text(rows, columns: columns, style: style) }
        let ends = report.connections.compactMap { connection in
            (connection.refreshExpiresAt ?? connection.accessExpiresAt).map {
                "\(connection.id) until \(Shown.time($0))"
            }
        }
        if !ends.isEmpty { text += "\ntokens: \(ends.joined(separator: ", "))\n" }
        for problem in report.problems { text += "\n" + block(problem, "error") }
        for warning in report.warnings { text += "\n" + block(warning, "warning") }
        return text
    }

    private func block(_ issue: StoredIssue, _ level: String) -> String {
        Output.block(
            level: level, place: issue.place.replacing(" / ", with: "/"), code: issue.code,
            message: issue.message,
            next: issue.nextStep, style: style, columns: columns)
    }
}
