/// What can be done with a connection's tokens without pulling anything.
package struct TokenKeeper: Sendable {
    let connection: Connection
    let vault: Vault
    let context: RunContext

    package init(_ connection: Connection, vault: Vault, context: RunContext) {
        self.connection = connection
        self.vault = vault
        self.context = context
    }

    /// What became of a renewal or of the question whose account it is.
    package struct Outcome: Sendable {
        package var identity: AccountIdentity?
        package var hasRenewed = false
        package var tokens = TokenSet()
        package var problem: Problem?
    }

    /// Renews what is due.
    ///
    /// - Parameter held: The account whose rows the mirror holds for the connection.
    /// - Returns: What became of it.
    package func refresh(held: AccountIdentity?) async -> Outcome {
        await outcome { session, outcome throws(Problem) in
            if connection.platform.dialect.rotatesOnAnyAnswer {
                // The cheapest call rotates the pair by itself once the access token has ended.
                outcome.identity = try await session.identify()
            } else {
                try await session.renewWhatIsDue()
                // A new token is confirmed before the one it replaces is signed out.
                if await !session.retired.isEmpty { outcome.identity = try await session.identify() }
            }
            try check(outcome.identity, held)
        }
    }

    /// Asks whose account the token opens.
    ///
    /// - Parameter held: The account whose rows the mirror holds for the connection.
    /// - Returns: What became of it.
    package func identify(held: AccountIdentity?) async -> Outcome {
        await outcome { session, outcome throws(Problem) in
            outcome.identity = try await session.identifyOrTry()
            try check(outcome.identity, held)
        }
    }

    private func outcome(
        _ body: (Session, inout Outcome) async throws(Problem) -> Void
    ) async -> Outcome {
        var outcome = Outcome()
        do throws(Problem) {
            let session = try await Session.open(connection, vault: vault, context: context)
            do throws(Problem) {
                try await body(session, &outcome)
                await session.signOutRetired()
            } catch {
                outcome.problem = error.of(connection.id)
            }
            outcome.tokens = await session.tokens
            outcome.hasRenewed = await session.refreshes > 0
            await session.release()
        } catch {
            outcome.problem = error.of(connection.id)
        }
        if var problem = outcome.problem {
            problem.message = context.redactor.redact(problem.message)
            outcome.problem = problem
        }
        return outcome
    }

    private func check(_ found: AccountIdentity?, _ held: AccountIdentity?) throws(Problem) {
        guard let found, let held, found.id != held.id else { return }
        throw Wording.identity(connection.id, held: held, found: found)
    }

    /// Drops the tokens, signing out first where the platform can.
    ///
    /// - Returns: Whether there were any, and whether the platform was told; nil where it has no such call.
    /// - Throws: `Problem` when another process holds the tokens, or the vault cannot be written.
    package func forget() async throws(Problem) -> (had: Bool, signedOut: Bool?) {
        let lock = try await TokenLock.take(connection.id, vault: vault, context: context, waiting: 10)
        defer { withExtendedLifetime(lock) {} }
        var signedOut: Bool?
        if let token = try await vault.entry(connection.id)?.tokens.accessToken,
            let account = try? AccountAccess(opening: connection, context: context),
            connection.platform.dialect.signOut(of: token, account: account) != nil
        {
            let session = Session.tentative(
                connection, account, TokenSet(accessToken: token), vault: vault, context: context)
            signedOut = await session.signOut(token)
        }
        return (try await vault.forget(connection.id), signedOut)
    }
}

extension Session {
    /// Renews now if it is time, and says so when it cannot be done.
    func renewWhatIsDue() async throws(Problem) {
        try await renewIfDue(before: dialect.identity)
        if let problem = renewalProblem { throw problem }
    }
}

/// Does the same with many things, so many at a time.
///
/// - Parameters:
///   - elements: The things.
///   - limit: How many at the same time.
///   - body: What is done.
/// - Returns: What came of each, in their order.
package func boundedMap<Element: Sendable, Output: Sendable>(
    _ elements: [Element], limit: Int, _ body: @escaping @Sendable (Element) async -> Output
) async -> [Output] {
    var outputs: [Int: Output] = [:]
    await withTaskGroup(of: (Int, Output).self) { group in
        var waiting = elements.enumerated().makeIterator()
        func startNext() {
            guard let (index, element) = waiting.next() else { return }
            group.addTask { (index, await body(element)) }
        }
        for _ in 0..<max(1, limit) { startNext() }
        while let (index, output) = await group.next() {
            outputs[index] = output
            startNext()
        }
    }
    return outputs.sorted { $0.key < $1.key }.map(\.value)
}
