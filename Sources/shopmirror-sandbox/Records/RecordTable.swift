/// The records of one kind of one account, in ascending order of their keys.
final class RecordTable {
    private(set) var rows: [RecordRow]
    private(set) var version = 1

    init(rows: [RecordRow]) {
        self.rows = rows
    }

    /// The record with that key.
    func row(_ identifier: Int) -> RecordRow? {
        guard let index = index(of: identifier) else { return nil }
        return rows[index]
    }

    func index(of identifier: Int) -> Int? {
        var low = 0
        var high = rows.count
        while low < high {
            let middle = (low + high) / 2
            if rows[middle].identifier < identifier { low = middle + 1 } else { high = middle }
        }
        return low < rows.count && rows[low].identifier == identifier ? low : nil
    }

    func touch(at index: Int, updated: Int, flags: Bool = false) {
        rows[index].updated = max(updated, rows[index].created)
        rows[index].revision += 1
        if flags { rows[index].isDeleted = true }
        version += 1
    }

    func insert(_ row: RecordRow) {
        let isLast = (rows.last?.identifier ?? .min) < row.identifier
        let position = isLast ? nil : rows.firstIndex { $0.identifier > row.identifier }
        rows.insert(row, at: position ?? rows.count)
        version += 1
    }

    func remove(at index: Int) {
        rows.remove(at: index)
        version += 1
    }

    /// Removes and touches records as planned; inserting is the caller's matter.
    ///
    /// `removed` is told the key of every record that goes.
    func edit(_ plan: EditPlan, now: Int, _ mixer: inout Mixer, removed: (Int) -> Void = { _ in }) {
        for _ in 0..<plan.delete where !rows.isEmpty {
            let index = mixer.next(rows.count)
            removed(rows[index].identifier)
            remove(at: index)
        }
        var touched: Set<Int> = []
        for turn in 0..<(plan.update + plan.flag) where touched.count < rows.count {
            var index = mixer.next(rows.count)
            while touched.contains(index) { index = (index + 1) % rows.count }
            touched.insert(index)
            touch(at: index, updated: now, flags: turn >= plan.update)
        }
    }

    /// Removes the records that belong to another one.
    func remove(first identifier: Int) {
        rows.removeAll { $0.first == identifier }
        version += 1
    }
}
