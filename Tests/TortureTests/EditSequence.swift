import HTTP
import Sync
import Synchronization

/// One random history of a shop and of the runs that mirror it, told by its seed.
struct EditSequence {
    let seed: UInt64

    /// What went wrong; empty when nothing did.
    struct Outcome: Sendable {
        var seed: UInt64
        var kind = ""
        var differences: [String] = []
        var runs = 0
        var requests = 0
        var kills = 0
        var modes: [String: Int] = [:]
        var log: [String] = []

        mutating func count(_ ending: SyncRun.Ending, _ prefix: String = "") {
            for resource in ending.report.connections.flatMap(\.resources) {
                modes["\(prefix)\(resource.mode.rawValue) \(resource.status.rawValue)", default: 0] += 1
                for warning in resource.warnings {
                    modes["\(prefix)\(warning.code.rawValue)", default: 0] += 1
                }
            }
        }
    }

    func play() async throws -> Outcome {
        var random = SeededRandom(seed: seed)
        var outcome = Outcome(seed: seed)
        let kind = random.pick([
            ShopServer.Kind.goods, .goods, .orderRows, .products, .orders, .orders, .orders, .shops,
        ])
        outcome.kind = kind.rawValue
        // A short history in which much has changed and rows move all the time: what a run misses, no later one makes good.
        let isMoving = random.chance(35)
        let shop = makeShop(kind, isMoving: isMoving, &random)
        let fullEvery = random.pick(["2d", "90d", "90d"])
        let mirror = try TortureMirror(
            kind, limit: random.pick(kind == .orders ? [2, 3, 7, 30, 30] : [2, 2, 3, 4, 7, 30]),
            fullEvery: fullEvery)
        let table = shop.with { $0.server.table }
        var horizon = 0
        if isMoving || random.chance(70) { _ = await mirror.run(shop) }
        for _ in 0..<random.pick(isMoving ? 1...2 : 2...8) {
            if isMoving || random.chance(20) { shop.with { $0.truth.spendBusyDay(&$0.random) } }
            if try mirror.openPulls("full") == 0 { horizon = shop.with { $0.truth.event } }
            let run = try await disturbedRun(mirror, shop, &random, &outcome)
            try check(mirror, shop, table, run, horizon, &outcome)
            let (edits, gap) = (random.pick(0...12), Int64(random.pick([5, 60, 700, 4000, 90_000])))
            shop.with { state in
                for _ in 0..<edits {
                    state.truth.edit(&state.random)
                    state.truth.pass(gap / 12)
                }
            }
        }
        try await settle(mirror, shop, table, &outcome)
        outcome.requests = shop.with { $0.requests }
        if !outcome.differences.isEmpty { outcome.log += shop.with { $0.log }.suffix(60) }
        return outcome
    }

    private func makeShop(
        _ kind: ShopServer.Kind, isMoving: Bool, _ random: inout SeededRandom
    ) -> ShopSimulation {
        var habits = ShopTruth.Habits()
        habits.editRate = random.pick([10, 40, 80])
        habits.archives = kind == .orders
        habits.archivingTouches = random.chance(60)
        habits.hasLostTimes = random.chance(30)
        habits.insertsAnywhere = kind.isNextEngine || random.chance(20)
        habits.moveRate = random.pick(isMoving ? [30, 60, 100] : [0, 0, 20, 60])
        let hasDate = random.chance(85)
        habits.hasFutureTimes = hasDate && random.chance(30)
        var server = ShopServer(kind: kind)
        server.countsReturned = random.chance(25)
        let count = random.pick([0, 1, 5, 12, 25, 40])
        var truth = ShopTruth(habits, count: count, random: &random)
        if habits.archives {
            for row in truth.live where random.chance(30) { truth.put(row.id, isArchived: true) }
        }
        var state = ShopSimulation.State(
            truth: truth, server: server, random: SeededRandom(seed: random.next()))
        state.hasDate = hasDate
        state.skew = Int64(
            random.pick(
                hasDate ? [0, 0, 5, -5, 400, -400, 3700, -3700, 200_000, -200_000] : [0, -5, -400, -3700]))
        state.stepsClock = hasDate && random.chance(20)
        return ShopSimulation(state)
    }

    // MARK: Runs

    /// - Returns: The run's id.
    private func disturbedRun(
        _ mirror: TortureMirror, _ shop: ShopSimulation, _ random: inout SeededRandom,
        _ outcome: inout Outcome
    ) async throws -> String {
        var options = RunOptions()
        switch random.pick(0...9) {
        case 0: options.isFull = true
        case 1:
            let now = shop.clock.now()
            options.since = now.adding(seconds: -Int64(random.pick(1000...9_000_000)))
            if random.chance(50) { options.until = now.adding(seconds: -Int64(random.pick(0...900))) }
        default: break
        }
        if random.chance(25) { options.maxRequests = random.pick(1...12) }
        let faultRate = random.chance(35) ? random.pick(5...35) : 0
        shop.with { $0.faultRate = faultRate }
        outcome.runs += 1
        guard random.chance(35) else {
            let ending = await mirror.run(shop, options)
            outcome.count(ending)
            return ending.report.runID
        }
        outcome.kills += 1
        return try await killedRun(mirror, shop, options, &random)
    }

    /// A run that is killed at some page's commit or at some request: what it does afterwards is undone.
    private func killedRun(
        _ mirror: TortureMirror, _ shop: ShopSimulation, _ options: RunOptions, _ random: inout SeededRandom
    ) async throws -> String {
        let left = Mutex(random.pick(1...8))
        let atRequests = random.chance(50)
        let instant = random.pick([RunContext.Instant.beforePageCommit, .afterPageCommit])
        let folder = Unchecked(mirror)
        let didKill = Mutex(false)
        @Sendable func arrive() {
            let isIt = left.withLock { left -> Bool in
                left -= 1
                return left == 0
            }
            guard isIt else { return }
            folder.value.takeImage()
            didKill.withLock { $0 = true }
        }
        if atRequests {
            // A page asked for ahead comes while another is being written; every other request finds the mirror at rest.
            shop.onRequest.withLock { hook in
                hook = { request in
                    let form = request.body.map { String(decoding: $0, as: UTF8.self) } ?? request.url
                    let isFurther =
                        form.contains("page_info") || (form.contains("offset=") && !form.contains("offset=0"))
                    if !isFurther { arrive() }
                }
            }
        }
        let ending = await mirror.run(shop, options) { if !atRequests, $0 == instant { arrive() } }
        shop.onRequest.withLock { $0 = nil }
        if didKill.withLock({ $0 }) { try mirror.restoreImage() }
        return ending.report.runID
    }

    /// Only one thread at a time uses it.
    private struct Unchecked: @unchecked Sendable {
        let value: TortureMirror

        init(_ value: TortureMirror) { self.value = value }
    }

    // MARK: Checks

    /// No row may be marked deleted that was there all the time since the pull began.
    private func check(
        _ mirror: TortureMirror, _ shop: ShopSimulation, _ table: String, _ run: String, _ horizon: Int,
        _ outcome: inout Outcome
    ) throws {
        let (rows, server) = shop.with { ($0.truth.live, $0.server) }
        let stored = try mirror.rows(table)
        for row in rows where row.lastAbsent < horizon {
            if let found = stored[server.key(row)], found.isDeleted, found.run == run {
                outcome.differences.append("live row \(server.key(row)) was marked deleted by \(run)")
            }
        }
    }

    /// Quiet runs at the end: first what is open, then an incremental, then a full one.
    private func settle(
        _ mirror: TortureMirror, _ shop: ShopSimulation, _ table: String, _ outcome: inout Outcome
    ) async throws {
        shop.with { state in
            state.truth.settle()
            state.isQuiet = true
            state.faultRate = 0
        }
        for _ in 0..<4 where try mirror.openPulls() > 0 {
            try await quietRun(mirror, shop, RunOptions(), &outcome)
        }
        try await quietRun(mirror, shop, RunOptions(), &outcome)
        compare(try mirror.rows(table), shop, afterFull: false, &outcome)
        var full = RunOptions()
        full.isFull = true
        try await quietRun(mirror, shop, full, &outcome)
        compare(try mirror.rows(table), shop, afterFull: true, &outcome)
    }

    private func quietRun(
        _ mirror: TortureMirror, _ shop: ShopSimulation, _ options: RunOptions, _ outcome: inout Outcome
    ) async throws {
        let ending = await mirror.run(shop, options)
        outcome.runs += 1
        outcome.count(ending, "quiet ")
        shop.with { $0.truth.pass(2000) }
        if ending.exitCode != .success {
            outcome.differences.append(
                "quiet run ended with \(ending.exitCode): \(ending.report.problems.map(\.message))")
        }
    }

    private func compare(
        _ stored: [String: TortureMirror.Stored], _ shop: ShopSimulation, afterFull: Bool,
        _ outcome: inout Outcome
    ) {
        let (truth, server) = shop.with { ($0.truth, $0.server) }
        let what = afterFull ? "after a full run" : "after an incremental run"
        let live = truth.live
        for row in live where afterFull || !row.isHiddenFromCursor {
            guard let found = stored[server.key(row)] else {
                outcome.differences.append("\(what): row \(server.key(row)) is missing")
                continue
            }
            if found.isDeleted {
                outcome.differences.append("\(what): live row \(server.key(row)) is marked deleted")
            }
            // Where archiving leaves the time alone, only a full pull can see it.
            var expected = row
            if !afterFull, found.payload.contains("\"hidden_order\":\(!row.isArchived)") {
                expected.isArchived.toggle()
            }
            if found.payload != server.payload(expected) {
                outcome.differences.append(
                    "\(what): row \(server.key(row)) is stale: \(found.payload) is not \(server.payload(row))"
                )
            }
        }
        guard afterFull else { return }
        let ids = Set(live.map(server.key))
        for (id, row) in stored where !ids.contains(id) && !row.isDeleted {
            outcome.differences.append("\(what): gone row \(id) is not marked deleted")
        }
    }
}
