import HTTP
import Sync
import Synchronization
import Testing

/// A source that leaves something out without saying so is noticed, and nothing is marked deleted because of it.
struct CompletenessTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var lie: PageLie
        var kind: ShopServer.Kind
        var isForever: Bool

        var testDescription: String { "\(kind.rawValue): \(lie.rawValue), \(isForever ? "always" : "once")" }
    }

    static let cases: [Case] = PageLie.allCases.flatMap { lie in
        [ShopServer.Kind.goods, .orderRows, .products, .orders].flatMap { kind in
            [false, true].map { Case(lie: lie, kind: kind, isForever: $0) }
        }
    }

    private func makeShop(_ kind: ShopServer.Kind) -> ShopSimulation {
        var random = SeededRandom(seed: 11)
        var habits = ShopTruth.Habits()
        habits.insertsAnywhere = true
        let truth = ShopTruth(habits, count: 30, random: &random)
        var state = ShopSimulation.State(truth: truth, server: ShopServer(kind: kind), random: random)
        state.isQuiet = true
        return ShopSimulation(state)
    }

    private func tell(_ lie: PageLie?, _ shop: ShopSimulation, isForever: Bool) {
        shop.with { state in state.lie = lie?.told(isForever: isForever) }
    }

    /// Whether the mirror holds every live row as it is now.
    private func isWhole(_ mirror: TortureMirror, _ shop: ShopSimulation) throws -> Bool {
        let (live, server) = shop.with { ($0.truth.live, $0.server) }
        let stored = try mirror.rows(server.table)
        return live.allSatisfy { row in
            stored[server.key(row)].map { $0.payload == server.payload(row) && !$0.isDeleted } ?? false
        }
    }

    private func deletedLiveRows(_ mirror: TortureMirror, _ shop: ShopSimulation) throws -> Int {
        let (live, server) = shop.with { ($0.truth.live, $0.server) }
        let stored = try mirror.rows(server.table)
        return live.filter { stored[server.key($0)]?.isDeleted ?? false }.count
    }

    private func isNoticed(_ ending: SyncRun.Ending) -> Bool {
        !ending.report.problems.isEmpty || ending.report.allWarnings.contains { $0.code == .countDiffers }
    }

    @Test(arguments: cases)
    func `a first pull that is lied to says so or has everything`(example: Case) async throws {
        let shop = makeShop(example.kind)
        let mirror = try TortureMirror(example.kind, limit: 6)
        tell(example.lie, shop, isForever: example.isForever)
        let ending = await mirror.run(shop)
        // One short page that says itself that it is all there is looks like a small shop.
        let isShortPage =
            example.lie == .nothing || (example.lie == .firstIsLast && example.kind.isNextEngine)
        #expect(try isShortPage || isNoticed(ending) || isWhole(mirror, shop), "\(ending.report.allWarnings)")
        #expect(try deletedLiveRows(mirror, shop) == 0)
        tell(nil, shop, isForever: false)
        try await honestEnd(mirror, shop)
    }

    @Test(arguments: cases)
    func `a later full pull that is lied to marks nothing that lives`(example: Case) async throws {
        let shop = makeShop(example.kind)
        let mirror = try TortureMirror(example.kind, limit: 6)
        _ = await mirror.run(shop)
        try #require(try isWhole(mirror, shop))
        tell(example.lie, shop, isForever: example.isForever)
        var options = RunOptions()
        options.isFull = true
        let ending = await mirror.run(shop, options)
        if example.lie != .movingCount {
            #expect(try isNoticed(ending) || deletedLiveRows(mirror, shop) == 0)
        }
        #expect(try deletedLiveRows(mirror, shop) == 0)
        tell(nil, shop, isForever: false)
        try await honestEnd(mirror, shop)
    }

    @Test(arguments: cases)
    func `an incremental pull that is lied to says so, or has everything, or asks again`(example: Case)
        async throws
    {
        let shop = makeShop(example.kind)
        let mirror = try TortureMirror(example.kind, limit: 6)
        _ = await mirror.run(shop)
        shop.with { state in
            state.truth.pass(5000)
            state.truth.touchAll()
            state.truth.pass(4000)
        }
        tell(example.lie, shop, isForever: example.isForever)
        let ending = await mirror.run(shop)
        // One page that claims to be all there is cannot be told from a quiet shop; the next full pull can.
        let isOnePage = example.lie == .nothing || example.lie == .firstIsLast
        if !isOnePage {
            #expect(try isNoticed(ending) || isWhole(mirror, shop), "\(ending.report.allWarnings)")
        }
        #expect(try deletedLiveRows(mirror, shop) == 0)
        tell(nil, shop, isForever: false)
        if !isOnePage {
            _ = await mirror.run(shop)
            #expect(try isWhole(mirror, shop), "the next incremental run asks for the same time again")
        }
        try await honestEnd(mirror, shop)
    }

    /// After what was left open, one honest full pull makes it equal.
    private func honestEnd(_ mirror: TortureMirror, _ shop: ShopSimulation) async throws {
        var options = RunOptions()
        options.isFull = true
        for _ in 0..<2 { _ = await mirror.run(shop, options) }
        #expect(try isWhole(mirror, shop))
        #expect(try deletedLiveRows(mirror, shop) == 0)
    }

    private func archiveOne(in shop: ShopSimulation) -> Int {
        shop.with { state in
            let id = state.truth.live[3].id
            state.truth.put(id, isArchived: true)
            return id
        }
    }

    /// Moves an order to the open ones just before the archived ones are listed; its time stays.
    private func unarchive(_ id: Int, in shop: ShopSimulation) {
        shop.onRequest.withLock { hook in
            hook = { request in
                if request.url.contains("orders.json"), request.url.contains("hidden_order=true") {
                    shop.with { $0.truth.put(id, isArchived: false) }
                }
            }
        }
    }

    @Test func `an order that leaves the archive while it is read is not missed`() async throws {
        let shop = makeShop(.orders)
        let mirror = try TortureMirror(.orders, limit: 6, fullEvery: "90d")
        let id = archiveOne(in: shop)
        _ = await mirror.run(shop)
        shop.with { state in
            state.truth.touch(id)
            state.truth.pass(4000)
        }
        unarchive(id, in: shop)
        _ = await mirror.run(shop)
        shop.onRequest.withLock { $0 = nil }
        #expect(try isWhole(mirror, shop))
    }

    @Test func `an order that leaves the archive between two short pages is not missed`() async throws {
        let shop = makeShop(.orders)
        let mirror = try TortureMirror(.orders, limit: 100, fullEvery: "90d")
        let id = archiveOne(in: shop)
        unarchive(id, in: shop)
        let ending = await mirror.run(shop)
        #expect(try isWhole(mirror, shop))
        #expect(ending.report.connections.flatMap(\.resources).allSatisfy { $0.isComplete == true })
    }

    @Test func `an order that moves there and back around an interruption is not missed`() async throws {
        let shop = makeShop(.orders)
        let mirror = try TortureMirror(.orders, limit: 100, fullEvery: "90d")
        let id = archiveOne(in: shop)
        _ = await mirror.run(shop)
        shop.with { state in
            state.truth.pass(4000)
            state.truth.touch(id)
        }
        unarchive(id, in: shop)
        // The owner's check and a page of each pass, but not the closing one.
        var options = RunOptions()
        options.maxRequests = 3
        _ = await mirror.run(shop, options)
        shop.onRequest.withLock { $0 = nil }
        #expect(try !isWhole(mirror, shop))
        shop.with { $0.truth.put(id, isArchived: true) }
        let before = shop.with { $0.requests }
        _ = await mirror.run(shop)
        #expect(try isWhole(mirror, shop))
        // The owner's check, both passes, the closing one, and the count of each, since the pull has several pages by now.
        #expect(shop.with { $0.requests } - before == 6)
    }

    @Test(arguments: [ShopServer.Kind.goods, .orderRows])
    func `rows that go while others are read let none slip through`(kind: ShopServer.Kind) async throws {
        let shop = makeShop(kind)
        let mirror = try TortureMirror(kind, limit: 6, fullEvery: "90d")
        _ = await mirror.run(shop)
        // Each change is an hour after the one before, so that no overlap of two pulls makes up for one that is missed.
        shop.with { state in
            for row in state.truth.live {
                state.truth.touch(row.id)
                state.truth.pass(3600)
            }
        }
        let pages = Mutex(0)
        shop.onRequest.withLock { hook in
            hook = { request in
                guard shop.with({ $0.server.isLaterPage(request) }) else { return }
                guard
                    pages.withLock({
                        $0 += 1; return $0
                    }) == 2
                else { return }
                shop.with { state in for row in state.truth.live.prefix(3) { state.truth.remove(row.id) } }
            }
        }
        _ = await mirror.run(shop)
        shop.onRequest.withLock { $0 = nil }
        #expect(pages.withLock { $0 } > 3)
        #expect(try isWhole(mirror, shop))
        _ = await mirror.run(shop)
        #expect(try isWhole(mirror, shop))
    }
}
