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

    /// The tokens to start with; the config's are stored first when they are new.
    func entry(vault: Vault) async throws(Problem) -> VaultEntry {
        let stored = try await vault.entry(connection.id)
        let seed = try configured()
        let fingerprint = Self.fingerprint(seed)
        if let stored, stored.platform == connection.platform.id, fingerprint == nil || stored.seedSHA256 == fingerprint {
            return stored
        }
        guard let seed else {
            if connection.platform.dialect.canSignInAlone(connection) {
                return VaultEntry(
                    platform: connection.platform.id, tokens: TokenSet(), seedSHA256: nil, obtainedAt: context.clock.now())
            }
            throw Wording.authorization(connection, reason: "there is no token for it yet").of(connection.id)
        }
        if stored != nil { _ = try await vault.forget(connection.id) }
        let entry = VaultEntry(
            platform: connection.platform.id, tokens: seed, seedSHA256: fingerprint, obtainedAt: context.clock.now())
        try await vault.store(entry, of: connection.id)
        return entry
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

extension AccountAccess {
    /// Opens a connection's settings and secrets.
    ///
    /// - Throws: `Problem` with `config_invalid` that names what cannot be had.
    package init(opening connection: Connection, context: RunContext) throws(Problem) {
        var values: [String: String] = [:]
        for (name, value) in connection.settings {
            switch value {
            case .text(let text): values[name] = text
            case .flag(let flag): values[name] = flag ? "true" : "false"
            case .list(let list): values[name] = list.joined(separator: ",")
            case .secret(let source):
                do {
                    let secret = try source.open(key: name, environment: context.environment)
                    // Client ids and app keys are printed in sign-in URLs; they are names, not secrets.
                    if !["client_id", "app_key"].contains(name) { context.redactor.learn([secret]) }
                    values[name] = secret
                } catch {
                    throw error.of(connection.id)
                }
            }
        }
        self.init(
            connection: connection.id, baseURL: connection.baseURL, signInURL: connection.signInURL, values: values,
            timeoutSeconds: connection.run.timeoutSeconds, maximumResponse: connection.run.maxResponse)
    }
}
