import Platforms
import Sync

/// Connections as a config makes them.
enum Connections {
    static let minimal = [
        "next-engine": "client_id = { env = \"A\" }\nclient_secret = { env = \"B\" }",
        "shopline": "handle = \"open001\"\naccess_token = { env = \"A\" }",
        "aihubmix": "client_id = { env = \"A\" }\nclient_secret = { env = \"B\" }",
        "account-center": "",
    ]

    /// The only connection of a config with these lines under `[connections.one]`.
    static func make(_ platform: String, _ lines: String = "") throws -> Connection {
        let text = """
            [connections.one]
            platform = "\(platform)"
            \(minimal[platform] ?? "")
            \(lines)
            """
        let config = try ConfigLoader.parse(
            Array(text.utf8), path: "config.toml", mode: 0o600, platforms: platforms)
        return try config.connections.first ?? { throw NoConnection() }()
    }

    /// The problems of a config with these lines under `[connections.one]`, which begin at line 3.
    static func problems(_ platform: String, _ lines: String) -> [String] {
        let required = (minimal[platform] ?? "").replacing("\n", with: " # \n")
        let secrets = required.split(separator: "\n").map { $0 + "\n" }.joined()
        let text =
            "[connections.one]\nplatform = \"\(platform)\"\n\(lines)\n[connections.two]\n"
            + "platform = \"\(platform)\"\n\(secrets)"
        do {
            _ = try ConfigLoader.parse(
                Array(text.utf8), path: "config.toml", mode: 0o600, platforms: platforms)
            return []
        } catch let error as ConfigError {
            return error.lines
        } catch {
            return ["\(error)"]
        }
    }

    struct NoConnection: Error {}
}
