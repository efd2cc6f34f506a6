/// Durations and sizes as people write them in the config and on the command line.
package enum Quantity {
    /// Seconds of `90s`, `50m`, `2h`, `7d`, `1h30m`; at most ten years.
    package static func seconds(_ text: String) -> Int64? {
        var total: Int64 = 0
        var value: Int64?
        for character in text.unicodeScalars {
            if let digit = Int64(exactly: character.value)?.advanced(by: -48), (0...9).contains(digit) {
                guard (value ?? 0) < 1_000_000_000 else { return nil }
                value = (value ?? 0) * 10 + digit
                continue
            }
            let units: [Unicode.Scalar: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
            guard let number = value, let unit = units[character] else { return nil }
            total += number * unit
            value = nil
        }
        guard value == nil, !text.isEmpty, total <= 315_360_000 else { return nil }
        return total
    }

    /// Bytes of `16MiB`, `512KiB`, `4MB`, `1000`; at most 1 TiB.
    package static func bytes(_ text: String) -> Int? {
        let units: [(String, Int)] = [
            ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("kB", 1000), ("KB", 1000),
            ("MB", 1_000_000),
            ("GB", 1_000_000_000), ("B", 1), ("", 1),
        ]
        for (unit, factor) in units where text.hasSuffix(unit) {
            guard let number = Int(text.dropLast(unit.count)), number >= 0, text.first != "+" else {
                return nil
            }
            let (product, overflow) = number.multipliedReportingOverflow(by: factor)
            return overflow || product > 1 << 40 ? nil : product
        }
        return nil
    }

    /// `6h`, `1h30m`, `45s`: the shortest form of a number of seconds.
    package static func text(seconds: Int64) -> String {
        guard seconds > 0 else { return "0s" }
        var rest = seconds
        var parts: [String] = []
        for (unit, size) in [("d", Int64(86_400)), ("h", 3600), ("m", 60), ("s", 1)] where rest >= size {
            parts.append("\(rest / size)\(unit)")
            rest %= size
        }
        return parts.prefix(2).joined()
    }

    /// A moment given as RFC 3339 time, as a date (midnight UTC), or as an age such as `36h`.
    package static func moment(_ text: String, now: Timestamp) -> Timestamp? {
        if let age = seconds(text) { return now.adding(seconds: -age) }
        if let time = Timestamp(text) { return time }
        guard text.utf8.count == 10 else { return nil }
        return Timestamp(text + "T00:00:00Z")
    }
}
