import JSON

/// The end of a pull: proof that the listing was whole, deletion marks, and the settled cursor.
extension ResourcePull {
    /// The platform's own figure; nil where it has none, or gives none to this app.
    func count(_ listing: Listing) async throws -> Int? {
        var total = 0
        let calls = listing.countCalls
        guard !calls.isEmpty else { return nil }
        for call in calls {
            guard let answer = try await answer(to: call), let figure = listing.statedTotal(answer) else {
                return nil
            }
            total += figure
        }
        return total
    }

    /// The answer to a call that the platform may refuse without harm; nil where it does.
    func answer(to call: Call) async throws(Problem) -> Answer? {
        do {
            return try await session.call(call)
        } catch {
            if error.code == .notPermitted || error.code == .requestRejected { return nil }
            throw error
        }
    }

    func finish(
        _ pull: Pull, _ sequence: PageSequence, _ listing: Listing, _ state: ResourceState?,
        _ result: inout ResourceResult
    ) async throws {
        var settlement = Settlement(isFull: pull.kind == .full)
        if resource.cursor != nil, let high = pull.checkpoint?.high {
            settlement.cursor = min(high, pull.ceiling)
        }
        if pull.kind == .full {
            let isComplete = try await prove(pull, sequence, listing, &result)
            result.isComplete = isComplete
            if isComplete, !isOwnOnly { settlement.gone = try await gone(pull, listing, &result) }
        }
        try await mirror.finish(
            pull, settlement, of: resource, on: platform, connection: connection.id, run: run,
            now: context.clock.now())
        result.counts.deleted += settlement.gone.count
        if pull.kind != .backfill {
            result.cursorTo = [settlement.cursor, state?.cursor].compactMap { $0 }.max()?.text
        }
    }

    /// Whether the listing was whole: the platform's count before or after agrees, where there is one.
    func prove(
        _ pull: Pull, _ sequence: PageSequence, _ listing: Listing, _ result: inout ResourceResult
    ) async throws -> Bool {
        if case .pageNumber = resource.pagination { return proveByNumber(pull, sequence, &result) }
        result.listed = pull.listed
        guard resource.window == nil else { return false }
        let received = pull.checkpoint?.distinct ?? 0
        guard let before = pull.listed,
            (pull.checkpoint?.page ?? 0) > listing.segments.count || sequence.isDoubtful
        else {
            return !sequence.isDoubtful
        }
        let after = try await count(listing)
        result.listed = after ?? before
        if received == before || received == after { return true }
        result.warnings.append(Wording.count(resource.name, received: received, before: before, after: after))
        return false
    }

    /// Rows that exist no more: not listed, not held back by `max_shrink`, and not there when asked for by id.
    func gone(_ pull: Pull, _ listing: Listing, _ result: inout ResourceResult) async throws
        -> [Int64]
    {
        let unseen = try await mirror.unseen(by: pull, of: resource, on: platform, connection: connection.id)
        guard !unseen.rows.isEmpty else { return [] }
        guard Double(unseen.rows.count) <= Double(unseen.live) * connection.run.maxShrink else {
            result.warnings.append(
                Wording.shrink(
                    resource.name, gone: unseen.rows.count, live: unseen.live, limit: connection.run.maxShrink
                ))
            return []
        }
        let present = try await present(unseen.rows.map(\.id), listing)
        guard !present.isEmpty else { return unseen.rows.map(\.row) }
        result.warnings.append(Wording.stillThere(resource.name, count: present.count))
        result.isComplete = false
        return unseen.rows.filter { !present.contains($0.id) }.map(\.row)
    }

    /// Which of these ids the platform still has, asked one by one where it can be.
    func present(_ ids: [String], _ listing: Listing) async throws -> Set<String> {
        var found: Set<String> = []
        for call in listing.lookupCalls(ids) {
            guard let answer = try await answer(to: call) else { return [] }
            guard case .success(let page) = answer.page else { continue }
            for index in 0..<page.count {
                found.insert(page.id(index))
            }
        }
        return found.intersection(ids)
    }

    func warn(_ result: inout ResourceResult) {
        if result.counts.duplicate > 0 {
            result.warnings.append(Wording.duplicates(resource.name, result.counts.duplicate))
        }
        if result.unreadableTimes > 0 {
            result.warnings.append(Wording.unreadableTimes(resource.name, result.unreadableTimes))
        }
        if result.repairedTexts > 0 {
            result.warnings.append(Wording.repairedTexts(resource.name, result.repairedTexts))
        }
        result.warnings = result.warnings.map { warning in
            var warning = warning.of(connection.id, resource.name)
            warning.at = context.clock.now()
            return warning
        }
    }
}
