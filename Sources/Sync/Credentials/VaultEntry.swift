/// A connection's row in the vault.
package struct VaultEntry: Sendable {
    package var platform: String
    package var tokens: TokenSet
    /// Of the tokens that the config held when it last won over the vault.
    package var seedSHA256: String?
    package var obtainedAt: Timestamp
    package var refreshedAt: Timestamp?
    /// Why the platform refused these tokens for good; nil while they are believed to work.
    package var refused: String?

    package init(
        platform: String, tokens: TokenSet, seedSHA256: String?, obtainedAt: Timestamp,
        refreshedAt: Timestamp? = nil,
        refused: String? = nil
    ) {
        self.platform = platform
        self.tokens = tokens
        self.seedSHA256 = seedSHA256
        self.obtainedAt = obtainedAt
        self.refreshedAt = refreshedAt
        self.refused = refused
    }
}
