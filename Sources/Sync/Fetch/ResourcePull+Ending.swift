import JSON

/// The end of a pull: proof that the listing was whole, deletion marks, and the settled cursor.
extension ResourcePull {
    /// Settles a pull whose last page is stored: what it proves, what is gone, and where the cursor stands.
    func finish(
        _ pull: Pull, _ sequence: PageSequence, _ listing: Listing, _ state: ResourceState?,
        _ result: inout ResourceResult
    ) async throws {
        var pull = pull
        var settlement = Settlement(isFull: pull.kind == .full)
        if resource.cursor != nil, let high = pull.checkpoint?.high {
            settlement.cursor = min(high, pull.ceiling)
        }
        switch pull.kind {
        case .full:
            let unseen = try await mirror.unseen(
                by: pull, of: resource, on: platform, connection: connection.id)
            let isComplete = try await prove(
                pull, sequence, listing, hasUnseen: !unseen.rows.isEmpty, &result)
            result.isComplete = isComplete
            if isComplete, !isOwnOnly { settlement.gone = try await gone(unseen, &pull, listing, &result) }
        case .incremental:
            if try await lacksRows(pull, listing, &result) { settlement.cursor = nil }
        case .backfill: break
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
    ///
    /// One short page with nothing missing from it needs no count.
    private func prove(
        _ pull: Pull, _ sequence: PageSequence, _ listing: Listing, hasUnseen: Bool,
        _ result: inout ResourceResult
    ) async throws -> Bool {
        if case .pageNumber = resource.pagination { return proveByNumber(pull, sequence, &result) }
        result.listed = pull.listed
        guard resource.window == nil else { return false }
        let received = pull.checkpoint?.distinct ?? 0
        let isLong = (pull.checkpoint?.page ?? 0) > listing.segments.count
        let isPlain = !isLong && !hasUnseen && received > 0 && received < listing.plan.limit
        guard !isPlain || sequence.isDoubtful else { return true }
        let after = try await count(listing)
        let figures = [pull.listed, after].compactMap { $0 }
        guard !figures.isEmpty else { return !sequence.isDoubtful }
        result.listed = after ?? pull.listed
        if figures.contains(received) { return true }
        result.warnings.append(
            Wording.count(resource.name, received: received, before: pull.listed, after: after))
        return false
    }

    /// Whether an incremental listing of several pages left something out.
    ///
    /// Then the platform counts more records in its time span than the mirror has there. Records only ever leave that
    /// span, so edits raise no false alarm.
    private func lacksRows(_ pull: Pull, _ listing: Listing, _ result: inout ResourceResult) async throws
        -> Bool
    {
        guard let since = pull.since, resource.cursor?.until != nil, resource.count?.takesBounds ?? false,
            (pull.checkpoint?.page ?? 0) > listing.segments.count,
            let counted = try await count(listing, until: pull.ceiling)
        else { return false }
        let held = try await mirror.count(
            of: resource, on: platform, connection: connection.id, from: since, through: pull.ceiling)
        guard counted > held else { return false }
        result.warnings.append(Wording.window(resource.name, held: held, counted: counted))
        return true
    }

    /// Rows that exist no more: not listed, not held back by `max_shrink`, and not there when asked for by id.
    private func gone(
        _ unseen: (rows: [(row: Int64, id: String)], live: Int), _ pull: inout Pull, _ listing: Listing,
        _ result: inout ResourceResult
    ) async throws -> [Int64] {
        guard !unseen.rows.isEmpty else { return [] }
        guard Double(unseen.rows.count) <= Double(unseen.live) * connection.run.maxShrink else {
            result.warnings.append(
                Wording.shrink(
                    resource.name, gone: unseen.rows.count, live: unseen.live, limit: connection.run.maxShrink
                ))
            return []
        }
        let present = try await present(unseen.rows.map(\.id), &pull, listing, &result)
        guard !present.isEmpty else { return unseen.rows.map(\.row) }
        result.warnings.append(Wording.stillThere(resource.name, count: present.count))
        result.isComplete = false
        return unseen.rows.filter { !present.contains($0.id) }.map(\.row)
    }

    /// Which of these ids the platform still has, asked by id where it can be.
    ///
    /// What comes is stored, so that a row that slipped through the listing is up to date all the same.
    private func present(
        _ ids: [String], _ pull: inout Pull, _ listing: Listing, _ result: inout ResourceResult
    ) async throws -> Set<String> {
        var found: Set<String> = []
        for pass in listing.lookupPasses {
            for call in listing.lookupCalls(ids.filter { !found.contains($0) }, pass: pass) {
                guard let answer = try await answer(to: call) else { return [] }
                guard case .success(let page) = answer.page, page.count > 0 else { continue }
                for index in 0..<page.count {
                    found.insert(page.id(index))
                }
                try await write(page, PageSequence.Step(), &pull, &result)
            }
        }
        return found.intersection(ids)
    }

    // MARK: Asking

    /// The platform's own figure; nil where it has none, or gives none to this app.
    func count(_ listing: Listing, until: Timestamp? = nil) async throws -> Int? {
        var total = 0
        let calls = listing.countCalls(until: until)
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
