import Glibc
import JSON

/// Finds keys that stand more than once in a page.
enum RepeatedKeys {
    /// Records whose key stands again later in the page.
    ///
    /// The usual page is sorted by its key, which leaves nothing to look for; of others hashes come first.
    static func superseded(_ page: ScannedPage.Contents) -> Set<Int> {
        if isSorted(page) { return [] }
        var hashes: Set<Int> = []
        hashes.reserveCapacity(page.count)
        for index in 0..<page.count {
            var hasher = Hasher()
            hasher.combine(bytes: page.id(index))
            if !hashes.insert(hasher.finalize()).inserted { return supersededExactly(page) }
        }
        return []
    }

    /// Whether the keys grow from record to record: by length, then byte by byte.
    private static func isSorted(_ page: ScannedPage.Contents) -> Bool {
        for index in 0..<max(0, page.count - 1) {
            let (left, right) = (page.id(index), page.id(index + 1))
            if left.count > right.count { return false }
            guard left.count == right.count else { continue }
            guard let start = left.baseAddress, let other = right.baseAddress,
                memcmp(start, other, right.count) < 0
            else { return false }
        }
        return true
    }

    private static func supersededExactly(_ page: ScannedPage.Contents) -> Set<Int> {
        var last: [[UInt8]: Int] = [:]
        var superseded: Set<Int> = []
        for index in 0..<page.count {
            let id = Array(page.id(index))
            if let earlier = last.updateValue(index, forKey: id) { superseded.insert(earlier) }
        }
        return superseded
    }
}
