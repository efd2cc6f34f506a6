import Glibc
import SQLite
import Sync

Limits.apply()
Signals.block()
Database.prepareLibrary()
// Detached, because the main thread never runs the main queue: it waits for signals.
Task.detached {
    let code = await Program.run(Array(CommandLine.arguments.dropFirst()))
    exit(code.rawValue)
}
Signals.serve()
