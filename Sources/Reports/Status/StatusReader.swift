package import Sync

/// Works out the status from config, mirror, vault and stored reports; all of them are only read.
package struct StatusReader {
    private let config: Config
    private let now: Timestamp
    private let reports: [StoredReport]

    /// - Parameters:
    ///   - config: The config.
    ///   - reports: Stored reports, oldest first; the newest forty are enough.
    ///   - now: The moment to judge at.
    package init(config: Config, reports: [StoredReport], now: Timestamp) {
        self.config = config
        self.reports = reports.filter(\.isReal)
        self.now = now
    }

    /// The whole status.
    ///
    /// - Parameter ids: Only these connections; all when empty.
    /// - Returns: Always something; what could not be read is among its problems.
    package func status(of ids: [String] = []) -> MirrorStatus {
        var status = MirrorStatus(now: now, mirrorPath: config.storage.mirror)
        status.lastRun = reports.last
        status.mirrorBytes = ReadOnlyAccess.size(of: config.storage.mirror)
        status.logBytes = ReadOnlyAccess.size(of: config.storage.mirror + "-wal")
        var mirror = MirrorView()
        var tokens: [String: TokenExpiry]?
        let connections = config.connections.filter { ids.isEmpty || ids.contains($0.id) }
        do throws(Problem) {
            mirror = try MirrorView(config.storage.mirror, of: connections, now: now)
        } catch {
            status.problems.append(error)
        }
        do throws(Problem) {
            tokens = try TokenExpiry.all(inVault: config.storage.vault)
        } catch {
            status.problems.append(error)
        }
        status.lastSuccessAt = mirror.lastSuccess
        status.connections = connections.map { connection($0, mirror, tokens?[$0.id]) }
        return status
    }

    private func connection(
        _ connection: Connection, _ mirror: MirrorView, _ token: TokenExpiry?
    ) -> ConnectionStatus {
        var status = ConnectionStatus(id: connection.id, platform: connection.platform.id)
        let past = reports.filter { ($0.connection(connection.id)?.status ?? "skipped") != "skipped" }
        let last = past.last?.connection(connection.id)
        status.account = mirror.accounts[connection.id] ?? last?.account
        status.spacing = Spacing(starts: past.filter { $0.mode != "backfill" }.map(\.startedAt))
        status.accessExpiresAt = token?.accessExpiresAt ?? last?.accessExpiresAt
        status.refreshExpiresAt = token?.refreshExpiresAt ?? last?.refreshExpiresAt
        status.errors = last?.problems ?? []
        status.warnings = past.last?.warnings.filter { $0.connection == connection.id } ?? []
        status.resources = connection.resources.filter(\.isSelected).map { plan in
            resource(plan, connection, last, status.spacing, mirror)
        }
        let present = status.resources.filter { !$0.isAbsent }
        let successes = present.compactMap(\.lastSuccessAt)
        status.lastSuccessAt = successes.count == present.count ? successes.min() : nil
        status.state = state(connection, status, last, past.last, token)
        status.nextStep = nextStep(status, connection)
        return status
    }

    private func resource(
        _ plan: ResourcePlan, _ connection: Connection, _ last: StoredConnection?, _ spacing: Spacing?,
        _ mirror: MirrorView
    ) -> ResourceStatus {
        let name = plan.resource.name
        let table = MirrorSchema.view(of: plan.resource, on: connection.platform)
        var status = ResourceStatus(name: name, table: table)
        let state = mirror.states[connection.id]?[name]
        status.lastSuccessAt = state?.lastSuccessAt
        status.cursor = state?.cursor
        status.limit = plan.freshWithinSeconds ?? connection.run.freshWithinSeconds ?? spacing?.limit
        status.rows = mirror.rows[table]?[connection.id] ?? MirrorReader.Rows()
        status.isAbsent =
            last?.status == "succeeded" && last?.resources.first { $0.name == name }?.status == "skipped"
        status.freshness = Freshness(lastSuccess: status.lastSuccessAt, limit: status.limit, now: now)
        return status
    }

    private func state(
        _ connection: Connection, _ status: ConnectionStatus, _ last: StoredConnection?, _ run: StoredReport?,
        _ token: TokenExpiry?
    ) -> ConnectionStatus.State {
        guard connection.isEnabled else { return .disabled }
        if needsAuthorization(connection, last, run, token) { return .needsAuthorization }
        let verdicts = Set(status.resources.filter { !$0.isAbsent }.map(\.freshness))
        if last?.status == "failed" || last?.status == "partial" { return .failing }
        if verdicts.contains(.late) { return .late }
        if verdicts.contains(.never) { return last?.status == "interrupted" ? .failing : .never }
        return .fine
    }

    /// The vault knows best; the last run's word counts until newer tokens came.
    private func needsAuthorization(
        _ connection: Connection, _ last: StoredConnection?, _ run: StoredReport?, _ token: TokenExpiry?
    ) -> Bool {
        if token?.refused != nil { return true }
        if last?.status == "needs_authorization" {
            guard let obtained = token?.obtainedAt, let finished = run?.finishedAt else { return true }
            return obtained <= finished
        }
        let signsInAlone =
            !connection.seeds.isEmpty || connection.platform.dialect.canSignInAlone(connection)
        guard let token else { return last == nil && !signsInAlone }
        guard let end = token.refreshExpiresAt, connection.settings["password"] == nil else { return false }
        return end <= now
    }

    private func nextStep(_ status: ConnectionStatus, _ connection: Connection) -> String? {
        let fromRun = status.errors.compactMap(\.nextStep).first
        switch status.state {
        case .fine, .disabled: return nil
        case .needsAuthorization: return StatusWording.authorize(connection)
        case .failing: return fromRun ?? StatusWording.runAgain
        case .late: return fromRun ?? StatusWording.late(status)
        case .never: return fromRun ?? StatusWording.runAgain
        }
    }
}

/// What was taken from the mirror at once.
struct MirrorView {
    var states: [String: [String: MirrorReader.State]] = [:]
    var accounts: [String: AccountIdentity] = [:]
    var lastSuccess: Timestamp?
    /// By table and connection.
    var rows: [String: [String: MirrorReader.Rows]] = [:]

    init() {}

    init(_ path: String, of connections: [Connection], now: Timestamp) throws(Problem) {
        guard let reader = try MirrorReader(path: path) else { return }
        defer { reader.close() }
        states = try reader.states()
        accounts = try reader.accounts()
        lastSuccess = try? reader.lastSuccess()
        for connection in connections {
            for plan in connection.resources {
                let table = MirrorSchema.view(of: plan.resource, on: connection.platform)
                guard rows[table] == nil else { continue }
                rows[table] = try reader.rows(in: table, changedSince: now.adding(seconds: -86_400))
            }
        }
    }
}

/// The sentences of the status.
enum StatusWording {
    static let runAgain = "Run: shopmirror sync"

    static func authorize(_ connection: Connection) -> String { "Run: \(connection.authorizeCommand)" }

    static func late(_ status: ConnectionStatus) -> String {
        "Look whether the job still runs (crontab, timer), then run: shopmirror sync --connection \(status.id)"
    }
}
