import HTTP
import JSON
import Sync

/// `shopmirror verify`.
struct VerifyCommand {
    let arguments: Arguments
    let context: CommandContext

    init(_ arguments: Arguments) {
        self.arguments = arguments
        context = CommandContext(arguments)
    }

    func run() async throws -> ExitCode {
        var options = RunOptions()
        options.connections = arguments.all("connection")
        options.resources = arguments.all("resource")
        let sample = try arguments.number("sample") ?? 200
        let given = try arguments.number("seed", atLeast: 0)
        let seed = UInt64(given ?? Int.random(in: 0..<1_000_000_000))
        let config = try context.config()
        try context.checkNames(options, in: config)
        let (run, transport) = context.runContext(config, options: options)
        defer { transport.shutdown() }
        let found = try await VerifyRun(
            config: config, options: options, context: run, sample: sample, seed: seed
        ).run()
        let drifted = found.results.reduce(0) { $0 + $1.drifted.count }
        if arguments.isOn("json") {
            Console.out(json(found.results, found.problems, seed: seed, drifted: drifted))
        } else if !arguments.isOn("quiet") {
            Console.out(text(found.results, seed: seed))
        }
        for problem in found.problems { context.log(.error, problem) }
        let code = ExitCode(problems: found.problems, signal: run.control.signal)
        return code == .success && drifted > 0 ? .failed : code
    }

    private func json(_ results: [VerifyResult], _ problems: [Problem], seed: UInt64, drifted: Int) -> String
    {
        let errors = problems.map { problem in
            JSONValue.members(
                ("code", .string(problem.code.rawValue)), ("message", .string(problem.message)),
                ("connection", .text(problem.connection)), ("resource", .text(problem.resource)),
                ("next_step", .text(problem.nextStep)))
        }
        let all = JSONValue.members(
            ("seed", .int(Int64(clamping: seed))), ("drifted", .int(drifted)),
            ("resources", .array(results.map(\.json))), ("errors", .array(errors)))
        return JSONWriter.text(all, .pretty) + "\n"
    }

    private func text(_ results: [VerifyResult], seed: UInt64) -> String {
        guard !results.isEmpty else {
            return
                "nothing to compare: no selected resource can be asked for by id, or none is mirrored yet\n"
        }
        let titles = ["connection", "resource", "rows", "sampled", "equal", "changed", "gone", "drifted"]
        var table = TextTable(
            columns: titles.enumerated().map { TextTable.Column(title: $1, isNumber: $0 > 1) })
        for result in results {
            let counts = [
                result.rows, result.sampled, result.equal, result.changed, result.gone, result.drifted.count,
            ]
            table.rows.append([result.connection, result.resource] + counts.map(String.init))
        }
        let columns = Console.stdoutIsTerminal ? Console.stdoutColumns : nil
        let style = TerminalStyle(isTerminal: Console.stdoutIsTerminal, environment: context.environment)
        var text = table.text(columns: columns, style: style)
        for result in results where !result.drifted.isEmpty {
            let more = result.drifted.count > 10 ? ", ..." : ""
            text +=
                "drifted in \(result.connection)/\(result.resource): \(result.drifted.prefix(10).joined(separator: ", "))\(more)\n"
            text +=
                "  next: shopmirror sync --connection \(result.connection) --resource \(result.resource) --full\n"
        }
        return text + "the same sample again: --seed \(seed)\n"
    }
}
