import Synchronization

/// Keeps every account's requests at its platform's pace: a bucket of `burst`, refilled at `perSecond`.
package final class Pacer: Sendable {
    private struct Bucket {
        var tokens: Double
        var filledAt: Double
    }

    private let buckets = Mutex<[String: Bucket]>([:])

    package init() {}

    /// Takes one request's place in the queue.
    ///
    /// - Parameters:
    ///   - key: The account.
    ///   - pace: Its pace; a rate of 0 is no limit.
    ///   - now: Monotonic seconds.
    /// - Returns: Seconds to wait before sending.
    package func delay(_ key: String, _ pace: Pace, now: Double) -> Double {
        guard pace.perSecond > 0 else { return 0 }
        return buckets.withLock { buckets in
            var bucket = buckets[key] ?? Bucket(tokens: Double(pace.burst), filledAt: now)
            bucket.tokens =
                min(Double(pace.burst), bucket.tokens + (now - bucket.filledAt) * pace.perSecond) - 1
            bucket.filledAt = now
            buckets[key] = bucket
            return bucket.tokens >= 0 ? 0 : -bucket.tokens / pace.perSecond
        }
    }
}
