import Digest
import HTTP
import JSON

/// One connection's calls: its tokens, pace, retries and statistics. Calls are serial but for one page fetched ahead.
package actor Session {
    package nonisolated let connection: Connection
    package nonisolated let account: AccountAccess
    nonisolated let context: RunContext
    nonisolated let vault: Vault
    var entry: VaultEntry
    var lock: FileLock?
    package private(set) var statistics = HTTPStatistics()
    package var refreshes = 0
    /// The platform's clock minus ours at the last answer, in seconds.
    package private(set) var platformSkew: Int64?
    private var paceKey: String
    /// The Authorization header that was sent last.
    var knownSignature: String?
    /// The access token for which a keep-alive call was already made.
    var keptAlive: String?
    /// How often this run got other tokens from the platform.
    var renewals = 0
    /// Access tokens that were replaced and still have to be signed out.
    var retired: [String] = []
    /// Why the tokens could not be renewed ahead of time, while the old one still works.
    package internal(set) var renewalProblem: Problem?
    /// Tokens that are not stored before their account is known.
    nonisolated let isTentative: Bool

    var dialect: any Dialect { connection.platform.dialect }
    package var tokens: TokenSet { entry.tokens }

    /// Opens a connection's secrets and tokens.
    ///
    /// - Parameters:
    ///   - connection: The connection.
    ///   - vault: Where its tokens are.
    ///   - context: What the run depends on.
    /// - Returns: The session.
    /// - Throws: `Problem`: `config_invalid` for a secret that cannot be had, `needs_authorization` without any token.
    package static func open(
        _ connection: Connection, vault: Vault, context: RunContext
    ) async throws(Problem) -> Session {
        let account = try AccountAccess(opening: connection, context: context)
        let stored = try await TokenSeed(connection, context).entry(vault: vault) {
            () async throws(Problem) in
            try await TokenLock.take(connection.id, vault: vault, context: context)
        }
        context.redactor.learn(stored.tokens.secrets)
        let session = Session(connection, account, stored, vault, context)
        if connection.platform.dialect.rotatesOnAnyAnswer { try await session.holdLock() }
        return session
    }

    /// Calls with tokens that nobody has vouched for yet; the vault is left alone.
    static func tentative(
        _ connection: Connection, _ account: AccountAccess, _ tokens: TokenSet, vault: Vault,
        context: RunContext
    ) -> Session {
        let entry = VaultEntry(
            platform: connection.platform.id, tokens: tokens, seedSHA256: nil, obtainedAt: context.clock.now()
        )
        context.redactor.learn(tokens.secrets)
        return Session(connection, account, entry, vault, context, isTentative: true)
    }

    private init(
        _ connection: Connection, _ account: AccountAccess, _ entry: VaultEntry, _ vault: Vault,
        _ context: RunContext,
        isTentative: Bool = false
    ) {
        self.isTentative = isTentative
        self.connection = connection
        self.account = account
        self.entry = entry
        self.vault = vault
        self.context = context
        paceKey = "connection:\(connection.id)"
    }

    /// Connections that share an account share its pace.
    package func share(_ account: AccountIdentity) { paceKey = "\(connection.platform.id):\(account.id)" }

    private func holdLock() async throws(Problem) {
        lock = try await takeLock()
        try await vault.confirmWritable(now: context.clock.monotonic())
        if let newer = try await vault.entry(connection.id) { adopt(newer) }
    }

    func takeLock() async throws(Problem) -> FileLock {
        try await TokenLock.take(connection.id, vault: vault, context: context)
    }

    func adopt(_ newer: VaultEntry) {
        context.redactor.learn(newer.tokens.secrets)
        entry = newer
    }

    // MARK: Calls

    /// Sends a call until it is answered for good: pace, retries, renewal and token storage are all in here.
    package func call(_ call: Call) async throws(Problem) -> Answer {
        guard let executor = context.besideWriting() else { return try await answer(to: call) }
        return try await withTaskExecutorPreference(executor) { () async throws(Problem) in
            try await answer(to: call)
        }
    }

    private func answer(to call: Call) async throws(Problem) -> Answer {
        try await renewIfDue(before: call)
        var attempt = 1
        var renewed = Renewed.not
        var hasAskedAgain = false
        while true {
            let used = tokens
            let request = dialect.request(for: call, tokens: used, account: account)
            let problem: Problem
            var retry = Failure.Retry.backOff
            var retryAfter: Double?
            switch try await exchange(request, call) {
            case .fault(let error):
                problem = Wording.transport(error, subject: call.subject, host: host)
                if !RetryPolicy.mayRepeat(error) { retry = .never }
            case .answer(let answer):
                retryAfter = RetryPolicy.retryAfter(answer.headers, now: context.clock.now())
                switch dialect.verdict(on: answer) {
                case .accepted:
                    guard case .failure(let error) = answer.page else { return answer }
                    if error.kind == .recordsMissing, dialect.saysEmpty(answer), let empty = answer.emptied()
                    {
                        return empty
                    }
                    countError()
                    problem = Wording.malformed(error, answer: answer, subject: call.subject, host: host)
                    guard !hasAskedAgain, error.mayBeTransient else { throw recorded(problem) }
                    hasAskedAgain = true
                    continue
                case .tokenExpired(let code, let message):
                    countError()
                    let reason = refusal(code, message)
                    renewed = try await renewOnce(after: renewed, instead: used, reason: reason)
                    continue
                case .failed(let failure):
                    countError()
                    if failure.retry == .throttled { statistics.throttled += 1 }
                    problem = Wording.failure(
                        failure, answer: answer, subject: call.subject, connection: connection)
                    retry = failure.retry
                    if problem.code == .needsAuthorization { throw await refused(problem) }
                }
            }
            try await wait(after: attempt, retry, retryAfter, problem)
            attempt += 1
        }
    }

    nonisolated var host: String { URLParts.parse(connection.baseURL)?.host ?? connection.platform.id }

    private func wait(
        after attempt: Int, _ retry: Failure.Retry, _ retryAfter: Double?, _ problem: Problem
    ) async throws(Problem) {
        let policy = RetryPolicy(maxAttempts: connection.run.maxAttempts)
        guard retry != .never,
            let delay = policy.delay(after: attempt, retryAfter: retryAfter, random: context.random())
        else { throw recorded(problem) }
        statistics.retries += 1
        let shown = Double(Int(delay * 10)) / 10
        context.log(
            .info, "attempt \(attempt) failed, next in \(shown) s: \(problem.message)",
            connection: connection.id)
        context.progress.update(connection.id, at: context.clock.monotonic()) { line in
            line.retries += 1
            line.waiting = "retry in \(shown) s"
        }
        do {
            try await context.control.pause(delay)
        } catch {
            // The limit is the reason to stop, but what kept failing is what a person wants to know.
            if error.code == .deadlineReached, context.control.stopReason == nil { throw recorded(problem) }
            throw error
        }
        context.progress.update(connection.id, at: context.clock.monotonic()) { $0.waiting = "" }
    }

    enum Outcome {
        case answer(Answer)
        case fault(TransportError)
    }

    /// Sends one request and reads its answer.
    ///
    /// Tokens that came back are in the vault when this returns.
    func exchange(_ request: HTTPRequest, _ call: Call) async throws(Problem) -> Outcome {
        try context.control.spendRequest()
        let delay = context.pacer.delay(
            paceKey, connection.pace ?? connection.platform.pace, now: context.clock.monotonic())
        if delay > 0 { try await context.control.pause(delay) }
        statistics.requests += 1
        context.log(.debug, request.description, connection: connection.id)
        var request = request
        if !request.headers.contains(where: { $0.name.lowercased() == "user-agent" }) {
            request.headers.append(("User-Agent", "shopmirror"))
        }
        learnSignature(of: request)
        // The beginning of an answer that is too large may hold the only copy of a rotated pair.
        request.keepsBeginning = dialect.rotatesOnAnyAnswer
        switch await send(request) {
        case .failure(let error) where error.kind == .noLibrary:
            statistics.requests -= 1
            return .fault(error)
        case .failure(let error):
            statistics.errors += 1
            statistics.bytesReceived += error.wireBytes
            statistics.latencies.append(error.durationMilliseconds)
            try await salvage(error.received)
            return .fault(error)
        case .success(var response):
            statistics.bytesReceived += response.wireBytes
            statistics.latencies.append(response.durationMilliseconds)
            context.instant(.afterReceive)
            let answer = Answer(
                scanning: &response, layout: call.layout, hashing: call.hashed,
                isQuotable: !dialect.hidesBodies)
            if let date = response.headers["Date"].flatMap(HTTPDate.read) {
                platformSkew = date.secondsSinceEpoch - context.clock.now().secondsSinceEpoch
            }
            if let found = dialect.tokens(in: answer, current: tokens, now: context.clock.now()),
                found != tokens
            {
                try await store(found)
            }
            return .answer(answer)
        }
    }

    /// A request is never cut off half way by us: its answer may carry the only copy of a rotated token.
    private func send(_ request: HTTPRequest) async -> Result<HTTPResponse, TransportError> {
        var request = request
        request.isCancellable = false
        do throws(TransportError) {
            return .success(try await context.transport.send(request))
        } catch {
            return .failure(error)
        }
    }

    /// Looks for a rotated pair in what was left of a broken answer.
    private func salvage(_ bytes: [UInt8]) async throws(Problem) {
        guard dialect.rotatesOnAnyAnswer, !bytes.isEmpty else { return }
        let answer = Answer(salvaging: bytes, envelope: dialect.envelope)
        guard let found = dialect.tokens(in: answer, current: tokens, now: context.clock.now()),
            found != tokens
        else {
            return
        }
        try await store(found)
    }

    func countError() { statistics.errors += 1 }
    func noteThrottle() { statistics.throttled += 1 }
    func noteRetry() { statistics.retries += 1 }

    func recorded(_ problem: Problem) -> Problem {
        var problem = problem
        problem.message = context.redactor.redact(problem.message)
        problem.connection = connection.id
        problem.at = problem.at ?? context.clock.now()
        return problem
    }
}
