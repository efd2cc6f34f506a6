package import Sync

/// Numbers and times as people read them; the one place that forms them.
package enum Shown {
    /// `12,345`.
    package static func count(_ number: Int) -> String {
        let digits = String(number.magnitude)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return number < 0 ? "-\(text)" : text
    }

    /// `1 row`, `12,345 rows`.
    package static func count(_ number: Int, _ one: String, _ many: String) -> String {
        "\(count(number)) \(number == 1 ? one : many)"
    }

    /// `850 ms`, `4.2 s`, `3 m 12 s`, `2 h 5 m`.
    package static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds > 0 else { return "0 s" }
        if seconds < 0.9995 { return "\(Int((seconds * 1000).rounded())) ms" }
        if seconds < 59.95 {
            let tenths = Int((seconds * 10).rounded())
            return "\(tenths / 10).\(tenths % 10) s"
        }
        return span(Int64(min(seconds, 1e12).rounded()))
    }

    /// `45 s`, `3 m 12 s`, `2 h 5 m`, `3 d 4 h`: the two largest units.
    package static func span(_ seconds: Int64) -> String {
        let seconds = max(0, seconds)
        if seconds < 60 { return "\(seconds) s" }
        if seconds < 3600 { return pair(seconds / 60, "m", seconds % 60, "s") }
        if seconds < 86_400 { return pair(seconds / 3600, "h", seconds / 60 % 60, "m") }
        return pair(seconds / 86_400, "d", seconds / 3600 % 24, "h")
    }

    private static func pair(_ first: Int64, _ unit: String, _ second: Int64, _ smaller: String) -> String {
        second == 0 ? "\(first) \(unit)" : "\(first) \(unit) \(second) \(smaller)"
    }

    /// `2 h 5 m ago`, `in 3 d 4 h`.
    package static func distance(_ time: Timestamp, from now: Timestamp) -> String {
        let seconds = time.secondsSinceEpoch - now.secondsSinceEpoch
        return seconds > 0 ? "in \(span(seconds))" : "\(span(-seconds)) ago"
    }

    /// `2026-11-20 03:00 UTC`.
    package static func time(_ time: Timestamp) -> String { minute(time) + " UTC" }

    /// `2026-11-20 03:00`.
    package static func minute(_ time: Timestamp) -> String {
        let civil = CivilTime(time)
        return "\(civil.dateText) \(civil.timeText.prefix(5))"
    }

    /// `2026-11-20`.
    package static func day(_ time: Timestamp) -> String { CivilTime(time).dateText }

    /// `12 kB`, `3.4 MB`.
    package static func bytes(_ count: Int) -> String {
        var value = Double(max(0, count))
        for unit in ["B", "kB", "MB", "GB"] {
            if value < 999.5 {
                return unit == "B" || value >= 100
                    ? "\(Int(value.rounded())) \(unit)" : "\(tenths(value)) \(unit)"
            }
            value /= 1000
        }
        return "\(tenths(value)) TB"
    }

    /// One decimal.
    package static func tenths(_ value: Double) -> String {
        let scaled = Int((min(max(value, -1e15), 1e15) * 10).rounded())
        return "\(scaled / 10).\(abs(scaled % 10))"
    }

    /// A word of a report for people: `needs_authorization` is `needs authorization`.
    package static func word(_ word: String) -> String { word.replacing("_", with: " ") }
}
