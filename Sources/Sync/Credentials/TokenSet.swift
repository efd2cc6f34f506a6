/// The tokens of one connection.
///
/// Printing it shows none of them.
package struct TokenSet: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    package var accessToken: String?
    package var refreshToken: String?
    package var uid: String?
    package var state: String?
    package var accessExpiresAt: Timestamp?
    package var refreshExpiresAt: Timestamp?
    package var scope: String?

    package init(
        accessToken: String? = nil, refreshToken: String? = nil, uid: String? = nil, state: String? = nil,
        accessExpiresAt: Timestamp? = nil, refreshExpiresAt: Timestamp? = nil, scope: String? = nil
    ) {
        self.accessToken = accessToken
        self.refreshToken = refreshToken
        self.uid = uid
        self.state = state
        self.accessExpiresAt = accessExpiresAt
        self.refreshExpiresAt = refreshExpiresAt
        self.scope = scope
    }

    package var description: String { "TokenSet(<redacted>)" }
    package var customMirror: Swift.Mirror { Swift.Mirror(self, children: [:]) }

    /// Every secret text in it.
    package var secrets: [String] { [accessToken, refreshToken, state].compactMap { $0 } }
}
