import HTTP
import SQLite
import Sync

/// What this program is.
enum Version {
    static let number = "0.1.0"

    static let tool = Tool(name: "shopmirror", version: number)

    static var text: String {
        "shopmirror \(number) (\(CurlTransport.versions), SQLite \(Database.version))\n"
    }
}
