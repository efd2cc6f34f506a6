import JSON

/// Asks the platforms again for a random sample of mirrored records, by id, and compares.
package struct VerifyRun: Sendable {
    let config: Config
    let options: RunOptions
    let context: RunContext
    /// Rows of each resource.
    let sample: Int
    let seed: UInt64

    package init(config: Config, options: RunOptions, context: RunContext, sample: Int, seed: UInt64) {
        self.config = config
        self.options = options
        self.context = context
        self.sample = sample
        self.seed = seed
    }

    /// Compares one connection after the other.
    ///
    /// - Returns: A result for every resource that can be asked for by id, and every problem.
    /// - Throws: `Problem` when the mirror or the vault cannot be used.
    package func run() async throws(Problem) -> (results: [VerifyResult], problems: [Problem]) {
        let mirror = try VerifySample(path: config.storage.mirror)
        let vault = try Vault(path: config.storage.vault)
        var results: [VerifyResult] = []
        var problems: [Problem] = []
        for (connection, plans) in SyncRun.selection(config, options) {
            do throws(Problem) {
                let found = try await compare(connection, plans, mirror, vault)
                results += found
                problems += found.compactMap(\.problem)
            } catch {
                problems.append(told(error).of(connection.id))
            }
            if context.control.stopReason != nil { break }
        }
        await vault.close()
        return (results, problems)
    }

    private func told(_ problem: Problem) -> Problem {
        var problem = problem
        problem.message = context.redactor.redact(problem.message)
        problem.at = problem.at ?? context.clock.now()
        return problem
    }

    private func compare(
        _ connection: Connection, _ plans: [ResourcePlan], _ mirror: VerifySample, _ vault: Vault
    ) async throws(Problem) -> [VerifyResult] {
        var results: [VerifyResult] = []
        let plans = plans.filter { $0.resource.lookup != nil }
        guard !plans.isEmpty else { return [] }
        let session = try await Session.open(connection, vault: vault, context: context)
        do throws(Problem) {
            let held = try mirror.account(of: connection.id)
            if let found = try await session.identify() {
                if let held, held.id != found.id {
                    throw Wording.identity(connection.id, held: held, found: found)
                }
                await session.share(found)
            }
            for plan in plans {
                let name = plan.resource.name
                guard let state = try mirror.state(connection: connection.id, resource: name) else {
                    continue
                }
                var result = VerifyResult(connection.id, name)
                do throws(Problem) {
                    try await compare(plan, state.cursor, session, mirror, &result)
                } catch {
                    result.problem = told(error).of(connection.id, name)
                    if error.stopsConnection { throw error }
                }
                results.append(result)
            }
        } catch {
            await session.release()
            throw error
        }
        await session.release()
        return results
    }

    private func compare(
        _ plan: ResourcePlan, _ cursor: Timestamp?, _ session: Session, _ mirror: VerifySample,
        _ result: inout VerifyResult
    ) async throws(Problem) {
        let connection = session.connection
        var random = VerifyRandom(seed: seed ^ ShardHash.value("\(connection.id)/\(plan.resource.name)"))
        let view = MirrorSchema.view(of: plan.resource, on: connection.platform)
        let (rows, total) = try mirror.rows(sample, of: view, connection: connection.id, random: &random)
        result.rows = total
        result.sampled = rows.count
        var missing = Dictionary(rows.map { ($0.id, $0.payload) }) { first, _ in first }
        let settled =
            plan.resource.cursor == nil ? nil : cursor?.adding(seconds: -connection.run.overlapSeconds)
        let listing = Listing(
            of: plan, connection: connection, since: nil, until: nil, now: context.clock.now(), kind: .full)
        let asked = Set(missing.keys)
        for pass in listing.lookupPasses {
            let ids = rows.map(\.id).filter { missing[$0] != nil }
            for call in listing.lookupCalls(ids, pass: pass) {
                guard case .success(let page) = try await session.call(call).page else { continue }
                for index in 0..<page.count {
                    let id = page.id(index)
                    guard asked.contains(id) else { throw Wording.lookupIgnored(plan.resource.name) }
                    guard let held = missing.removeValue(forKey: id) else { continue }
                    compare(page, index, id, held, settled, connection.platform.times, &result)
                }
            }
        }
        result.gone = missing.count
        result.drifted.sort()
    }

    private func compare(
        _ page: borrowing ScannedPage, _ index: Int, _ id: String, _ held: [UInt8], _ settled: Timestamp?,
        _ times: TimeForm, _ result: inout VerifyResult
    ) {
        if page.withPayload(index, { $0.elementsEqual(held) }) {
            result.equal += 1
            return
        }
        let updated = page.withUpdated(index) { bytes in
            bytes.flatMap { TimeReader.read($0, zone: times.zone) }
        }
        // Without a time, or without a cursor, only a full pull can see a change.
        guard let settled, let updated, updated < settled else {
            result.changed += 1
            return
        }
        result.drifted.append(id)
    }
}
