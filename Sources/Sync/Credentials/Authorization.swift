import HTTP
import JSON

/// One sign-in of a person: from the page's address to tokens in the vault.
package struct Authorization: Sendable {
    package let connection: Connection
    package var account: AccountAccess
    let vault: Vault
    let context: RunContext
    /// Of the config's own first tokens, over which the vault is to win from now on.
    let fingerprint: String?

    /// What came of it.
    package struct Outcome: Sendable {
        /// Nil where the app may not ask, or where asking failed.
        package var identity: AccountIdentity?
        package var tokens: TokenSet
        /// What the configured resources need that was not granted.
        package var missing: [String]
        package var granted: [String]
        /// Why the account could not be asked for; the tokens are stored all the same.
        package var doubt: Problem?
    }

    /// A sign-in for a connection.
    ///
    /// - Parameters:
    ///   - connection: The connection.
    ///   - account: Its opened settings, as `account(for:)` gives them.
    ///   - vault: Where its tokens will be.
    ///   - context: What the run depends on.
    /// - Throws: `Problem` with `config_invalid` for a first token in the config that cannot be had.
    package init(
        _ connection: Connection, account: AccountAccess, vault: Vault, context: RunContext
    ) throws(Problem) {
        self.connection = connection
        self.account = account
        self.vault = vault
        self.context = context
        fingerprint = TokenSeed.fingerprint(try TokenSeed(connection, context).configured())
    }

    /// Opens what a sign-in needs.
    ///
    /// - Parameters:
    ///   - connection: The connection.
    ///   - context: What the run depends on.
    ///   - callback: Where the browser is to be sent, when the config does not say.
    ///   - signsIn: Whether a person will sign in; an import needs less.
    /// - Returns: The settings, the scopes filled in.
    /// - Throws: `Problem` with `config_invalid` for a key that is missing.
    package static func account(
        for connection: Connection, context: RunContext, callback: String?, signsIn: Bool
    ) throws(Problem) -> AccountAccess {
        var account = try AccountAccess(opening: connection, context: context)
        if account["redirect_uri"].isEmpty, let callback { account.values["redirect_uri"] = callback }
        if account["scopes"].isEmpty {
            account.values["scopes"] = needed(by: connection).joined(separator: ",")
        }
        guard !connection.platform.seeds.isEmpty || signsIn && connection.platform.dialect.signIn.hasPage
        else { throw Wording.nothingToAuthorize(connection).of(connection.id) }
        guard !signsIn || connection.platform.dialect.signIn.hasPage else {
            throw Wording.importOnly(connection).of(connection.id)
        }
        let lacking = connection.platform.dialect.signIn.needs.filter { account[$0].isEmpty }
        guard !signsIn || lacking.isEmpty else {
            throw Wording.cannotSignIn(connection, lacking: lacking).of(connection.id)
        }
        return account
    }

    private var dialect: any Dialect { connection.platform.dialect }

    /// What the selected resources need, in the platform's words and the config's order.
    package static func needed(by connection: Connection) -> [String] {
        var seen: Set<String> = []
        return connection.resources.filter(\.isSelected).flatMap { words($0.resource.permission ?? "") }
            .filter {
                seen.insert($0).inserted
            }
    }

    private static func words(_ text: String) -> [String] {
        text.split { $0 == " " || $0 == "," }.map(String.init)
    }

    // MARK: The page

    /// The address of the sign-in page; its nonce is kept for ten minutes.
    package func page() async throws(Problem) -> String {
        guard dialect.signIn.usesNonce else { return dialect.signIn.url(account: account, nonce: "") }
        var generator = SystemRandomNumberGenerator()
        let nonce = (0..<6).map { _ in
            let text = String(generator.next() as UInt32, radix: 16)
            return String(repeating: "0", count: 8 - text.count) + text
        }.joined()
        try await vault.keep(nonce: nonce, of: connection.id, now: context.clock.now())
        return dialect.signIn.url(account: account, nonce: nonce)
    }

    // MARK: The callback

    /// Checks a callback, exchanges it, asks whose account it is, and stores the tokens.
    ///
    /// - Parameters:
    ///   - text: The address that the browser was sent to.
    ///   - held: The account whose rows the mirror holds for the connection.
    /// - Returns: What came of it.
    /// - Throws: `Problem`; nothing was stored then.
    package func finish(_ text: String, held: AccountIdentity?) async throws(Problem) -> Outcome {
        let grant = try await grant(in: text)
        // A sync that runs now must not spend the tokens that this sign-in replaces.
        let lock = try await TokenLock.take(connection.id, vault: vault, context: context)
        defer { withExtendedLifetime(lock) {} }
        let session = Session.tentative(connection, account, grant.tokens, vault: vault, context: context)
        if let request = dialect.signIn.exchange(grant, account: account, now: context.clock.now()) {
            try await session.take(request, for: grant)
        }
        return try await settle(session, held: held, claimed: grant.accountID)
    }

    private func grant(in text: String) async throws(Problem) -> SignInGrant {
        let now = context.clock.now()
        let waiting = dialect.signIn.usesNonce ? try await vault.nonce(of: connection.id, now: now) : nil
        do throws(CallbackFlaw) {
            guard let callback = Callback(text) else { throw .unreadable }
            context.redactor.learn(callback.items.values.filter { $0.utf8.count >= 16 })
            let grant = try dialect.signIn.grant(in: callback, account: account, nonce: waiting, now: now)
            context.redactor.learn(grant.secrets)
            if let waiting {
                // Two callbacks of one page cannot both get through.
                guard (try? await vault.spend(nonce: waiting, of: connection.id)) == true else {
                    throw .nothingWaiting
                }
            }
            return grant
        } catch {
            guard case .stale(let seconds) = error else {
                throw Wording.callback(error, connection).of(connection.id)
            }
            throw await staleness(seconds).of(connection.id)
        }
    }

    /// A callback that looks old may mean that our clock is wrong: the platform's own `Date` decides.
    private func staleness(_ seconds: Int64) async -> Problem {
        let session = Session.tentative(connection, account, TokenSet(), vault: vault, context: context)
        let skew = await session.measuredSkew()
        return Wording.withClock(
            Wording.callback(.stale(seconds: seconds), connection), skew: skew, host: session.host)
    }

    // MARK: A token set

    /// Takes tokens that a person brought along.
    ///
    /// Using them may spend them. Where nothing better is at hand, what follows them is on disk before it is used, and
    /// stays there whatever comes after, but for another account's; a pair that still works is only given up for one that is
    /// known to be the right account's.
    ///
    /// - Parameters:
    ///   - tokens: The tokens.
    ///   - held: The account whose rows the mirror holds for the connection.
    /// - Returns: What came of it.
    /// - Throws: `Problem`.
    package func take(_ tokens: TokenSet, held: AccountIdentity?) async throws(Problem) -> Outcome {
        let lock = try await TokenLock.take(connection.id, vault: vault, context: context)
        defer { withExtendedLifetime(lock) {} }
        let before = try await vault.entry(connection.id)
        let mayReplace = !dialect.knowsAccounts || !isOfUse(before, beside: tokens)
        let session = Session.tentative(connection, account, tokens, vault: vault, context: context)
        if tokens.accessToken == nil {
            try await session.firstAccessToken()
            if mayReplace { try await store(session.tokens) }
        }
        do {
            return try await settle(session, held: held, claimed: nil)
        } catch {
            let latest = await session.tokens
            if mayReplace, latest != tokens {
                if error.code == .identityMismatch {
                    try await vault.replace(before, of: connection.id)
                } else {
                    try await store(latest)
                }
            }
            throw error
        }
    }

    /// Whether stored tokens can still be used once those that were brought along are spent.
    private func isOfUse(_ entry: VaultEntry?, beside tokens: TokenSet) -> Bool {
        guard let entry, entry.refused == nil, let refresh = entry.tokens.refreshToken else { return false }
        if let end = entry.tokens.refreshExpiresAt, end <= context.clock.now() { return false }
        return refresh != tokens.refreshToken
    }

    /// Asks whose tokens these are, and stores them unless they are somebody else's.
    private func settle(
        _ session: Session, held: AccountIdentity?, claimed: String?
    ) async throws(Problem) -> Outcome {
        var outcome = Outcome(identity: nil, tokens: TokenSet(), missing: [], granted: [])
        do {
            outcome.identity = try await session.identifyOrTry()
        } catch {
            // A platform that cannot answer now says nothing about the tokens; losing them would cost a sign-in.
            let isTried = !dialect.knowsAccounts && error.code != .needsAuthorization
            guard error.isRetryable || isTried, !error.isStop else { throw error }
            outcome.doubt = error
        }
        if let found = outcome.identity {
            if let claimed, claimed != found.id {
                throw Wording.callback(.accountDiffers, connection).of(connection.id)
            }
            if let held, held.id != found.id {
                throw Wording.identity(connection.id, held: held, found: found).of(connection.id)
            }
        }
        let tokens = await session.tokens
        try await store(tokens)
        outcome.tokens = tokens
        outcome.granted = Self.words(tokens.scope ?? "")
        if tokens.scope != nil {
            outcome.missing = Self.needed(by: connection).filter { !outcome.granted.contains($0) }
        }
        return outcome
    }

    private func store(_ tokens: TokenSet) async throws(Problem) {
        let entry = VaultEntry(
            platform: connection.platform.id, tokens: tokens, seedSHA256: fingerprint,
            obtainedAt: context.clock.now())
        try await vault.replace(entry, of: connection.id)
        context.instant(.afterVaultCommit)
    }
}
