/// Finds the known name that somebody probably meant.
package enum Nearest {
    /// The nearest known name, when it is near enough to be meant.
    package static func name(to word: String, among known: [String]) -> String? {
        let lowered = word.lowercased()
        let ranked = known.map { (name: $0, distance: distance(lowered, $0.lowercased())) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
        let allowed = max(1, min(word.count, best.name.count) / 3 + 1)
        let isPart = lowered.count >= 3 && (best.name.lowercased().contains(lowered))
        return best.distance <= allowed || isPart ? best.name : nil
    }

    /// `; did you mean 'x'?`, or the whole list when nothing is near.
    package static func hint(to word: String, among known: [String]) -> String {
        if let name = name(to: word, among: known) { return "did you mean '\(name)'?" }
        return "known: \(known.joined(separator: ", "))"
    }

    /// Edits (insert, delete, replace, swap neighbours) that turn one word into the other.
    private static func distance(_ left: String, _ right: String) -> Int {
        let a = Array(left.unicodeScalars.prefix(64))
        let b = Array(right.unicodeScalars.prefix(64))
        if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
        var before: [Int] = []
        var previous = Array(0...b.count)
        for i in 1...a.count {
            var row = [i] + Array(repeating: 0, count: b.count)
            for j in 1...b.count {
                row[j] = min(
                    previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                    row[j] = min(row[j], before[j - 2] + 1)
                }
            }
            (before, previous) = (previous, row)
        }
        return previous[b.count]
    }
}
