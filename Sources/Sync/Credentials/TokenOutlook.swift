/// What is to be expected of a connection's tokens, judged without calling anyone.
package struct TokenOutlook: Sendable {
    package enum State: String, Sendable {
        case ok
        /// Past its end, and nobody but a person can renew it.
        case expired
        /// The platform said no for good.
        case refused
        case none
        /// The config has a first token that the vault has not taken over yet.
        case unusedSeed = "unused_seed"
    }

    package var state: State
    package var accessExpiresAt: Timestamp?
    package var refreshExpiresAt: Timestamp?
    package var lastRefreshAt: Timestamp?
    /// When a person has to sign in, at the latest; nil where no end is known.
    package var deadline: Timestamp?
    /// The connection gets tokens with a secret of the config alone.
    package var signsInAlone: Bool
    /// Why the platform refused the token.
    package var reason: String?
    private let connection: Connection

    /// Judges what is stored.
    ///
    /// - Parameters:
    ///   - connection: The connection.
    ///   - entry: Its row in the vault.
    ///   - fingerprint: Of the tokens in the config, nil where it has none.
    ///   - now: Our clock.
    package init(_ connection: Connection, entry: VaultEntry?, fingerprint: String?, now: Timestamp) {
        self.connection = connection
        let dialect = connection.platform.dialect
        signsInAlone = dialect.canSignInAlone(connection)
        guard dialect.usesTokens else {
            state = .ok
            return
        }
        guard let entry, entry.platform == connection.platform.id else {
            state = fingerprint == nil ? .none : .unusedSeed
            return
        }
        if let fingerprint, entry.seedSHA256 != fingerprint {
            state = .unusedSeed
            return
        }
        let tokens = entry.tokens
        accessExpiresAt = dialect.expiry(of: tokens)
        refreshExpiresAt = tokens.refreshExpiresAt
        lastRefreshAt = entry.refreshedAt
        reason = entry.refused
        if !signsInAlone { deadline = tokens.refreshToken == nil ? accessExpiresAt : refreshExpiresAt }
        if entry.refused != nil {
            state = .refused
        } else {
            state = deadline.map { $0 <= now } ?? false ? .expired : .ok
        }
    }

    /// Whether the next run is believed to work without a person.
    package var isUnattended: Bool {
        switch state {
        case .ok, .unusedSeed: true
        case .none: signsInAlone
        case .expired, .refused: false
        }
    }

    /// What a person should do; nil where nothing.
    package var nextAction: String? {
        let authorize = connection.authorizeCommand
        switch state {
        case .ok: return nil
        case .unusedSeed: return "the next run takes the token of the config"
        case .none where signsInAlone:
            return "the next run signs in by itself; if it is refused: \(authorize)"
        case .none, .expired, .refused: return authorize
        }
    }

    /// Warns of tokens that end before the job is likely to run again.
    ///
    /// - Parameters:
    ///   - now: Our clock.
    ///   - spacing: Seconds from one run to the next; nil where it is not known, taken as a day.
    /// - Returns: The warning; nil where there is time enough.
    package func warning(now: Timestamp, spacing: Int64?) -> Problem? {
        guard state == .ok, let deadline else { return nil }
        // Runs come late now and then.
        let usual = min(spacing ?? 86_400, 366 * 86_400)
        let next = max(usual + usual / 2, 3600)
        let margin = connection.platform.dialect.warningSeconds
        guard deadline <= now.adding(seconds: max(next, margin)) else { return nil }
        return Wording.expiring(
            connection, deadline: deadline, now: now, spacing: usual, canRenew: refreshExpiresAt != nil)
    }
}
