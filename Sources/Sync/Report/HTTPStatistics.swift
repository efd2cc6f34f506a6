/// What the calls of a connection cost.
package struct HTTPStatistics: Sendable {
    package var requests = 0
    package var retries = 0
    /// Answers that said slow down.
    package var throttled = 0
    /// Transport faults and answers without success.
    package var errors = 0
    package var bytesReceived = 0
    /// Of every answer, in milliseconds.
    package var latencies: [Double] = []

    package init() {}

    package static func += (left: inout HTTPStatistics, right: HTTPStatistics) {
        left.requests += right.requests
        left.retries += right.retries
        left.throttled += right.throttled
        left.errors += right.errors
        left.bytesReceived += right.bytesReceived
        left.latencies += right.latencies
    }

    /// p50, p95 and the largest, in milliseconds.
    package var quantiles: (p50: Double, p95: Double, max: Double)? {
        let sorted = latencies.sorted()
        guard let last = sorted.last else { return nil }
        func at(_ share: Double) -> Double {
            sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
        }
        return (at(0.5), at(0.95), last)
    }
}
