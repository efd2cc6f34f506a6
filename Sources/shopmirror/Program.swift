import Sync

/// From the command line to a command, and from its errors to an exit code.
enum Program {
    static func run(_ arguments: [String]) async -> ExitCode {
        if arguments.contains("--version"), arguments.count == 1 {
            Console.out(Version.text)
            return .success
        }
        if arguments == ["--help"] || arguments == ["-h"] {
            Console.out(Help.overview)
            return .success
        }
        guard !arguments.isEmpty else {
            Console.error(Help.overview)
            return .usage
        }
        do {
            return try await run(Arguments.parse(arguments))
        } catch let error as UsageError {
            Console.error("shopmirror: \(error.message)\n")
            return .usage
        } catch let error as ConfigError {
            for line in error.lines { Console.error("\(line)\n") }
            return .usage
        } catch let problem as Problem {
            Console.error(Output.block(problem, level: "error"))
            return problem.code == .configInvalid || problem.code == .usage
                ? .usage : ExitCode(problems: [problem], signal: nil)
        } catch {
            Console.error("shopmirror: \(error)\n")
            return .failed
        }
    }

    private static func run(_ arguments: Arguments) async throws -> ExitCode {
        if arguments.isOn("help") {
            Console.out(Help.command(arguments.command))
            return .success
        }
        switch arguments.command.name {
        case "sync": return try await SyncCommand(arguments).run()
        case "status": return try StatusCommand(arguments).run()
        case "report": return try ReportCommand(arguments).run()
        case "verify": return try await VerifyCommand(arguments).run()
        case "authorize": return try await AuthorizeCommand(arguments).run()
        case "tokens": return try await TokensCommand(arguments).run()
        case "check": return try await CheckCommand(arguments).run()
        case "help": return try help(arguments.words.first)
        default: throw UsageError("'\(arguments.command.name)' is not built in yet")
        }
    }

    private static func help(_ name: String?) throws(UsageError) -> ExitCode {
        guard let name else {
            Console.out(Help.overview)
            return .success
        }
        guard let command = CommandTable.command(named: name) else {
            throw UsageError(
                "unknown command '\(name)'; \(Nearest.hint(to: name, among: CommandTable.commands.map(\.name)))"
            )
        }
        Console.out(Help.command(command))
        return .success
    }
}
