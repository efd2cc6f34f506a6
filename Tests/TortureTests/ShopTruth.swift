import Sync

/// What a simulated platform really holds, and how it is edited while someone reads it.
struct ShopTruth: Sendable {
    struct Row: Sendable {
        var id: Int
        var updated: Int64?
        var version: Int
        var isArchived = false
        var isLive = true
        /// The last event at which the row did not exist.
        var lastAbsent: Int
        /// Its last change cannot be seen by asking for what was modified.
        var isHiddenFromCursor = false
    }

    /// A change whose time is set before it can be read.
    private struct Late: Sendable {
        var id: Int
        var updated: Int64
        var commitAt: Int64
    }

    struct Habits: Sendable {
        /// Edits between two requests, in percent of the requests.
        var editRate = 40
        var archives = false
        var archivingTouches = true
        var hasFutureTimes = false
        var hasLostTimes = false
        var insertsAnywhere = false
        /// Rows move under whoever reads a listing's later pages, in percent of those requests.
        var moveRate = 0
    }

    static let start: Int64 = 1_780_000_000
    private(set) var rows: [Int: Row] = [:]
    private var late: [Late] = []
    private(set) var event = 0
    private var version = 0
    private var nextID = 5000
    var now = ShopTruth.start
    var habits: Habits

    init(_ habits: Habits, count: Int, random: inout SeededRandom) {
        self.habits = habits
        for _ in 0..<count { insert(&random, updated: now - Int64(random.pick(0...400_000))) }
    }

    var live: [Row] { rows.values.filter(\.isLive).sorted { $0.id < $1.id } }

    // MARK: Time

    /// Lets time pass; what was written before and committed late becomes readable.
    mutating func pass(_ seconds: Int64) {
        now += seconds
        for change in late.filter({ $0.commitAt <= now }) { commit(change.id, updated: change.updated) }
        late.removeAll { $0.commitAt <= now }
    }

    mutating func settle() {
        let last = late.map(\.commitAt).max() ?? now
        pass(max(0, last - now) + 3600)
    }

    // MARK: Edits

    mutating func touch(_ id: Int) { commit(id, updated: now) }

    mutating func touchAll() { for row in live { touch(row.id) } }

    /// Changes most rows, one long after the other, so that no overlap of two pulls makes up for one that is missed.
    mutating func spendBusyDay(_ random: inout SeededRandom) {
        for row in live where random.chance(70) {
            touch(row.id)
            pass(Int64(random.pick(700...4000)))
        }
    }

    /// Archives an order or takes it back; its time stays as it is.
    mutating func put(_ id: Int, isArchived: Bool) { rows[id]?.isArchived = isArchived }

    mutating func remove(_ id: Int) { delete(id) }

    mutating func edit(_ random: inout SeededRandom) {
        pass(
            Int64(
                random.chance(3)
                    ? random.pick(0...2400) : random.chance(15) ? random.pick(0...60) : random.pick(0...2)))
        guard random.chance(habits.editRate) else { return }
        for _ in 0..<random.pick(1...3) { editOnce(&random) }
        if random.chance(3) { editMany(&random) }
    }

    private mutating func editOnce(_ random: inout SeededRandom) {
        let live = self.live
        guard let row = live.isEmpty ? nil : random.pick(live) else { return insert(&random, updated: now) }
        switch random.pick(0...99) {
        case 0..<20: insert(&random, updated: now)
        case 20..<50: commit(row.id, updated: now)
        case 50..<62: delete(row.id)
        case 62..<70: late.append(Late(id: row.id, updated: now, commitAt: now + Int64(random.pick(1...500))))
        case 70..<74:
            late.append(Late(id: freshID(&random), updated: now, commitAt: now + Int64(random.pick(1...500))))
        case 74..<92: if habits.archives { archive(row.id) }
        case 92..<94: if habits.hasLostTimes { commit(row.id, updated: nil) }
        case 94..<96:
            if habits.hasLostTimes { commit(row.id, updated: now - Int64(random.pick(700...900_000))) }
        case 96..<98: if habits.hasFutureTimes { commit(row.id, updated: 4_070_908_800) }
        default:
            if let gone = rows.values.filter({ !$0.isLive }).map(\.id).min() { commit(gone, updated: now) }
        }
    }

    private mutating func editMany(_ random: inout SeededRandom) {
        let live = self.live
        guard live.count > 4 else { return }
        let first = random.pick(0...live.count - 2)
        let some = live[first..<min(live.count, first + random.pick(2...8))]
        let deletes = random.chance(50)
        for row in some { if deletes { delete(row.id) } else { commit(row.id, updated: now) } }
    }

    private mutating func freshID(_ random: inout SeededRandom) -> Int {
        nextID += random.pick(1...3)
        guard habits.insertsAnywhere else { return nextID }
        var id = random.pick(1...99_999)
        while rows[id] != nil { id += 1 }
        return id
    }

    private mutating func insert(_ random: inout SeededRandom, updated: Int64) {
        commit(freshID(&random), updated: updated)
    }

    private mutating func commit(_ id: Int, updated: Int64?) {
        event += 1
        version += 1
        var row = rows[id] ?? Row(id: id, updated: nil, version: 0, isLive: false, lastAbsent: event)
        if !row.isLive { row.lastAbsent = event }
        row.isLive = true
        row.updated = updated
        row.version = version
        row.isHiddenFromCursor = updated.map { $0 < now - 550 } ?? true
        rows[id] = row
    }

    private mutating func delete(_ id: Int) {
        event += 1
        rows[id]?.isLive = false
        rows[id]?.lastAbsent = event
    }

    private mutating func archive(_ id: Int) {
        event += 1
        rows[id]?.isArchived.toggle()
        guard habits.archivingTouches else { return }
        version += 1
        rows[id]?.version = version
        rows[id]?.updated = now
        rows[id]?.isHiddenFromCursor = false
    }
}
