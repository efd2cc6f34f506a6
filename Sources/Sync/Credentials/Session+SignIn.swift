import HTTP
import JSON

extension Session {
    /// Exchanges what a callback brought.
    ///
    /// A lost answer is not asked for again: the code works once.
    func take(_ request: HTTPRequest, for grant: SignInGrant) async throws(Problem) {
        let policy = RetryPolicy(maxAttempts: connection.run.maxAttempts)
        let subject = "the sign-in"
        var attempt = 1
        while true {
            let answer: Answer
            switch try await exchange(request, renewalCall) {
            case .fault(let error):
                throw recorded(
                    Wording.lostSignIn(Wording.transport(error, subject: subject, host: host), connection))
            case .answer(let found): answer = found
            }
            switch dialect.signIn.exchanged(by: answer, for: grant, now: context.clock.now()) {
            case .tokens(let fresh):
                try await store(fresh)
                return
            case .refused(let code, let message):
                countError()
                throw recorded(
                    Wording.withClock(
                        Wording.codeRefused(connection, host: host, code: code, message: message),
                        skew: platformSkew,
                        host: host))
            case .failed(let failure):
                countError()
                let problem = Wording.failure(
                    failure, answer: answer, subject: subject, connection: connection)
                guard failure.retry != .never,
                    let delay = policy.delay(
                        after: attempt,
                        retryAfter: RetryPolicy.retryAfter(answer.headers, now: context.clock.now()),
                        random: context.random())
                else { throw recorded(Wording.withClock(problem, skew: platformSkew, host: host)) }
                try await context.control.pause(delay)
                attempt += 1
            }
        }
    }

    /// Gets an access token for a set that has none, such as a refresh token alone.
    func firstAccessToken() async throws(Problem) {
        guard let request = dialect.renewal(of: tokens, account: account, now: context.clock.now()) else {
            throw recorded(Wording.incompleteTokens(connection))
        }
        try await take(request, for: SignInGrant(tokens: tokens))
    }

    /// The platform's clock minus ours, asked for with a request that means nothing; nil when it cannot be had.
    func measuredSkew() async -> Int64? {
        let request = HTTPRequest(
            url: connection.baseURL + "/", timeoutMilliseconds: 10_000, maximumResponseBytes: 1 << 20)
        let call = Call(.get, "", layout: PageLayout(envelope: []), subject: "the time")
        _ = try? await exchange(request, call)
        return platformSkew
    }
}
