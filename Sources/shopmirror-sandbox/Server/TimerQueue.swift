/// Clients that are to be looked at again at a given time, soonest first.
struct TimerQueue {
    private var entries: [(due: UInt64, client: Client)] = []

    /// Adds a client; `due` is in nanoseconds of the monotonic clock.
    mutating func add(_ client: Client, due: UInt64) {
        var index = entries.count
        while index > 0, entries[index - 1].due > due {
            index -= 1
        }
        entries.insert((due, client), at: index)
    }

    /// Milliseconds until the first entry is due, rounded up; -1 without entries.
    func wait(now: UInt64) -> Int32 {
        guard let first = entries.first else { return -1 }
        guard first.due > now else { return 0 }
        return Int32(clamping: (first.due - now + 999_999) / 1_000_000)
    }

    /// Takes out everything that is due.
    mutating func due(now: UInt64) -> [Client] {
        let count = entries.firstIndex { $0.due > now } ?? entries.count
        guard count > 0 else { return [] }
        let clients = entries[0..<count].map(\.client)
        entries.removeFirst(count)
        return clients
    }
}
