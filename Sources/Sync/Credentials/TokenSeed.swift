import Digest

/// The first tokens of a connection: the config's, until the vault has newer ones.
package struct TokenSeed {
    let connection: Connection
    let context: RunContext

    package init(_ connection: Connection, _ context: RunContext) {
        self.connection = connection
        self.context = context
    }

    /// The tokens in the config, opened; nil where it has none.
    package func configured() throws(Problem) -> TokenSet? {
        guard !connection.seeds.isEmpty else { return nil }
        var values: [String: String] = [:]
        for (key, source) in connection.seeds {
            do {
                values[key] = try source.open(key: key, environment: context.environment)
            } catch {
                throw error.of(connection.id)
            }
        }
        context.redactor.learn(Array(values.values))
        return TokenSet(
            accessToken: values["access_token"], refreshToken: values["refresh_token"], uid: values["uid"],
            state: values["state"])
    }

    /// Of the configured tokens; tells whether a person has replaced them.
    package static func fingerprint(_ tokens: TokenSet?) -> String? {
        guard let tokens else { return nil }
        let parts = [tokens.accessToken, tokens.refreshToken, tokens.uid, tokens.state].map { $0 ?? "" }
        return Hex.encode(SHA256.hash(Array(parts.joined(separator: "\u{1F}").utf8)))
    }

    /// The tokens to start with; the config's are stored first when a person put new ones there.
    ///
    /// - Parameters:
    ///   - vault: Where tokens are kept.
    ///   - lock: Takes the connection's lock, so that no other process renews while the seed is stored.
    /// - Returns: The connection's row.
    /// - Throws: `Problem` with `needs_authorization` where there is no token at all.
    func entry(vault: Vault, lock: () async throws(Problem) -> FileLock?) async throws(Problem) -> VaultEntry
    {
        let seed = try configured()
        let fingerprint = Self.fingerprint(seed)
        if let stored = try await vault.entry(connection.id), keeps(stored, fingerprint) { return stored }
        guard let seed else {
            if connection.platform.dialect.canSignInAlone(connection) {
                return VaultEntry(
                    platform: connection.platform.id, tokens: TokenSet(), seedSHA256: nil,
                    obtainedAt: context.clock.now())
            }
            throw Wording.authorization(connection, reason: "there is no token for it yet").of(connection.id)
        }
        let held = try await lock()
        defer { withExtendedLifetime(held) {} }
        // Another process may have stored the same seed meanwhile, and rotated it already.
        if let stored = try await vault.entry(connection.id), keeps(stored, fingerprint) { return stored }
        let entry = VaultEntry(
            platform: connection.platform.id, tokens: seed, seedSHA256: fingerprint,
            obtainedAt: context.clock.now())
        try await vault.replace(entry, of: connection.id)
        return entry
    }

    /// Whether the vault's tokens win over the config's.
    package func keeps(_ stored: VaultEntry, _ fingerprint: String?) -> Bool {
        stored.platform == connection.platform.id && (fingerprint == nil || stored.seedSHA256 == fingerprint)
    }
}

extension Problem {
    package func of(_ connection: String, _ resource: String? = nil) -> Problem {
        var problem = self
        problem.connection = connection
        problem.resource = resource ?? problem.resource
        return problem
    }
}
