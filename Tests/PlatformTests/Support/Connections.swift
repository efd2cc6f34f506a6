import Platforms
import Sync

/// Connections as a config makes them.
enum Connections {
    static let minimal = [
        "next-engine": "client_id = { env = \"A\" }\nclient_secret = { env = \"B\" }",
        "shopline": "handle = \"open001\"\naccess_token = { env = \"A\" }",
        "aihubmix": "client_id = { env = \"A\" }\nclient_secret = { env = \"B\" }",
        "account-center": "", "acme": "shop = \"anvils\"\naccess_token = { env = \"A\" }",
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
            Array(text.utf8), path: "config.toml", mode: 0o600, platforms: exercisedPlatforms)
        return try config.connections.first ?? { throw NoConnection() }()
    }

    /// The problems of a config with these lines under `[connections.one]`; the first of them is line 5.
    static func mistakes(_ platform: String, _ lines: String) -> [String] {
        do {
            _ = try make(platform, lines)
            return []
        } catch let error as ConfigError {
            return error.lines
        } catch {
            return ["\(error)"]
        }
    }

    struct NoConnection: Error {}
}
