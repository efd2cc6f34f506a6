/// One connection of a run: token, account, then its resources in turn.
struct ConnectionSync {
    let connection: Connection
    let plans: [ResourcePlan]
    let mirror: MirrorStore
    let vault: Vault
    let options: RunOptions
    let run: String
    let context: RunContext

    func run() async -> ConnectionResult {
        var result = ConnectionResult(id: connection.id, platform: connection.platform.id)
        result.resources = plans.map(untouched)
        guard context.control.stopReason == nil else { return result }
        let start = context.clock.monotonic()
        result.startedAt = context.clock.now()
        context.progress.update(connection.id, at: start) { _ in }
        do {
            let session = try await Session.open(connection, vault: vault, context: context)
            await pull(with: session, &result)
            await close(session, &result)
        } catch {
            fail(error, &result)
        }
        result.finishedAt = context.clock.now()
        result.seconds = context.clock.monotonic() - start
        let status = result.status.rawValue
        context.progress.update(connection.id, at: context.clock.monotonic()) { line in
            line.isFinished = true
            line.status = status
        }
        return result
    }

    private func untouched(_ plan: ResourcePlan) -> ResourceResult {
        var result = ResourceResult(
            name: plan.resource.name, table: MirrorSchema.view(of: plan.resource, on: connection.platform))
        result.mode =
            options.isBackfill
            ? .backfill : options.isFull || plan.resource.cursor == nil ? .full : .incremental
        return result
    }

    private func fail(_ problem: Problem, _ result: inout ConnectionResult) {
        var problem = problem.of(connection.id)
        problem.message = context.redactor.redact(problem.message)
        problem.at = problem.at ?? context.clock.now()
        result.problem = problem
    }

    private func pull(with session: Session, _ result: inout ConnectionResult) async {
        do {
            result.account = try await confirm(session)
        } catch {
            return fail(error, &result)
        }
        for index in plans.indices {
            guard context.control.stopReason == nil else { break }
            context.progress.update(connection.id, at: context.clock.monotonic()) { line in
                line.resource = plans[index].resource.name
                line.page = 0
                line.records = 0
                line.waiting = ""
            }
            let pull = ResourcePull(
                session: session, plan: plans[index], mirror: mirror, options: options, run: run)
            result.resources[index] = await pull.run()
            if let problem = result.resources[index].problem, problem.stopsConnection {
                if !problem.isStop { result.problem = problem }
                break
            }
        }
        if let reason = context.control.stopReason,
            result.resources.contains(where: { $0.status == .skipped }),
            result.problem == nil, !result.resources.contains(where: { $0.problem?.isStop ?? false })
        {
            fail(Wording.stopped(reason), &result)
        }
    }

    /// Asks whose account the token opens; another one than the mirror's rows belong to ends the connection.
    private func confirm(_ session: Session) async throws(Problem) -> AccountIdentity? {
        let held = try await mirror.account(of: connection.id)
        guard let found = try await session.identify() else {
            context.log(.info, "whose account this is cannot be asked for", connection: connection.id)
            return held
        }
        if let held, held.id != found.id {
            throw Wording.identity(connection.id, held: held, found: found)
        }
        await session.share(found)
        try await mirror.remember(
            found, of: connection.id, platform: connection.platform.id, now: context.clock.now())
        await session.signOutRetired()
        return found
    }

    private func close(_ session: Session, _ result: inout ConnectionResult) async {
        if result.problem == nil { await session.signOutRetired() }
        let tokens = await session.tokens
        result.refreshes = await session.refreshes
        result.refreshExpiresAt = tokens.refreshExpiresAt
        result.accessExpiresAt = connection.platform.dialect.expiry(of: tokens)
        result.statistics = await session.statistics
        await warn(session, &result)
        await session.release()
    }

    /// Warns of tokens that may be gone before the next run.
    private func warn(_ session: Session, _ result: inout ConnectionResult) async {
        let now = context.clock.now()
        let tokens = await session.tokens
        var warning: Problem?
        if let problem = await session.renewalProblem {
            warning = Wording.notRenewed(
                connection, problem, until: connection.platform.dialect.expiry(of: tokens))
        } else if result.status != .needsAuthorization {
            let entry = VaultEntry(
                platform: connection.platform.id, tokens: tokens, seedSHA256: nil, obtainedAt: now)
            let spacing = try? await mirror.runSpacing()
            warning = TokenOutlook(connection, entry: entry, fingerprint: nil, now: now)
                .warning(now: now, spacing: spacing)
        }
        guard var warning = warning?.of(connection.id) else { return }
        warning.at = now
        result.warnings.append(warning)
    }
}
