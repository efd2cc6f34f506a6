import Sync

/// What a run did, as a table for a terminal.
enum SummaryTable {
    static func text(_ report: RunReport) -> String {
        var rows = [
            [
                "connection", "resource", "mode", "status", "fetched", "new", "changed", "same", "deleted",
                "time",
            ]
        ]
        for connection in report.connections {
            for resource in connection.resources { rows.append(row(connection, resource)) }
        }
        let widths = rows[0].indices.map { column in rows.map { TerminalText.width($0[column]) }.max() ?? 0 }
        let lines = rows.map { row in
            row.indices.map { column in
                column >= 4
                    ? TerminalText.leftPadded(row[column], columns: widths[column])
                    : TerminalText.padded(row[column], columns: widths[column])
            }.joined(separator: "  ")
        }
        let verdict =
            "\(report.status): run \(report.runID), \(report.statistics.requests) requests, \(seconds(report.duration))"
        return (lines + [verdict]).joined(separator: "\n") + "\n"
    }

    private static func row(_ connection: ConnectionResult, _ resource: ResourceResult) -> [String] {
        let counts = resource.counts
        return [
            connection.id, resource.name, resource.mode.rawValue, resource.status.rawValue,
            String(counts.fetched),
            String(counts.inserted), String(counts.updated + counts.restored), String(counts.unchanged),
            String(counts.deleted), seconds(resource.seconds),
        ]
    }

    private static func seconds(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) s"
    }
}
