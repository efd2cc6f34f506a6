import HTTP
import Sync

/// How calls are signed, as `auth` names it in the config.
enum RestAuth: String, Sendable, CaseIterable {
    case none, bearer, header, basic
    case refreshToken = "refresh_token"
    case clientCredentials = "client_credentials"

    /// Whether calls carry a token of the vault.
    var usesTokens: Bool { [.bearer, .refreshToken, .clientCredentials].contains(self) }

    /// Whether an endpoint gives new tokens.
    var renews: Bool { [.refreshToken, .clientCredentials].contains(self) }

    /// Keys of a connection with which it may carry its first tokens.
    var seeds: [String] {
        switch self {
        case .bearer: ["access_token"]
        case .refreshToken: ["access_token", "refresh_token"]
        case .none, .header, .basic, .clientCredentials: []
        }
    }

    /// Keys of a connection beside those of every kind.
    var settings: [Setting] {
        switch self {
        case .none, .bearer: []
        case .header: [Setting("auth_header", .text, check: Self.headerProblem), Setting("api_key", .secret)]
        case .basic: [Setting("username", .secret), Setting("password", .secret, .optional)]
        case .refreshToken: Self.grant(secret: .optional)
        case .clientCredentials: Self.grant(secret: .required)
        }
    }

    private static func grant(secret: Setting.Need) -> [Setting] {
        [
            Setting("token_url", .text, check: addressProblem), Setting("client_id", .secret),
            Setting("client_secret", .secret, secret),
            Setting("client_auth", .text, .optional, fallback: "basic") { text in
                ["basic", "body"].contains(text) ? nil : "allowed are basic and body"
            },
            Setting("scopes", .list, .optional), Setting("token_parameters", .table, .optional),
        ]
    }

    private static let headerProblem: @Sendable (String) -> String? = { name in
        let isPlain = name.utf8.allSatisfy { $0.isASCIILetterOrDigit || "-_".utf8.contains($0) }
        return isPlain && !name.isEmpty ? nil : "allowed is a header's name: letters, digits, '-' and '_'"
    }

    private static let addressProblem: @Sendable (String) -> String? = { text in
        let isUsable = URLParts.parse(text).map { parts in
            parts.fragment == nil && !parts.host.isEmpty
                && (parts.scheme == "https" || parts.scheme == "http" && parts.isLoopback)
        }
        return isUsable ?? false
            ? nil
            : "allowed is an https:// address; plain http:// only for this machine (127.0.0.1, localhost)"
    }
}
