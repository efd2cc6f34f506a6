/// What became of a resource in this run.
package struct ResourceResult: Sendable {
    package enum Status: String, Sendable { case succeeded, failed, interrupted, skipped }

    package var name: String
    package var table: String
    package var status = Status.skipped
    package var mode = Pull.Kind.incremental
    package var pages = 0
    package var counts = RecordCounts()
    package var cursorFrom: String?
    package var cursorTo: String?
    package var isResumed = false
    package var seconds = 0.0
    package var problem: Problem?
    /// Of a full pull: whether it was proven complete.
    package var isComplete: Bool?
    /// The platform's own count.
    package var listed: Int?
    package var warnings: [Problem] = []
    var unreadableTimes = 0
    var repairedTexts = 0

    package init(name: String, table: String) {
        self.name = name
        self.table = table
    }
}

/// What became of a connection in this run.
package struct ConnectionResult: Sendable {
    package enum Status: String, Sendable {
        case succeeded, partial, failed, interrupted, skipped
        case needsAuthorization = "needs_authorization"
    }

    package var id: String
    package var platform: String
    package var account: AccountIdentity?
    package var startedAt: Timestamp?
    package var finishedAt: Timestamp?
    package var seconds = 0.0
    package var refreshes = 0
    package var accessExpiresAt: Timestamp?
    package var refreshExpiresAt: Timestamp?
    package var statistics = HTTPStatistics()
    package var resources: [ResourceResult] = []
    package var problem: Problem?
    package var warnings: [Problem] = []

    package init(id: String, platform: String) {
        self.id = id
        self.platform = platform
    }

    package var status: Status {
        let all = ([problem] + resources.map(\.problem)).compactMap { $0 }
        if all.contains(where: { $0.code == .needsAuthorization || $0.code == .identityMismatch }) {
            return .needsAuthorization
        }
        if all.contains(where: \.isStop) { return .interrupted }
        if startedAt == nil, problem == nil { return .skipped }
        let failed = resources.filter { $0.status == .failed }.count
        let succeeded = resources.filter { $0.status == .succeeded }.count
        if problem != nil { return succeeded > 0 ? .partial : .failed }
        if failed == 0 { return .succeeded }
        return succeeded > 0 ? .partial : .failed
    }

    /// Every error, the connection's own and its resources'.
    package var problems: [Problem] {
        var all = [problem].compactMap { $0 }
        for found in resources.compactMap(\.problem) where !all.contains(found) { all.append(found) }
        return all
    }

    package var counts: RecordCounts {
        resources.reduce(into: RecordCounts()) { $0 += $1.counts }
    }
}
