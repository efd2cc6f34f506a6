import Sync

/// The one sentence about everything, for page and status.
package struct Verdict: Sendable {
    package enum Tone: String, Sendable {
        case good, warn, bad, none

        var mark: String {
            switch self {
            case .good: "✓"
            case .warn: "!"
            case .bad: "✕"
            case .none: "–"
            }
        }
    }

    package var tone: Tone
    package var headline: String
    package var detail: String

    /// - Parameters:
    ///   - run: The latest run that did its work for good.
    ///   - warnings: How many stand now; nil counts the run's.
    ///   - status: How the mirror stands now; nil where it is not known.
    package init(latest run: StoredReport?, warnings: Int? = nil, status: MirrorStatus?) {
        guard let run else {
            tone = .none
            headline = "No run yet"
            detail =
                "There is no stored report. After the first “shopmirror sync” this page says how it went."
            return
        }
        detail = Self.detail(run)
        let unauthorized = Self.unauthorized(run, status)
        let late = status?.connections.filter { $0.state == .late || $0.state == .never }.count ?? 0
        let ofRun = run.connections.filter { $0.status != "succeeded" && $0.status != "skipped" }.count
        let failing = status?.connections.filter { $0.state == .failing }.count ?? ofRun
        let warned = warnings ?? run.warnings.count
        if unauthorized > 0 {
            tone = .bad
            headline =
                "\(Shown.count(unauthorized, "connection needs", "connections need")) to be authorized again"
        } else if run.status == "interrupted" {
            tone = .warn
            headline = "The last run was interrupted"
        } else if run.status == "failed" {
            tone = .bad
            headline = "The last run failed"
        } else if failing > 0 || run.status != "succeeded" {
            tone = .bad
            let all = max(status?.connections.count ?? run.connections.count, 1)
            headline =
                "\(max(failing, 1)) of \(Shown.count(all, "connection", "connections")) did not come through"
        } else if late > 0 {
            tone = .bad
            headline = "\(Shown.count(late, "connection is", "connections are")) late"
        } else if warned > 0 {
            tone = .warn
            headline = "Up to date, with \(Shown.count(warned, "warning", "warnings"))"
        } else {
            tone = .good
            headline = "Everything is up to date"
        }
    }

    /// Connections that a person has to sign in to: as the vault says now, else as the run said.
    private static func unauthorized(_ run: StoredReport, _ status: MirrorStatus?) -> Int {
        let now = status?.connections.map { ($0.id, $0.state == .needsAuthorization) } ?? []
        let known = Dictionary(now) { first, _ in first }
        let fromRun = run.connections.filter { known[$0.id] ?? ($0.status == "needs_authorization") }.count
        let others = known.filter { id, isNeeded in isNeeded && run.connection(id) == nil }.count
        return fromRun + others
    }

    private static func detail(_ run: StoredReport) -> String {
        let counts = run.counts
        let changed = counts.inserted + counts.updated + counts.restored + counts.deleted
        let what = changed == 0 ? "nothing changed" : "\(Shown.count(changed, "record", "records")) changed"
        let problems = run.problems.count
        let wrong = problems == 0 ? "" : ", \(Shown.count(problems, "problem", "problems"))"
        return "The run of \(Shown.time(run.startedAt)) took \(Shown.duration(run.duration)): "
            + "\(Shown.count(run.connections.count, "connection", "connections")), \(what)\(wrong)."
    }
}
