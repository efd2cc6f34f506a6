import Reports
import Sync

/// What a run did, as a table for a terminal.
enum SummaryTable {
    /// One resource of one connection.
    struct Row {
        var connection: String
        var resource: String
        var mode: String
        var status: String
        var counts: RecordCounts
        var seconds: Double

        init(_ connection: String, _ result: ResourceResult) {
            self.connection = connection
            resource = result.name
            mode = result.mode.rawValue
            status = result.status.rawValue
            counts = result.counts
            seconds = result.seconds
        }

        init(_ connection: String, _ stored: StoredResource) {
            self.connection = connection
            resource = stored.name
            mode = stored.mode
            status = stored.status
            counts = stored.counts
            seconds = stored.duration
        }
    }

    static func text(_ report: RunReport, columns: Int?, style: TerminalStyle) -> String {
        let rows = report.connections.flatMap { connection in
            connection.resources.map { Row(connection.id, $0) }
        }
        let table = rows.isEmpty ? "" : text(rows, columns: columns, style: style)
        let calls = Shown.count(report.statistics.requests, "request", "requests")
        return table
            + "\(painted(report.status, style)): run \(report.runID), \(calls), \(Shown.duration(report.duration))\n"
    }

    static func text(_ rows: [Row], columns: Int?, style: TerminalStyle) -> String {
        var table = TextTable(columns: [
            .init(title: "connection", least: 10), .init(title: "resource", least: 10),
            .init(title: "mode", dispensable: 2), .init(title: "status"),
            .init(title: "fetched", isNumber: true, dispensable: 3), .init(title: "new", isNumber: true),
            .init(title: "changed", isNumber: true), .init(title: "same", isNumber: true, dispensable: 1),
            .init(title: "deleted", isNumber: true), .init(title: "time", isNumber: true),
        ])
        for row in rows {
            let counts = row.counts
            table.rows.append(
                [row.connection, row.resource, row.mode, row.status].map(TerminalText.safe) + [
                    Shown.count(counts.fetched), Shown.count(counts.inserted),
                    Shown.count(counts.updated + counts.restored), Shown.count(counts.unchanged),
                    Shown.count(counts.deleted), Shown.duration(row.seconds),
                ])
        }
        return table.text(columns: columns, style: style)
    }

    static func painted(_ status: String, _ style: TerminalStyle) -> String {
        switch status {
        case "succeeded": style.good(status)
        case "partial", "interrupted", "skipped": style.warn(status)
        default: style.bad(TerminalText.safe(status))
        }
    }
}
