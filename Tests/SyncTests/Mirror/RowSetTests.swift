import Testing

@testable import Sync

struct RowSetTests {
    @Test func `what was put in is in, and counted once`() {
        var set = RowSet()
        for row: Int64 in [1, 5, 64, 65, 1, 1_000_003, 0] { set.insert(row) }
        #expect(set.count == 6)
        for row: Int64 in [0, 1, 5, 64, 65, 1_000_003] { #expect(set.contains(row)) }
        for row: Int64 in [2, 63, 66, 1_000_002, 1_000_004, 9_999_999, -1] { #expect(!set.contains(row)) }
    }

    @Test(arguments: [
        ([], "[]"), ([7], "[[7,7]]"), ([3, 1, 2], "[[1,3]]"), ([1, 2, 4, 5, 9], "[[1,2],[4,5],[9,9]]"),
        ([5, 5, 6], "[[5,6]]"),
        // Put into the file by somebody else.
        ([-3, -2, 1 << 33, .max], "[[-3,-2],[8589934592,8589934592],[\(Int64.max),\(Int64.max)]]"),
    ])
    func `rows are stored as ranges and read back`(rows: [Int64], text: String) {
        #expect(RowSet.rangesText(rows) == text)
        var set = RowSet()
        set.insert(rangesText: text)
        #expect(set.count == Set(rows).count)
        for row in rows { #expect(set.contains(row)) }
    }

    @Test(arguments: [nil, 0, 1, 63, 64, 65, 127, 128, 190, 191, 192])
    func `a range is in where each of its rows is`(missing: Int64?) {
        var set = RowSet()
        for row: Int64 in 0..<193 where row != missing { set.insert(row) }
        for low: Int64 in 0..<193 {
            for high in low..<min(low + 140, 193) {
                let isIn = missing.map { !(low...high).contains($0) } ?? true
                #expect(set.contains(low...high) == isIn, "\(low)...\(high)")
            }
        }
        #expect(!set.contains(0...193) && !set.contains(150...1_000_000) && !set.contains(-1...5))
        #expect(!set.contains(0...(.max)) && !set.contains(.min...0) && !set.contains(1 << 40...1 << 41))
        set.insert(1 << 40)
        #expect(set.contains(1 << 40...1 << 40) && !RowSet().contains(0...0))
    }

    @Test func `a stored text that was damaged does no harm`() {
        var set = RowSet()
        for text in [
            "", "[[5]]", "[[9,3]]", "nonsense", "[[-5,-1]]", "[[99999999999999999999,99999999999999999999]]",
            "[[1,9000000000000000000]]", "[[-9000000000000000000,9000000000000000000]]",
        ] {
            set.insert(rangesText: text)
        }
        #expect(set.count <= 5)
    }
}
