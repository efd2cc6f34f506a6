import Sync
import Testing

struct PacerTests {
    private let pace = Pace.perSecond(2, burst: 3)

    @Test func `a burst goes at once, what follows waits its turn`() {
        let pacer = Pacer()
        let delays = (1...6).map { _ in pacer.delay("a", pace, now: 100) }
        #expect(delays == [0, 0, 0, 0.5, 1, 1.5])
    }

    @Test func `a bucket fills again up to its burst`() {
        let pacer = Pacer()
        for _ in 1...3 { _ = pacer.delay("a", pace, now: 0) }
        #expect(pacer.delay("a", pace, now: 0.5) == 0)
        #expect(pacer.delay("a", pace, now: 0.5) == 0.5)
        #expect((1...4).map { _ in pacer.delay("a", pace, now: 1000) } == [0, 0, 0, 0.5])
    }

    @Test func `accounts do not slow each other, and zero is no limit`() {
        let pacer = Pacer()
        for _ in 1...3 { _ = pacer.delay("a", pace, now: 0) }
        #expect(pacer.delay("b", pace, now: 0) == 0)
        let free = (1...100).map { _ in pacer.delay("c", .perSecond(0, burst: 1), now: 0) }
        #expect(free.allSatisfy { $0 == 0 })
    }
}
