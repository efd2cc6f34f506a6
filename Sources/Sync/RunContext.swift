package import HTTP

/// Everything a run depends on, handed in from outside.
package struct RunContext: Sendable {
    package var clock: Clock
    package var transport: any HTTPTransport
    package var control: RunControl
    package var pacer: Pacer
    package var redactor: Redactor
    package var log: Log
    package var progress: Progress
    package var environment: [String: String]
    /// A number from 0 to 1, for jitter.
    package var random: @Sendable () -> Double
    /// Where calls are made and their answers read; nil for wherever the caller runs.
    ///
    /// Needed where the pool has a single thread: new tokens would wait there until a page is written, and be lost if the
    /// run is killed meanwhile.
    package var besideWriting: @Sendable () -> (any TaskExecutor)?
    /// Called at named instants; tests end the process there.
    package var instant: @Sendable (Instant) -> Void

    package enum Instant: String, Sendable, CaseIterable {
        case afterReceive = "after-receive"
        case afterVaultCommit = "after-vault-commit"
        case beforePageCommit = "before-page-commit"
        case afterPageCommit = "after-page-commit"
        case beforeReportRename = "before-report-rename"
        case afterReportRename = "after-report-rename"
    }

    package init(
        clock: Clock, transport: any HTTPTransport, control: RunControl, pacer: Pacer, redactor: Redactor,
        log: Log,
        progress: Progress, environment: [String: String], random: @escaping @Sendable () -> Double,
        besideWriting: @escaping @Sendable () -> (any TaskExecutor)? = { nil },
        instant: @escaping @Sendable (Instant) -> Void = { _ in }
    ) {
        self.clock = clock
        self.transport = transport
        self.control = control
        self.pacer = pacer
        self.redactor = redactor
        self.log = log
        self.progress = progress
        self.environment = environment
        self.random = random
        self.besideWriting = besideWriting
        self.instant = instant
    }
}
