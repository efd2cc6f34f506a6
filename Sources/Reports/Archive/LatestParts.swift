import Sync

/// Every connection's part of the newest run that it took part in.
///
/// A run of one connection alone says nothing about the others: what they last did still counts.
struct LatestParts {
    struct Part {
        var run: StoredReport
        var connection: StoredConnection
    }

    /// In the order of the newest run, then whatever only older runs had.
    let parts: [Part]
    private let own: StoredReport?

    /// - Parameters:
    ///   - runs: Oldest first.
    ///   - known: Connections that are still in the config; nil for all.
    init(_ runs: [StoredReport], known: Set<String>?) {
        var seen: Set<String> = []
        var found: [Part] = []
        for run in runs.reversed() {
            for connection in run.connections where connection.status != "skipped" {
                guard known?.contains(connection.id) ?? true, seen.insert(connection.id).inserted else {
                    continue
                }
                found.append(Part(run: run, connection: connection))
            }
        }
        parts = found
        own = runs.last
    }

    /// The newest run's own error, then every connection's.
    var errors: [StoredIssue] {
        var all = [own?.problem].compactMap { $0 }
        for found in parts.flatMap(\.connection.problems) where !all.contains(found) { all.append(found) }
        return all
    }

    var warnings: [StoredIssue] {
        let general = own?.warnings.filter { $0.connection == nil } ?? []
        return general
            + parts.flatMap { part in part.run.warnings.filter { $0.connection == part.connection.id } }
    }

    func part(of connection: String) -> Part? { parts.first { $0.connection.id == connection } }
}
