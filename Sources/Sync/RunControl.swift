import Synchronization

/// Tells a run to end early, and counts what it may still do.
package final class RunControl: Sendable {
    package enum StopReason: Sendable, Equatable {
        case signal(Int32)
        case deadline
        case budget
    }

    private struct State {
        var reason: StopReason?
        var requests = 0
    }

    private let state = Mutex(State())
    private let clock: Clock
    private let deadline: Double
    private let budget: Int?

    /// - Parameters:
    ///   - clock: Who tells the time.
    ///   - maxSeconds: How long the run may take.
    ///   - maxRequests: How many requests it may send; nil for no limit.
    package init(clock: Clock, maxSeconds: Int64, maxRequests: Int?) {
        self.clock = clock
        deadline = clock.monotonic() + Double(maxSeconds)
        budget = maxRequests
    }

    package var stopReason: StopReason? {
        if let reason = state.withLock({ $0.reason }) { return reason }
        return clock.monotonic() >= deadline ? .deadline : nil
    }

    package func stop(_ reason: StopReason) {
        state.withLock { state in
            if case .signal = state.reason { return }
            state.reason = reason
        }
    }

    /// The signal that ended the run, if one did.
    package var signal: Int32? {
        if case .signal(let number) = state.withLock({ $0.reason }) { return number }
        return nil
    }

    /// Throws when the run is to end; asked at every page boundary and before every wait.
    package func check() throws(Problem) {
        if let reason = stopReason { throw Wording.stopped(reason) }
    }

    /// Takes one request out of the budget.
    package func spendRequest() throws(Problem) {
        let isSpent = state.withLock { state in
            if let budget, state.requests >= budget {
                if state.reason == nil { state.reason = .budget }
                return true
            }
            state.requests += 1
            return false
        }
        if isSpent { throw Wording.stopped(.budget) }
    }

    /// Waits, but not past the run's end.
    package func pause(_ seconds: Double) async throws(Problem) {
        if clock.monotonic() + seconds > deadline { throw Wording.stopped(.deadline) }
        let end = clock.monotonic() + seconds
        while true {
            try check()
            // A page that could not be written gives up the one fetched ahead; its wait must not turn into a spin.
            if Task.isCancelled { throw Problem(.interrupted, "The wait was given up.") }
            let left = end - clock.monotonic()
            guard left > 0 else { return }
            await clock.sleep(min(left, 0.2))
        }
    }
}
