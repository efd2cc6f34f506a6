import HTTP
import JSON

extension Session {
    /// Whether a call's tokens were already exchanged for others.
    enum Renewed {
        case not
        /// Another process had newer ones.
        case adopted
        case fresh
    }

    /// Whether the next call begins with getting other tokens.
    var isRenewalNext: Bool {
        let now = context.clock.now()
        guard !isTentative, dialect.isRenewalDue(tokens, now: now) else { return false }
        if dialect.rotatesOnAnyAnswer { return keptAlive != tokens.accessToken }
        // A token that nobody can renew is used until the platform refuses it.
        return renewals < dialect.renewalsPerRun && renewalProblem == nil
            && dialect.renewal(of: tokens, account: account, now: now) != nil
    }

    /// Renews ahead of expiry, so that no page call is the one that finds out.
    func renewIfDue(before call: Call) async throws(Problem) {
        guard isRenewalNext else { return }
        if dialect.rotatesOnAnyAnswer {
            // The cheapest call carries the rotation, instead of one that may be large or slow.
            guard call.path != dialect.identity.path else { return }
            keptAlive = tokens.accessToken
            _ = try await self.call(dialect.identity)
            return
        }
        let started = context.clock.now()
        do {
            _ = try await renew(instead: tokens, reason: "the access token has expired")
        } catch {
            guard let expiry = dialect.expiry(of: tokens), expiry > started, tokens.accessToken != nil,
                error.code != .storageFailed, !error.isStop
            else { throw error }
            renewalProblem = error
            context.log(
                .info, "the token could not be renewed yet, the old one still works",
                connection: connection.id)
        }
    }

    /// Renews after the platform refused a token: once, and once more when the first time only brought another
    /// process's tokens.
    func renewOnce(after earlier: Renewed, instead used: TokenSet, reason: String) async throws(Problem)
        -> Renewed
    {
        guard !isTentative, earlier != .fresh else { throw await refused(reason) }
        let found = try await renew(instead: used, reason: reason)
        guard earlier == .adopted, found == .adopted else { return found }
        return .fresh
    }

    /// Gets other tokens than `used`: another process's newer ones, or fresh ones from the platform.
    @discardableResult
    func renew(instead used: TokenSet, reason: String) async throws(Problem) -> Renewed {
        let held: FileLock? = if lock == nil { try await takeLock() } else { nil }
        defer { withExtendedLifetime(held) {} }
        if let newer = try await vault.entry(connection.id), newer.tokens.accessToken != nil,
            newer.tokens.accessToken != used.accessToken
        {
            adopt(newer)
            return .adopted
        }
        guard renewals < dialect.renewalsPerRun else { throw await refused(reason) }
        try await vault.confirmWritable(now: context.clock.monotonic())
        let policy = RetryPolicy(maxAttempts: connection.run.maxAttempts)
        var attempt = 1
        var used = used
        while true {
            guard let request = dialect.renewal(of: used, account: account, now: context.clock.now()) else {
                throw await refused(reason)
            }
            let problem: Problem
            var retry = Failure.Retry.backOff
            var retryAfter: Double?
            switch try await exchange(request, renewalCall) {
            case .fault(let error):
                // Whether the platform acted on it is not known: only its own word may end in a new sign-in.
                problem = Wording.transport(error, subject: "a new token", host: tokenHost)
                if !RetryPolicy.mayRepeat(error) { retry = .never }
            case .answer(let answer):
                retryAfter = RetryPolicy.retryAfter(answer.headers, now: context.clock.now())
                if let brought = dialect.brought(by: answer, old: used, now: context.clock.now()),
                    brought.refreshToken != used.refreshToken
                {
                    try await store(brought)
                    used.refreshToken = brought.refreshToken
                }
                switch dialect.renewed(by: answer, old: used, now: context.clock.now()) {
                case .tokens(let fresh):
                    try await store(fresh)
                    renewals += 1
                    if let old = used.accessToken, old != fresh.accessToken { retired.append(old) }
                    return .fresh
                case .refused(let code, let message):
                    countError()
                    throw await refused(refusal(code, message, by: tokenHost))
                case .failed(let failure):
                    countError()
                    retry = failure.retry
                    if retry == .throttled { noteThrottle() }
                    problem = Wording.failure(
                        failure, answer: answer, subject: "a new token", connection: connection,
                        host: tokenHost)
                }
            }
            guard retry != .never,
                let delay = policy.delay(after: attempt, retryAfter: retryAfter, random: context.random())
            else { throw recorded(Wording.withClock(problem, skew: platformSkew, host: host)) }
            noteRetry()
            try await context.control.pause(delay)
            attempt += 1
        }
    }

    /// A platform may quote what it was sent, Basic's encoding of a password among it.
    func learnSignature(of request: HTTPRequest) {
        guard let value = request.headers.first(where: { $0.name.lowercased() == "authorization" })?.value,
            value != knownSignature
        else { return }
        knownSignature = value
        context.redactor.learn(value.split(separator: " ").suffix(1).map(String.init))
    }

    /// The layout of a renewal's answer: the envelope alone.
    var renewalCall: Call {
        Call(.post, "", layout: PageLayout(envelope: dialect.envelope), subject: "a new token")
    }

    private var tokenHost: String { dialect.tokenHost(connection) ?? host }

    func refusal(_ code: String?, _ message: String?, by other: String? = nil) -> String {
        let words = message.map { ": \(Wording.quoted($0))" } ?? ""
        return "\(other ?? host) no longer takes the token\(code.map { " (code \($0))" } ?? "")\(words)"
    }

    func refused(_ reason: String) async -> Problem {
        await refused(Wording.authorization(connection, reason: reason))
    }

    /// Keeps in the vault that a person is needed; the tokens stay, and another process's newer ones are not touched.
    func refused(_ problem: Problem) async -> Problem {
        let reason = context.redactor.redact(problem.message)
        if !isTentative {
            try? await vault.markRefused(tokens.accessToken, of: connection.id, reason: reason)
        }
        entry.refused = reason
        return recorded(problem)
    }

    /// Asks whose account the token opens.
    ///
    /// - Returns: nil where the app may not ask.
    package func identify() async throws(Problem) -> AccountIdentity? {
        guard dialect.knowsAccounts else { return nil }
        do throws(Problem) {
            let answer = try await call(dialect.identity)
            guard let found = dialect.identity(in: answer) else {
                throw recorded(Wording.nameless(host, answer))
            }
            return found
        } catch {
            if error.code == .notPermitted { return nil }
            throw error
        }
    }

    /// Asks whose account the token opens; where nobody can say, the token is tried on the first resource.
    package func identifyOrTry() async throws(Problem) -> AccountIdentity? {
        guard !dialect.knowsAccounts else { return try await identify() }
        guard var plan = connection.resources.first(where: \.isSelected) else { return nil }
        plan.limit = 1
        let listing = Listing(
            of: plan, connection: connection, since: nil, until: nil, now: context.clock.now(), kind: .full)
        _ = try await call(listing.call(at: Position()))
        return nil
    }

    /// Ends replaced tokens on the platform's side, where it can do that.
    ///
    /// Best effort: they die by themselves too.
    package func signOutRetired() async {
        guard !retired.isEmpty, !isTentative else { return }
        let old = retired
        retired = []
        for token in old { await signOut(token) }
    }

    /// Signs a token out.
    ///
    /// - Returns: Whether the platform said that it did.
    @discardableResult
    package func signOut(_ token: String) async -> Bool {
        guard let request = dialect.signOut(of: token, account: account) else { return false }
        let call = Call(.post, "", layout: PageLayout(envelope: dialect.envelope), subject: "signing out")
        do {
            guard case .answer(let answer) = try await exchange(request, call) else { return false }
            return (200..<300).contains(answer.status)
        } catch {
            return false
        }
    }

    /// Lets other processes use the tokens again.
    package func release() { lock = nil }
}

extension Problem {
    /// Whether the run itself is to end.
    package var isStop: Bool { code == .interrupted || code == .deadlineReached || code == .budgetReached }
}
