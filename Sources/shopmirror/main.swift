import Glibc
import SQLite
import Sync

Signals.block()
Database.prepareLibrary()
let code = await Program.run(Array(CommandLine.arguments.dropFirst()))
exit(code.rawValue)
