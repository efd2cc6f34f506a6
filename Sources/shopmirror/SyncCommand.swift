import HTTP
import Reports
import Sync

/// `shopmirror sync`.
struct SyncCommand {
    let arguments: Arguments
    let context: CommandContext

    init(_ arguments: Arguments) {
        self.arguments = arguments
        context = CommandContext(arguments)
    }

    func run() async throws -> ExitCode {
        let options = try options()
        CurlTransport.prepare()
        let config: Config
        do {
            config = try context.config()
            try context.checkNames(options, in: config)
        } catch {
            try reportFailure(error, options)
            throw error
        }
        let progress = Progress()
        let (run, transport) = context.runContext(config, options: options, progress: progress)
        let display = ProgressDisplay(
            progress, total: SyncRun.selection(config, options).count, context: context)
        let drawing = display.map { display in Task { await display.run() } }
        let ending = await SyncRun(config: config, options: options, context: run, tool: Version.tool).run()
        drawing?.cancel()
        await drawing?.value
        tell(ending, hasDisplay: display != nil)
        defer { transport.shutdown() }
        let copied = Result { try writeCopy(ending.report) }
        await AfterRun(config: config, context: run, version: Version.number).run(ending.report)
        try copied.get()
        return ending.exitCode
    }

    private func options() throws(UsageError) -> RunOptions {
        let now = context.clock.now()
        var options = RunOptions()
        options.connections = arguments.all("connection")
        options.resources = arguments.all("resource")
        options.isFull = arguments.isOn("full")
        options.since = try arguments.moment("since", now: now)
        options.until = try arguments.moment("until", now: now)
        options.isDryRun = arguments.isOn("dry-run")
        options.shard = try arguments.shard()
        options.maxDurationSeconds = try arguments.seconds("max-duration")
        options.maxRequests = try arguments.number("max-requests")
        options.waitSeconds = try arguments.seconds("wait") ?? 0
        if options.maxDurationSeconds == 0 {
            throw UsageError("'--max-duration 0s' leaves no time for anything")
        }
        if options.isBackfill, options.isFull {
            throw UsageError("--full and --since/--until exclude each other")
        }
        if let since = options.since, let until = options.until, since >= until {
            throw UsageError("--since \(since.text) is not before --until \(until.text)")
        }
        return options
    }

    /// One block a problem; with a terminal, a summary table first.
    private func tell(_ ending: SyncRun.Ending, hasDisplay: Bool) {
        let report = ending.report
        if hasDisplay {
            Console.error(SummaryTable.text(report, columns: Console.columns, style: context.style))
        }
        let log = context.log
        for problem in report.problems { log(.error, problem) }
        for warning in report.allWarnings { log(.warning, warning) }
    }

    private func writeCopy(_ report: RunReport) throws(Problem) {
        guard let path = arguments.value("report") else { return }
        if path == "-" {
            Console.out(report.text)
        } else {
            try AtomicFile.write(Array(report.text.utf8), to: Paths.absolute(path, in: "."), what: "report")
        }
    }

    /// A config error is reported too, when a report was asked for by name.
    private func reportFailure(_ error: any Error, _ options: RunOptions) throws {
        guard arguments.value("report") != nil else { return }
        let problem: Problem
        switch error {
        case let found as Problem: problem = found
        case let found as ConfigError:
            problem = Problem(
                .configInvalid, found.lines.joined(separator: " | "),
                next: "Correct the config, then run shopmirror check.")
        case let found as UsageError:
            problem = Problem(.usage, found.message, next: "See shopmirror help sync.")
        default: return
        }
        var report = RunReport(
            tool: Version.tool, host: Host.name, options: options, config: nil,
            startedAt: context.clock.now(),
            suffix: "0000")
        report.problem = problem
        report.close(signal: nil)
        try writeCopy(report)
    }
}
