import Sync
import SyncTestSupport
import Synchronization
import Testing

struct RunControlTests {
    @Test func `the budget is spent request by request`() throws {
        let control = RunControl(clock: TestClock().clock, maxSeconds: 60, maxRequests: 2)
        try control.spendRequest()
        try control.spendRequest()
        #expect(control.stopReason == nil)
        #expect(throws: Problem.self) { try control.spendRequest() }
        #expect(control.stopReason == .budget)
        let problem = #expect(throws: Problem.self) { try control.check() }
        #expect(problem?.code == .budgetReached)
    }

    @Test func `the deadline comes with time`() throws {
        let clock = TestClock()
        let control = RunControl(clock: clock.clock, maxSeconds: 60, maxRequests: nil)
        clock.advance(59)
        try control.check()
        clock.advance(1)
        #expect(control.stopReason == .deadline)
        let problem = #expect(throws: Problem.self) { try control.check() }
        #expect(problem?.code == .deadlineReached)
    }

    @Test(arguments: [Int32(2), 15])
    func `a signal wins over everything and stays`(number: Int32) throws {
        let control = RunControl(clock: TestClock().clock, maxSeconds: 0, maxRequests: 0)
        control.stop(.budget)
        control.stop(.signal(number))
        control.stop(.deadline)
        #expect(control.stopReason == .signal(number))
        #expect(control.signal == number)
        let problem = #expect(throws: Problem.self) { try control.check() }
        #expect(problem?.code == .interrupted)
    }

    @Test func `a pause takes its time`() async throws {
        let clock = TestClock()
        let control = RunControl(clock: clock.clock, maxSeconds: 60, maxRequests: nil)
        try await control.pause(5)
        #expect(abs(clock.waits.reduce(0, +) - 5) < 0.001)
        try await control.pause(0)
    }

    @Test func `a pause beyond the deadline is refused at once`() async throws {
        let clock = TestClock()
        let control = RunControl(clock: clock.clock, maxSeconds: 60, maxRequests: nil)
        let problem = await #expect(throws: Problem.self) { try await control.pause(61) }
        #expect(problem?.code == .deadlineReached)
        #expect(clock.waits.isEmpty)
    }

    @Test func `a signal ends a pause soon`() async throws {
        let holder = Holder()
        let clock = TestClock { _ in holder.control?.stop(.signal(15)) }
        let control = RunControl(clock: clock.clock, maxSeconds: 3600, maxRequests: nil)
        holder.control = control
        let problem = await #expect(throws: Problem.self) { try await control.pause(300) }
        #expect(problem?.code == .interrupted)
        #expect(clock.waits.reduce(0, +) < 1)
    }
}

/// Lets a clock reach the control that was made with it.
private final class Holder: Sendable {
    private let held = Mutex<RunControl?>(nil)

    var control: RunControl? {
        get { held.withLock { $0 } }
        set { held.withLock { $0 = newValue } }
    }
}
