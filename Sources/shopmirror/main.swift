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
Database.prepareLibrary()
let words = Array(CommandLine.arguments.dropFirst())
if words == ["--version"] {
    // On this thread, since loading libcurl takes longer where there are others.
    Console.out(Version.text)
    Program.end(.success)
}
Signals.block()
// Detached, because the main thread never runs the main queue: it waits for signals.
Task.detached { Program.end(await Program.run(words)) }
Signals.serve()
