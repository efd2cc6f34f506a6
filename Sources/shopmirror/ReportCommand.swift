import Reports
import Sync

/// `shopmirror report`: renders stored reports.
struct ReportCommand {
    let arguments: Arguments
    let context: CommandContext

    init(_ arguments: Arguments) {
        self.arguments = arguments
        context = CommandContext(arguments)
    }

    func run() throws -> ExitCode {
        let what = arguments.words.first ?? ""
        if arguments.words.count > 1, what != "show" {
            throw UsageError("'\(arguments.words[1])' is one word too many; usage: shopmirror report \(what)")
        }
        switch what {
        case "schema": try deliver(Array(RunReportSchema.text.utf8), as: "schema")
        case "show": try show(arguments.words.dropFirst().first)
        default: try render(what)
        }
        return .success
    }

    /// To `--output`, else to stdout.
    private func deliver(_ bytes: [UInt8], as what: String) throws {
        if let path = arguments.value("output"), path != "-" {
            try AtomicFile.write(bytes, to: Paths.absolute(path, in: "."), what: what)
        } else {
            Console.out(bytes)
        }
    }

    private func render(_ what: String) throws {
        let config = try context.config()
        let archive = ReportArchive(folder: config.storage.reports)
        let content = what == "html" ? archive.newest() : archive.newest(telling: config.enabledConnections)
        let status = StatusReader(config: config, reports: content.reports, now: context.clock.now()).status()
        for problem in status.problems { context.log(.warning, problem) }
        if what == "html" {
            let page = HtmlPage(content, status: status, now: context.clock.now(), version: Version.number)
            try deliver(page.bytes, as: "page")
        } else {
            let metrics = PrometheusText(reports: content.reports, status: status, version: Version.number)
            try deliver(metrics.bytes, as: "metrics file")
        }
    }

    private func show(_ name: String?) throws {
        let config = try context.config()
        let archive = ReportArchive(folder: config.storage.reports)
        guard let run = archive.run(named: name) else {
            guard let name else {
                throw Problem(
                    .usage, "There is no stored report in \(archive.folder).", next: "Run: shopmirror sync")
            }
            throw UsageError(
                "there is no run '\(name)'; \(Nearest.hint(to: name, among: archive.names.suffix(5).reversed()))"
            )
        }
        guard let report = archive.report(run) else {
            throw Problem(
                .storageFailed,
                "The report \(archive.folder)/\(run).json cannot be read as a run report of version 1.",
                next: "Name another run; see shopmirror report show, or look at the file.")
        }
        let style = TerminalStyle(isTerminal: Console.stdoutIsTerminal, environment: context.environment)
        let columns = Console.stdoutIsTerminal ? Console.stdoutColumns : nil
        try deliver(Array(ReportText(report, style: style, columns: columns).text.utf8), as: "report")
    }
}
