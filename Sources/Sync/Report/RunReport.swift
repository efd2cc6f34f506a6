import JSON

/// The run report, version 1: what a dashboard or a person reads afterwards.
package struct RunReport: Sendable {
    package static let schema = "shopmirror.run-report/1"

    package var runID: String
    package var tool: Tool
    package var host: String
    package var options: RunOptions
    package var configPath: String?
    package var configSHA256: String?
    package var startedAt: Timestamp
    package var finishedAt: Timestamp
    package var duration = 0.0
    package var connections: [ConnectionResult] = []
    package var warnings: [Problem] = []
    /// What ended the run as a whole.
    package var problem: Problem?
    package private(set) var status = "failed"
    package private(set) var exitCode = ExitCode.failed

    package init(
        tool: Tool, host: String, options: RunOptions, config: Config?, startedAt: Timestamp, suffix: String
    ) {
        runID = RunID.next(after: nil, now: startedAt, suffix: suffix)
        self.tool = tool
        self.host = host
        self.options = options
        configPath = config?.path
        configSHA256 = config?.sha256
        self.startedAt = startedAt
        finishedAt = startedAt
    }

    /// Every error of the run.
    package var problems: [Problem] {
        [problem].compactMap { $0 } + connections.flatMap(\.problems)
    }

    /// Every warning, the run's own and its connections'.
    package var allWarnings: [Problem] {
        warnings + connections.flatMap { $0.warnings + $0.resources.flatMap(\.warnings) }
    }

    /// Works out status and exit code from what happened.
    package mutating func close(signal: Int32?) {
        exitCode =
            problem?.code == .configInvalid || problem?.code == .usage
            ? .usage
            : ExitCode(
                problems: problems, signal: connections.isEmpty && problem == nil ? nil : effective(signal))
        if problem?.code == .locked {
            status = "skipped"
            exitCode = .locked
            return
        }
        // Only one connection's tokens were in use elsewhere; the run itself was not refused.
        if exitCode == .locked { exitCode = .failed }
        let resources = connections.flatMap(\.resources)
        let succeeded = resources.contains { $0.status == .succeeded }
        if problems.contains(where: { $0.code == .interrupted }) {
            status = "interrupted"
        } else if problems.isEmpty {
            status = "succeeded"
        } else {
            status = succeeded ? "partial" : "failed"
        }
    }

    /// A signal that came when everything was done already changes nothing.
    private func effective(_ signal: Int32?) -> Int32? {
        problems.contains { $0.code == .interrupted } ? signal : nil
    }

    package var totals: RecordCounts { connections.reduce(into: RecordCounts()) { $0 += $1.counts } }

    package var statistics: HTTPStatistics {
        connections.reduce(into: HTTPStatistics()) { $0 += $1.statistics }
    }

    package var text: String { JSONWriter.text(json, .pretty) + "\n" }
}
