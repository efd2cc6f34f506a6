import HTTP
import JSON

/// Pulls one resource of one connection: page by page from where it stands to the listing's end.
struct ResourcePull {
    let session: Session
    let plan: ResourcePlan
    let mirror: MirrorStore
    let options: RunOptions
    let run: String

    var connection: Connection { session.connection }
    var platform: Platform { session.connection.platform }
    var context: RunContext { session.context }
    var resource: Resource { plan.resource }

    func run() async -> ResourceResult {
        var result = ResourceResult(name: resource.name, table: MirrorSchema.view(of: resource, on: platform))
        let start = context.clock.monotonic()
        do {
            try context.control.check()
            try await mirror.prepare(resource, on: platform)
            if isLeftOut {
                result.mode = .backfill
                return result
            }
            try await widened().pull(&result)
            result.warnings += try await mirror.breaches(of: plan, on: platform, connection: connection.id)
            result.status = .succeeded
        } catch let problem as Problem {
            settle(problem, &result)
        } catch {
            settle(Problem(.internal, "\(resource.name) failed: \(error)."), &result)
        }
        result.seconds = context.clock.monotonic() - start
        warn(&result)
        return result
    }

    private func settle(_ problem: Problem, _ result: inout ResourceResult) {
        if let text = resource.absentText, problem.httpStatus == 404, problem.message.contains(text) {
            context.log(
                .info, "\(resource.name) is not available for this account", connection: connection.id)
            result.status = .skipped
            return
        }
        result.status = problem.isStop ? .interrupted : .failed
        var problem = problem.of(connection.id, resource.name)
        problem.message = context.redactor.redact(problem.message)
        problem.at = problem.at ?? context.clock.now()
        result.problem = problem
    }

    // MARK: One pull

    private func pull(_ result: inout ResourceResult) async throws {
        let state = try await mirror.state(connection: connection.id, resource: resource.name)
        var pull = try await begin(state, &result)
        result.cursorFrom = pull.since?.text
        let listing = try await listing(for: pull)
        var sequence = PageSequence(listing)
        if let position = start(of: pull, listing) {
            do {
                try await walkKnownFields(&pull, &sequence, from: position, &result)
            } catch let problem as Problem
                where result.isResumed && result.pages == 0 && problem.code == .requestRejected
            {
                // The platform has forgotten the place where the earlier run stopped: begin again.
                pull = try await mirror.beginPull(
                    connection: connection.id, resource: resource.name, kind: pull.kind, window: pull.window,
                    since: pull.since, settings: pull.settings, run: run, now: context.clock.now())
                result.isResumed = false
                sequence = PageSequence(listing)
                try await walkKnownFields(&pull, &sequence, from: Position(), &result)
            }
        }
        try await walkAgain(&pull, &sequence, &result)
        try await finish(pull, sequence, sequence.listing, state, &result)
    }

    /// A resource without a date filter has no part in a backfill.
    private var isLeftOut: Bool { options.isBackfill && resource.cursor == nil }

    /// The pull to go on with, or a new one.
    private func begin(_ state: ResourceState?, _ result: inout ResourceResult) async throws -> Pull {
        let open = try await mirror.openPull(
            connection: connection.id, resource: resource.name, kind: .full, window: "")
        let known = state?.settings ?? open?.settings
        if let known, known != plan.fingerprint, !plan.drop.isEmpty {
            try await mirror.clean(
                resource, on: platform, connection: connection.id, drop: plan.drop, run: run,
                now: context.clock.now())
        }
        if options.isBackfill { return try await beginBackfill(&result) }
        if let open, open.settings == plan.fingerprint { return resumed(open, &result) }
        guard needsFull(state) || open != nil else { return try await beginIncremental(state, &result) }
        return try await newPull(.full, since: plan.since, &result)
    }

    private func needsFull(_ state: ResourceState?) -> Bool {
        guard !options.isFull, resource.cursor != nil, let state, state.cursor != nil,
            let last = state.lastFullAt,
            state.settings == plan.fingerprint
        else { return true }
        // A clock that once ran ahead must not put the next full pull off for years.
        let now = context.clock.now()
        return now >= last.adding(seconds: plan.fullEverySeconds) || last > now.adding(seconds: 86_400)
    }

    private func beginIncremental(_ state: ResourceState?, _ result: inout ResourceResult) async throws
        -> Pull
    {
        let open = try await mirror.openPull(
            connection: connection.id, resource: resource.name, kind: .incremental, window: "")
        if let open, open.settings == plan.fingerprint { return resumed(open, &result) }
        let since = state?.cursor?.adding(seconds: -connection.run.overlapSeconds)
        return try await newPull(.incremental, since: [since, plan.since].compactMap { $0 }.max(), &result)
    }

    private func beginBackfill(_ result: inout ResourceResult) async throws -> Pull {
        let window = "\(options.since?.text ?? "")..\(options.until?.text ?? "")"
        let open = try await mirror.openPull(
            connection: connection.id, resource: resource.name, kind: .backfill, window: window)
        if let open, open.settings == plan.fingerprint { return resumed(open, &result) }
        return try await newPull(.backfill, window: window, since: options.since, &result)
    }

    private func resumed(_ pull: Pull, _ result: inout ResourceResult) -> Pull {
        result.mode = pull.kind
        result.isResumed = pull.checkpoint != nil
        return pull
    }

    private func newPull(
        _ kind: Pull.Kind, window: String = "", since: Timestamp?, _ result: inout ResourceResult
    ) async throws -> Pull {
        result.mode = kind
        return try await mirror.beginPull(
            connection: connection.id, resource: resource.name, kind: kind, window: window, since: since,
            settings: plan.fingerprint, run: run, now: context.clock.now())
    }

    private func listing(for pull: Pull) async throws -> Listing {
        var ids: [String] = []
        if case .identifiers(_, let source, let path, _) = resource.pagination,
            let other = platform.resource(named: source)
        {
            let view = MirrorSchema.view(of: other, on: platform)
            ids = try await mirror.identifiers(at: path, in: view, connection: connection.id)
        }
        return Listing(
            of: plan, connection: connection, since: pull.since,
            until: pull.kind == .backfill ? options.until : nil, now: pull.startedAt,
            kind: pull.kind, ids: ids)
    }

    /// Where to begin; nil when every page is stored already.
    private func start(of pull: Pull, _ listing: Listing) -> Position? {
        if case .identifiers = resource.pagination, listing.ids.isEmpty { return nil }
        guard let checkpoint = pull.checkpoint else { return Position() }
        // A listing by page numbers tells only in its answers how many records there should be.
        if case .pageNumber = resource.pagination, checkpoint.next == nil { return Position() }
        guard let position = checkpoint.next.map({ Position(text: $0) ?? Position() }) else { return nil }
        if isOutdated(pull, checkpoint, listing, position) { return Position() }
        // Whether the closing pass is read is found out at the end.
        let isAsked = !listing.closesOnDemand || !listing.isClosing(position) || position.mark != .start
        return isAsked ? position : nil
    }

    /// Whether an earlier run read all passes of an incremental pull, one page each, and not the closing one.
    ///
    /// Until now a record may have moved there and back, and the closing pass alone would find it no more than the others did.
    /// To read a few pages again costs little; where they were read again already the pull goes on, so that it ends.
    private func isOutdated(
        _ pull: Pull, _ checkpoint: Checkpoint, _ listing: Listing, _ position: Position
    ) -> Bool {
        pull.kind == .incremental && listing.isClosing(position) && position.mark == .start
            && checkpoint.page == position.segment
    }

    // MARK: Pages

    private struct Fetched: Sendable {
        var position: Position
        var answer: Answer
    }

    private func fetch(_ position: Position, _ listing: Listing) async throws(Problem) -> Fetched {
        Fetched(position: position, answer: try await session.call(listing.call(at: position)))
    }

    /// Walks the listing; when its fields are why it is refused, without those that the platform does not know.
    private func walkKnownFields(
        _ pull: inout Pull, _ sequence: inout PageSequence, from position: Position,
        _ result: inout ResourceResult
    ) async throws {
        do {
            try await walk(&pull, &sequence, from: position, &result)
        } catch let problem as Problem where problem.code == .requestRejected && result.pages == 0 {
            let probe = FieldProbe(listing: sequence.listing) { [session] call throws(Problem) in
                try await session.call(call)
            }
            let unknown = try await probe.unknown(after: problem)
            guard !unknown.isEmpty else { throw problem }
            result.warnings.append(Wording.unknownFields(resource.name, unknown, connection: connection.id))
            var listing = sequence.listing
            listing.plan.withheld.formUnion(unknown)
            sequence = PageSequence(listing)
            try await walk(&pull, &sequence, from: position, &result)
        }
    }

    func walk(
        _ pull: inout Pull, _ sequence: inout PageSequence, from position: Position,
        _ result: inout ResourceResult
    ) async throws {
        let listing = sequence.listing
        let start = context.clock.monotonic()
        let closes = !listing.closesOnDemand || listing.isClosing(position)
        var fetched: Fetched? = try await fetch(position, listing)
        while let current = fetched {
            guard case .success(let page) = current.answer.page else { return }
            let step = try sequence.step(after: page, current.answer, at: current.position)
            if pull.checkpoint == nil {
                try await noteStart(&pull, current.answer, since: start, listing, hasMore: step.next != nil)
            }
            // The next page is already on its way while this one is written. A renewal that is due is not, since the thread
            // that writes may be the one that has to read its answer.
            let isLast = context.control.stopReason != nil
            let next = step.next.flatMap { closes || !listing.isClosing($0) ? $0 : nil }
            let comesLater = await session.isRenewalNext
            async let following: Fetched? = isLast || comesLater ? nil : fetch(ifAny: next, listing)
            // So that the request leaves before this thread is busy with writing.
            await Task.yield()
            if !step.isDiscarded {
                let before = result.counts
                try await write(page, step, &pull, &result)
                if listing.isClosing(current.position) { result.counts.forgetUnchanged(since: before) }
            }
            fetched = try await following
            if comesLater, !isLast, next != nil {
                try context.control.check()
                fetched = try await fetch(ifAny: next, listing)
            }
            if isLast, next != nil { try context.control.check() }
        }
    }

    private func fetch(ifAny position: Position?, _ listing: Listing) async throws(Problem) -> Fetched? {
        guard let position else { return nil }
        return try await fetch(position, listing)
    }

    func write(
        _ page: ScannedPage, _ step: PageSequence.Step, _ pull: inout Pull, _ result: inout ResourceResult
    ) async throws {
        let outcome = try await mirror.write(
            page, of: resource, on: platform, connection: connection.id, into: pull, next: step.next?.text,
            skipping: step.skipped, run: run, now: context.clock.now(), instant: context.instant)
        pull.checkpoint = outcome.checkpoint
        result.pages += 1
        result.counts += outcome.counts
        result.unreadableTimes += outcome.unreadableTimes
        result.repairedTexts += page.repairedTexts
        let (pages, records) = (outcome.checkpoint.page, outcome.checkpoint.fetched)
        context.progress.update(connection.id, at: context.clock.monotonic()) { line in
            line.resource = resource.name
            line.page = pages
            line.records = records
        }
    }

    /// Keeps the platform's clock and count at the pull's start.
    ///
    /// The platform's clock is taken from the first page's own answer, less the time since it was asked for, so that
    /// a step of our clock in between does not matter.
    private func noteStart(
        _ pull: inout Pull, _ answer: Answer, since start: Double, _ listing: Listing, hasMore: Bool
    ) async throws {
        if let date = answer.headers["Date"].flatMap(HTTPDate.read) {
            let elapsed = max(0, context.clock.monotonic() - start)
            pull.platformStartedAt = date.adding(seconds: -Int64(elapsed.rounded(.up)))
        } else if let skew = await session.platformSkew {
            pull.platformStartedAt = pull.startedAt.adding(seconds: skew)
        }
        if pull.kind == .full, hasMore {
            pull.listed = try await count(listing).flatMap { $0 < 0 ? nil : $0 }
        }
        try await mirror.note(pull)
    }
}
