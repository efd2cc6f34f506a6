import Glibc
import HTTP
import Sync

/// From the command line to a command, and from its errors to an exit code.
enum Program {
    /// Ends the process, with another code where the output could not be written.
    static func end(_ code: ExitCode) -> Never {
        CurlTransport.settle()
        guard Console.outFailure == 0 else {
            let problem = Wording.file("output", "stdout", Console.outFailure)
            Console.error(Output.block(problem, level: "error"))
            exit(ExitCode.storage.rawValue)
        }
        exit(code.rawValue)
    }

    static func run(_ arguments: [String]) async -> ExitCode {
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
            tell(
                Problem(.usage, error.message), as: "shopmirror: \(TerminalText.safe(error.message))\n",
                arguments)
            return .usage
        } catch let error as ConfigError {
            for line in error.lines {
                tell(Problem(.configInvalid, line), as: "\(TerminalText.safe(line))\n", arguments)
            }
            return .usage
        } catch let problem as Problem {
            tell(problem, as: Output.block(problem, level: "error"), arguments)
            let signal = problem.code == .interrupted ? Signals.received : nil
            return problem.code == .configInvalid || problem.code == .usage
                ? .usage : ExitCode(problems: [problem], signal: signal)
        } catch {
            tell(Problem(.internal, "\(error)"), as: "shopmirror: \(error)\n", arguments)
            return .failed
        }
    }

    /// The last words, in the form that the messages have; the command line may be what is wrong.
    private static func tell(_ problem: Problem, as text: String, _ arguments: [String]) {
        let pairs = zip(arguments, arguments.dropFirst())
        let isJSON =
            arguments.contains("--log-format=json") || pairs.contains { $0 == "--log-format" && $1 == "json" }
        guard isJSON else { return Console.error(text) }
        Log(level: .error) { Console.error(Output.json($0, at: Clock.system.now())) }(.error, problem)
    }

    private static func run(_ arguments: Arguments) async throws -> ExitCode {
        if arguments.isOn("help") {
            Console.out(Help.command(arguments.command))
            return .success
        }
        switch arguments.command.name {
        case "sync": return try await SyncCommand(arguments).run()
        case "verify": return try await VerifyCommand(arguments).run()
        case "authorize": return try await AuthorizeCommand(arguments).run()
        case "tokens": return try await TokensCommand(arguments).run()
        case "check": return try await CheckCommand(arguments).run()
        case "export": return try ExportCommand(arguments).run()
        case "status": return try StatusCommand(arguments).run()
        case "diff": return try DiffCommand(arguments).run()
        case "report": return try ReportCommand(arguments).run()
        case "platforms": return try PlatformsCommand(arguments: arguments).run()
        case "help": return try help(arguments)
        default: throw UsageError("'\(arguments.command.name)' is not built in yet")
        }
    }

    private static func help(_ arguments: Arguments) throws(UsageError) -> ExitCode {
        if let shell = arguments.value("completion") {
            Console.out(CompletionScript.text(for: shell))
            return .success
        }
        if arguments.isOn("man") {
            Console.out(ManPage.text)
            return .success
        }
        guard let name = arguments.words.first else {
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
