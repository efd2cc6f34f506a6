import JSON
import Reports
import Sync

/// `shopmirror status`: also a health check, by its exit code.
struct StatusCommand {
    let arguments: Arguments
    let context: CommandContext

    init(_ arguments: Arguments) {
        self.arguments = arguments
        context = CommandContext(arguments)
    }

    func run() throws -> ExitCode {
        let config = try context.config()
        var options = RunOptions()
        options.connections = arguments.all("connection")
        try context.checkNames(options, in: config)
        let reports = ReportArchive(folder: config.storage.reports).newest(
            telling: config.enabledConnections
        ).reports
        let reader = StatusReader(config: config, reports: reports, now: context.clock.now())
        let status = reader.status(of: options.connections)
        if arguments.isOn("json") {
            Console.out(JSONWriter.text(status.json, .pretty) + "\n")
        } else if !arguments.isOn("quiet") {
            let style = TerminalStyle(isTerminal: Console.stdoutIsTerminal, environment: context.environment)
            let columns = Console.stdoutIsTerminal ? Console.stdoutColumns : nil
            Console.out(StatusText(status, style: style, columns: columns).text)
        }
        for problem in status.problems { context.log(.error, problem) }
        return status.exitCode
    }
}
