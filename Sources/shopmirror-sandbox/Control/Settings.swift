/// What the data and the behaviour depend on, common to all platforms.
struct Settings {
    var seed: UInt64 = 1
    /// Number of orders per account; `nil` is the small default data set.
    var scale: Int?
    var stores = 3
    /// The newest time any generated record carries, in seconds; always before the start.
    var dataEnd = 1_782_777_600
    /// Switches of control requests, by name.
    var switches: [String: String] = [:]
    var limitsRate = false

    /// Keeps the data's times in the past when the machine's clock is behind the fixed end.
    mutating func settle(start: Int) {
        if start < dataEnd + 86_400 { dataEnd = (start / 86_400 - 1) * 86_400 }
    }

    /// How many records a resource has: `small` of them in the default data set, `factor` per order in a scaled one.
    func count(_ small: Int, factor: Double = 0, atMost: Int = .max) -> Int {
        guard let scale else { return small }
        return min(max(small, Int(Double(scale) * factor)), atMost)
    }

    func isOn(_ name: String) -> Bool { switches[name] == "true" }
}
