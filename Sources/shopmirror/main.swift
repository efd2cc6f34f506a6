import Glibc
import HTTP
import SQLite
import Sync

guard !CommandLine.arguments.isEmpty else {
    Console.error(Output.block(Wording.noProcessFolder, level: "error"))
    exit(ExitCode.usage.rawValue)
}
Limits.apply()
CurlTransport.prepareMemory()
Signals.block()
Database.prepareLibrary()
// Detached, because the main thread never runs the main queue: it waits for signals.
Task.detached {
    let code = await Program.run(Array(CommandLine.arguments.dropFirst()))
    guard Console.outFailure == 0 else {
        let problem = Wording.file("output", "stdout", Console.outFailure)
        Console.error(Output.block(problem, level: "error"))
        exit(ExitCode.storage.rawValue)
    }
    exit(code.rawValue)
}
Signals.serve()
