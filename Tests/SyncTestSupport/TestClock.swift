package import Sync
import Synchronization

/// A clock that stands still until somebody waits on it.
package final class TestClock: Sendable {
    private struct State {
        var now: Timestamp
        var monotonic = 0.0
        var waits: [Double] = []
    }

    private let state: Mutex<State>
    private let whileWaiting: @Sendable (Double) -> Void

    /// - Parameters:
    ///   - now: The time it shows at first.
    ///   - whileWaiting: Told of every wait before it is over.
    package init(
        _ now: String = "2026-11-20T03:00:00Z", whileWaiting: @escaping @Sendable (Double) -> Void = { _ in }
    ) {
        state = Mutex(State(now: Timestamp(now) ?? Timestamp(secondsSinceEpoch: 0)))
        self.whileWaiting = whileWaiting
    }

    package var now: Timestamp { state.withLock { $0.now } }

    /// How long was waited, wait by wait.
    package var waits: [Double] { state.withLock { $0.waits } }

    package func set(_ text: String) {
        state.withLock { $0.now = Timestamp(text) ?? $0.now }
    }

    package func advance(_ seconds: Double) {
        state.withLock { state in
            state.monotonic += seconds
            state.now = state.now.adding(seconds: Int64(seconds.rounded()))
        }
    }

    package var clock: Clock {
        Clock(
            now: { self.now }, monotonic: { self.state.withLock { $0.monotonic } },
            sleep: { seconds in
                self.whileWaiting(seconds)
                self.state.withLock { $0.waits.append(seconds) }
                self.advance(seconds)
            })
    }
}
