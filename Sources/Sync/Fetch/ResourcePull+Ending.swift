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
            var unseen = try await mirror.unseen(
                by: pull, of: resource, on: platform, connection: connection.id)
            let isHeld = Double(unseen.rows.count) > Double(unseen.live) * connection.run.maxShrink
            // Where ids cannot be asked for, only the count can tell whether rows are gone; one whole answer is its own proof.
            let needsCount = resource.lookup == nil && resource.pagination != .single
            let isSuspect = needsCount && !unseen.rows.isEmpty && !isHeld
            var proof = try await prove(
                pull, sequence, listing, passes: listing.ownSegments, isSuspect: isSuspect)
            // Deleted rows that were received make up for such that were missed, so an agreeing count is not enough here.
            if let position = closing(pull, listing), proof.lacksRows || proof.isMoving || proof.isPlain {
                var again = PageSequence(listing)
                try await walk(&pull, &again, from: position, &result)
                unseen = try await mirror.unseen(
                    by: pull, of: resource, on: platform, connection: connection.id)
                proof = try await prove(
                    pull, sequence, listing, passes: listing.segments.count, isSuspect: isSuspect)
            }
            let isComplete = proof.isComplete
            result.isComplete = isComplete
            result.listed = proof.listed
            result.warnings += proof.warnings
            // What slipped through is newer than the cursor of before, so the next incremental pull asks for it.
            if proof.lacksRows, state?.cursor != nil { settlement.cursor = nil }
            if isComplete, !isOwnOnly {
                settlement.gone = try await gone(
                    unseen, isCounted: proof.isCounted, &pull, listing, &result)
            }
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

    /// Where the pass begins that a full pull reads once more if need be; nil when it was read, or there is none.
    private func closing(_ pull: Pull, _ listing: Listing) -> Position? {
        guard let position = pull.checkpoint?.next.flatMap(Position.init(text:)), listing.isClosing(position)
        else { return nil }
        return position
    }

    private struct Proof {
        var isComplete: Bool
        /// The platform's own figure agrees, or one answer held everything.
        var isCounted = false
        /// One short page a pass was taken for the whole; nobody counted what may have moved between passes.
        var isPlain = false
        var lacksRows = false
        /// The platform's figure changed while the listing was read.
        var isMoving = false
        var listed: Int?
        var warnings: [Problem] = []
    }

    /// Whether the listing was whole: the platform's count before or after agrees, where there is one.
    ///
    /// One short page a pass needs no count, unless rows would be marked deleted that nothing else vouches for.
    private func prove(
        _ pull: Pull, _ sequence: PageSequence, _ listing: Listing, passes: Int, isSuspect: Bool
    ) async throws -> Proof {
        let received = pull.checkpoint?.distinct ?? 0
        if case .pageNumber = resource.pagination { return proof(received, [sequence.statedTotal], sequence) }
        guard resource.window == nil else { return Proof(isComplete: false, listed: pull.listed) }
        let isLong = (pull.checkpoint?.page ?? 0) > passes
        let isPlain =
            !isLong && !isSuspect && (resource.pagination == .single || received < listing.plan.limit)
        guard !isPlain || sequence.isDoubtful else {
            return Proof(isComplete: true, isCounted: true, isPlain: true, listed: pull.listed)
        }
        let after = try await count(listing)
        if after == Self.unreadableCount {
            let warning = Wording.count(resource.name, received: received, before: pull.listed, after: nil)
            return Proof(isComplete: false, listed: pull.listed, warnings: [warning])
        }
        return proof(received, [pull.listed, after], sequence)
    }

    private func proof(_ received: Int, _ counted: [Int?], _ sequence: PageSequence) -> Proof {
        let figures = counted.compactMap { $0 }.filter { $0 != Self.unreadableCount }
        guard let listed = figures.last else {
            return Proof(isComplete: !sequence.isDoubtful, warnings: [sequence.doubt].compactMap { $0 })
        }
        let isMoving = Set(figures).count > 1
        if figures.contains(received) {
            return Proof(isComplete: true, isCounted: true, isMoving: isMoving, listed: listed)
        }
        let warning = Wording.count(
            resource.name, received: received, before: counted.first ?? nil, after: counted.last ?? nil)
        return Proof(
            isComplete: false, lacksRows: figures.contains { received < $0 }, isMoving: isMoving,
            listed: listed,
            warnings: [warning])
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
        _ unseen: (rows: [(row: Int64, id: String)], live: Int), isCounted: Bool, _ pull: inout Pull,
        _ listing: Listing, _ result: inout ResourceResult
    ) async throws -> [Int64] {
        guard !unseen.rows.isEmpty else { return [] }
        guard Double(unseen.rows.count) <= Double(unseen.live) * connection.run.maxShrink else {
            result.warnings.append(
                Wording.shrink(
                    resource.name, gone: unseen.rows.count, live: unseen.live, limit: connection.run.maxShrink
                ))
            return []
        }
        switch try await answerOfLookup(unseen.rows.map(\.id), &pull, listing, &result) {
        case .gone: return unseen.rows.map(\.row)
        case .unknown where isCounted: return unseen.rows.map(\.row)
        case .unknown: result.warnings.append(Wording.unconfirmed(resource.name, count: unseen.rows.count))
        case .present(let count): result.warnings.append(Wording.stillThere(resource.name, count: count))
        }
        result.isComplete = false
        return []
    }

    /// What the platform says when it is asked by id for rows that a listing did not show.
    private enum LookupAnswer {
        case gone
        /// So many of them are there, so the listing was not whole.
        case present(Int)
        /// It sent what was not asked for, so it does not look at the ids.
        case unknown
    }

    /// Asks for rows by their ids; a resource without such a call has nothing to object.
    ///
    /// What comes is stored, so that a row that slipped through the listing is up to date all the same.
    private func answerOfLookup(
        _ ids: [String], _ pull: inout Pull, _ listing: Listing, _ result: inout ResourceResult
    ) async throws -> LookupAnswer {
        guard resource.lookup != nil else { return .gone }
        var found: Set<String> = []
        var hasForeign = false
        let asked = Set(ids)
        for pass in listing.lookupPasses {
            for call in listing.lookupCalls(ids.filter { !found.contains($0) }, pass: pass) {
                guard let answer = try await answer(to: call) else { return .unknown }
                guard case .success(let page) = answer.page, page.count > 0 else { continue }
                let shown = Set((0..<page.count).map { page.id($0) })
                found.formUnion(shown.intersection(asked))
                hasForeign = hasForeign || !shown.isSubset(of: asked)
                try await write(page, PageSequence.Step(), &pull, &result)
            }
        }
        if !found.isEmpty { return .present(found.count) }
        return hasForeign ? .unknown : .gone
    }

    // MARK: Asking

    /// The count of an answer that was none; no proof of anything.
    private static var unreadableCount: Int { -1 }

    /// The platform's own figure; nil where it has none, or gives none to this app.
    func count(_ listing: Listing, until: Timestamp? = nil) async throws -> Int? {
        var total = 0
        let calls = listing.countCalls(until: until)
        guard !calls.isEmpty else { return nil }
        for call in calls {
            guard let answer = try await answer(to: call) else { return nil }
            guard let figure = listing.statedTotal(answer), figure >= 0 else { return Self.unreadableCount }
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
