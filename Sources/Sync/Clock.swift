import Glibc

/// Time as the job sees it.
///
/// Tests bring their own.
package struct Clock: Sendable {
    package var now: @Sendable () -> Timestamp
    /// Seconds from some fixed point, for durations.
    package var monotonic: @Sendable () -> Double
    package var sleep: @Sendable (_ seconds: Double) async -> Void

    package init(
        now: @escaping @Sendable () -> Timestamp, monotonic: @escaping @Sendable () -> Double,
        sleep: @escaping @Sendable (Double) async -> Void
    ) {
        self.now = now
        self.monotonic = monotonic
        self.sleep = sleep
    }

    package static let system = Clock(
        now: { Timestamp(secondsSinceEpoch: Int64(time(nil))) },
        monotonic: {
            var value = timespec()
            clock_gettime(CLOCK_MONOTONIC, &value)
            return Double(value.tv_sec) + Double(value.tv_nsec) / 1e9
        },
        sleep: { seconds in
            guard seconds > 0 else { return }
            try? await Task.sleep(nanoseconds: UInt64(min(seconds, 86_400) * 1e9))
        })
}
