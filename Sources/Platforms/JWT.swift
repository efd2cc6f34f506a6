import Digest
import JSON
import Sync

/// Claims of a token, read without verification, for diagnostics and expiry only.
enum JWT {
    /// The `exp` claim; nil where the token is no JWT.
    static func expiry(of token: String) -> Timestamp? {
        claims(of: token)?["exp"]?.int64Value.map { Timestamp(secondsSinceEpoch: $0) }
    }

    static func claims(of token: String) -> JSONValue? {
        let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let payload = Base64.decode(String(Substring(parts[1]))) else { return nil }
        return try? JSONValue.parse(payload)
    }
}
