import CBuild
import HTTP
import SQLite
import Sync

/// What this program is.
enum Version {
    static let number = "0.1.0"

    static let tool = Tool(name: "shopmirror", version: number)

    /// The commit it was built from, with `-dirty` behind it where the checkout had been edited; nil where unknown.
    static var commit: String? {
        let commit = String(cString: cbuild_commit())
        return commit.isEmpty ? nil : commit
    }

    static var text: String {
        let parts = ["commit \(commit ?? "unknown")", CurlTransport.versions, "SQLite \(Database.version)"]
        return "shopmirror \(number) (\(parts.joined(separator: ", ")))\n"
    }
}
