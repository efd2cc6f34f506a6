/// A set of row numbers, one bit each: what a full pull has seen so far.
struct RowSet {
    private var words: [UInt64] = []
    private(set) var count = 0

    mutating func insert(_ row: Int64) {
        guard row >= 0, row < 1 << 40 else { return }
        let word = Int(row >> 6)
        if word >= words.count {
            words.append(contentsOf: repeatElement(0, count: max(word + 1 - words.count, words.count)))
        }
        let bit = UInt64(1) << UInt64(row & 63)
        if words[word] & bit == 0 {
            words[word] |= bit
            count += 1
        }
    }

    func contains(_ row: Int64) -> Bool {
        let word = Int(row >> 6)
        return row >= 0 && word < words.count && words[word] & (UInt64(1) << UInt64(row & 63)) != 0
    }

    /// `[[lo,hi],...]` of row numbers, sorted.
    static func rangesText(_ rows: [Int64]) -> String {
        var text = "["
        var low: Int64?
        var high: Int64 = 0
        for row in rows.sorted() {
            if let start = low {
                if row <= high + 1 {
                    high = row
                    continue
                }
                text += "[\(start),\(high)],"
            }
            low = row
            high = row
        }
        if let low { text += "[\(low),\(high)]" }
        return text + "]"
    }

    /// Adds what `rangesText` wrote.
    mutating func insert(rangesText text: String) {
        var numbers: [Int64] = []
        var current: Int64?
        for byte in text.utf8 {
            if byte &- 0x30 < 10 {
                current = (current ?? 0) &* 10 &+ Int64(byte &- 0x30)
            } else if let number = current {
                numbers.append(number)
                current = nil
            }
        }
        var index = 0
        while index + 1 < numbers.count {
            if numbers[index] <= numbers[index + 1] {
                for row in numbers[index]...numbers[index + 1] { insert(row) }
            }
            index += 2
        }
    }
}
