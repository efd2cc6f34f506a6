import JSON
package import Sync

/// A stored run report as it can be read back.
///
/// The reader takes any bytes: what is missing or of another type has a plain default, what is unknown is left out,
/// and every number is kept in bounds, so that a damaged or hostile file can neither stop a page nor a status.
package struct StoredReport: Sendable {
    package var runID = ""
    package var status = "failed"
    package var mode = ""
    package var exitCode = 1
    package var isDryRun = false
    package var host = ""
    package var toolVersion = ""
    package var startedAt = Timestamp(secondsSinceEpoch: 0)
    package var finishedAt = Timestamp(secondsSinceEpoch: 0)
    package var duration = 0.0
    package var connections: [StoredConnection] = []
    package var warnings: [StoredIssue] = []
    package var problem: StoredIssue?

    /// Every error, the run's own first; one that stands at a connection and its resource counts once.
    package var problems: [StoredIssue] {
        var all = [problem].compactMap { $0 }
        for found in connections.flatMap(\.problems) where !all.contains(found) { all.append(found) }
        return all
    }

    package var counts: RecordCounts {
        connections.flatMap(\.resources).reduce(into: RecordCounts()) { $0 += $1.counts }
    }

    package var traffic: StoredTraffic = StoredTraffic()

    /// A run that did its work for good: neither a dry run nor one that found the lock held.
    package var isReal: Bool { !isDryRun && status != "skipped" }

    package func connection(_ id: String) -> StoredConnection? { connections.first { $0.id == id } }
}

/// A connection's part of a stored report.
package struct StoredConnection: Sendable {
    package var id = ""
    package var platform = ""
    package var status = "failed"
    package var account: AccountIdentity?
    package var finishedAt: Timestamp?
    package var duration = 0.0
    package var accessExpiresAt: Timestamp?
    package var refreshExpiresAt: Timestamp?
    package var traffic = StoredTraffic()
    package var resources: [StoredResource] = []
    package var problem: StoredIssue?

    package var problems: [StoredIssue] { ([problem] + resources.map(\.problem)).compactMap { $0 } }
}

/// A resource's part of a stored report.
package struct StoredResource: Sendable {
    package var name = ""
    package var table = ""
    package var status = "failed"
    package var mode = ""
    package var pages = 0
    package var counts = RecordCounts()
    package var duration = 0.0
    package var problem: StoredIssue?
}

/// What calls cost, and how long they took in milliseconds.
package struct StoredTraffic: Sendable, Equatable {
    package var requests = 0
    package var retries = 0
    package var throttled = 0
    package var errors = 0
    package var bytesReceived = 0
    package var p50: Double?
    package var p95: Double?
    package var slowest: Double?
}

/// An error or warning of a stored report.
package struct StoredIssue: Sendable, Hashable {
    package var code = "internal"
    package var message = ""
    package var nextStep: String?
    package var platformCode: String?
    package var httpStatus: Int?
    package var at: Timestamp?
    package var connection: String?
    package var resource: String?

    /// `tokyo / orders`, or nothing for the run's own.
    package var place: String { [connection, resource].compactMap { $0 }.joined(separator: " / ") }
}
