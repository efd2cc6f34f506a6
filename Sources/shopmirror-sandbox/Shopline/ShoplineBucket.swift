/// The leaky bucket of a store: 40 requests at once, four leave it per second.
struct ShoplineBucket {
    private static let capacity = 40_000
    private static let drainPerSecond = 4000

    /// Thousandths of a request in the bucket.
    private var level = 0
    private var last = 0
    private(set) var refusals = 0

    /// Whether one more request fits; `now` is in milliseconds.
    mutating func admit(now: Int) -> Bool {
        level = max(0, level - max(0, min(now - last, 60_000)) * Self.drainPerSecond / 1000)
        last = now
        guard level + 1000 <= Self.capacity else {
            refusals += 1
            return false
        }
        level += 1000
        return true
    }
}
