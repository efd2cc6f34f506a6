package import Sync

/// How the mirror stands now: what `status` prints, and what page and metrics say beside the runs.
package struct MirrorStatus: Sendable {
    package var now: Timestamp
    package var mirrorPath: String
    /// nil before the first run.
    package var mirrorBytes: Int?
    package var logBytes: Int?
    package var lastRun: StoredReport?
    /// When the newest wholly successful run ended.
    package var lastSuccessAt: Timestamp?
    package var connections: [ConnectionStatus] = []
    /// What could not be read.
    package var problems: [Problem] = []

    package var exitCode: ExitCode {
        let states = connections.map(\.state)
        if !problems.isEmpty { return .storage }
        if states.contains(.needsAuthorization) { return .authorizationNeeded }
        return states.contains(where: \.isBad) ? .failed : .success
    }
}

/// How one connection stands.
package struct ConnectionStatus: Sendable {
    package enum State: String, Sendable {
        case fine, late, failing, never, disabled
        case needsAuthorization = "needs_authorization"

        package var isBad: Bool { self != .fine && self != .disabled }
    }

    package var id: String
    package var platform: String
    package var account: AccountIdentity?
    package var state = State.fine
    /// When all of its tables were last up to date.
    package var lastSuccessAt: Timestamp?
    package var spacing: Spacing?
    package var accessExpiresAt: Timestamp?
    package var refreshExpiresAt: Timestamp?
    package var errors: [StoredIssue] = []
    package var warnings: [StoredIssue] = []
    /// What a person does next; nil when nothing has to be done.
    package var nextStep: String?
    package var resources: [ResourceStatus] = []

    package init(id: String, platform: String) {
        self.id = id
        self.platform = platform
    }

    /// The moment from which a person is needed: the end of what keeps the tokens alive.
    package var tokenEndsAt: Timestamp? { refreshExpiresAt ?? accessExpiresAt }
}

/// How one table of a connection stands.
package struct ResourceStatus: Sendable {
    package var name: String
    package var table: String
    package var freshness = Freshness.never
    /// The account has no such thing; there is nothing to be fresh.
    package var isAbsent = false
    package var lastSuccessAt: Timestamp?
    package var cursor: Timestamp?
    /// Seconds; nil when nothing is known about it.
    package var limit: Int64?
    package var rows = MirrorReader.Rows()

    package init(name: String, table: String) {
        self.name = name
        self.table = table
    }
}
