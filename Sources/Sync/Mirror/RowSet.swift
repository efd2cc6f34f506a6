/// A set of row numbers, one bit each: what a full pull has seen so far.
struct RowSet {
    /// SQLite numbers rows from 1 on; whatever lies elsewhere was put there by somebody.
    private static let dense: Range<Int64> = 0..<1 << 31
    /// Far more rows than a page has.
    private static let most = 1 << 24

    private var words: [UInt64] = []
    private var others: Set<Int64> = []
    private(set) var count = 0

    mutating func insert(_ row: Int64) {
        guard Self.dense.contains(row) else {
            if others.insert(row).inserted { count += 1 }
            return
        }
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
        guard Self.dense.contains(row) else { return others.contains(row) }
        let word = Int(row >> 6)
        return word < words.count && words[word] & (UInt64(1) << UInt64(row & 63)) != 0
    }

    /// Whether every row of a range is in the set.
    func contains(_ rows: ClosedRange<Int64>) -> Bool {
        guard rows.lowerBound >= 0, rows.upperBound < min(Int64(words.count) << 6, Self.dense.upperBound)
        else {
            return rows.allSatisfy(contains)
        }
        let (first, last) = (Int(rows.lowerBound >> 6), Int(rows.upperBound >> 6))
        let head = UInt64.max << UInt64(rows.lowerBound & 63)
        let tail = UInt64.max >> UInt64(63 - rows.upperBound & 63)
        guard first < last else { return words[first] & head & tail == head & tail }
        return words[first] & head == head && words[last] & tail == tail
            && words[(first + 1)..<last].allSatisfy { $0 == .max }
    }

    /// `[[lo,hi],...]` of row numbers, sorted.
    static func rangesText(_ rows: [Int64]) -> String {
        var text = "["
        var low: Int64?
        var high: Int64 = 0
        for row in rows.sorted() {
            if let start = low {
                if row <= high &+ 1 {
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
        let numbers = text.utf8.split { $0 != 0x2D && $0 &- 0x30 >= 10 }.map { Int64(Substring($0)) }
        for index in stride(from: 0, to: numbers.count - 1, by: 2) {
            guard let low = numbers[index], let high = numbers[index + 1], low <= high, high &- low >= 0,
                high - low < Self.most
            else { continue }
            for row in low...high { insert(row) }
        }
    }
}
