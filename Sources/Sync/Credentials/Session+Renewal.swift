import HTTP
import JSON

extension Session {
    /// Renews ahead of expiry, so that no page call is the one that finds out.
    func renewIfDue(before call: Call) async throws(Problem) {
        let now = context.clock.now()
        guard dialect.isRenewalDue(tokens, now: now), call.path != dialect.identity.path else { return }
        if dialect.rotatesOnAnyAnswer {
            // The cheapest call carries the rotation, instead of one that may be large or slow.
            guard keptAlive != tokens.accessToken else { return }
            keptAlive = tokens.accessToken
            _ = try await self.call(dialect.identity)
            return
        }
        do {
            try await renew(instead: tokens, reason: "the access token has expired")
        } catch {
            guard let expiry = tokens.accessExpiresAt, expiry > now, tokens.accessToken != nil,
                error.code != .needsAuthorization, error.code != .storageFailed, !error.isStop
            else { throw error }
            context.log(.info, "the token could not be renewed yet, the old one still works", connection: connection.id)
        }
    }

    /// Gets other tokens than `used`: another process's newer ones, or fresh ones from the platform.
    func renew(instead used: TokenSet, reason: String) async throws(Problem) {
        let held: FileLock? = if lock == nil { try await takeLock() } else { nil }
        defer { withExtendedLifetime(held) {} }
        if let newer = try await vault.entry(connection.id), newer.tokens.accessToken != used.accessToken,
            newer.tokens.accessToken != nil
        {
            adopt(newer)
            return
        }
        var attempt = 1
        while true {
            guard let request = dialect.renewal(of: used, account: account, now: context.clock.now()) else {
                throw await refused(reason)
            }
            let problem: Problem
            switch try await exchange(request, renewalCall) {
            case .fault(let error):
                problem = Wording.transport(error, subject: "a new token", host: host)
            case .answer(let answer):
                switch dialect.renewed(by: answer, old: used, now: context.clock.now()) {
                case .tokens(let fresh):
                    try await store(fresh)
                    return
                case .refused(let code, let message):
                    countError()
                    throw await refused(refusal(code, message))
                case .failed(let failure):
                    countError()
                    if failure.retry == .throttled { noteThrottle() }
                    problem = Wording.failure(failure, answer: answer, subject: "a new token", connection: connection)
                    if failure.retry == .never { throw recorded(problem) }
                }
            }
            let policy = RetryPolicy(maxAttempts: connection.run.maxAttempts)
            guard let delay = policy.delay(after: attempt, retryAfter: nil, random: context.random()) else {
                throw recorded(problem)
            }
            noteRetry()
            try await context.control.pause(delay)
            attempt += 1
        }
    }

    /// The layout of a renewal's answer: the envelope alone.
    private var renewalCall: Call {
        Call(
            .post, "", layout: PageLayout(envelope: dialect.envelope), subject: "a new token")
    }

    func refusal(_ code: String?, _ message: String?) -> String {
        let words = message.map { ": \($0.prefix(200))" } ?? ""
        return "\(host) no longer takes the token\(code.map { " (code \($0))" } ?? "")\(words)"
    }

    func refused(_ reason: String) async -> Problem {
        await refused(Wording.authorization(connection, reason: reason))
    }

    /// Keeps in the vault that a person is needed; the tokens stay.
    func refused(_ problem: Problem) async -> Problem {
        var marked = entry
        marked.refused = context.redactor.redact(problem.message)
        try? await vault.store(marked, of: connection.id)
        entry = marked
        return recorded(problem)
    }

    /// Asks whose account the token opens.
    ///
    /// - Returns: nil where the app may not ask.
    package func identify() async throws(Problem) -> AccountIdentity? {
        do {
            let answer = try await call(dialect.identity)
            return dialect.identity(in: answer)
        } catch {
            if error.code == .notPermitted { return nil }
            throw error
        }
    }
}

extension Problem {
    /// Whether the run itself is to end.
    package var isStop: Bool { code == .interrupted || code == .deadlineReached || code == .budgetReached }
}

extension Session {
    /// Lets other processes use the tokens again.
    func release() { lock = nil }
}
