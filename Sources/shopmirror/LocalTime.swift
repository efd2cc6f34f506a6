import Glibc
import Sync

/// Moments as people read them.
enum LocalTime {
    /// `2026-11-21 19:00 JST`, in this machine's zone.
    static func text(_ time: Timestamp) -> String {
        var seconds = time_t(time.secondsSinceEpoch)
        var fields = tm()
        guard localtime_r(&seconds, &fields) != nil else { return time.text }
        let civil = CivilTime(time, offset: Int64(fields.tm_gmtoff))
        let zone = fields.tm_zone.map { String(cString: $0) } ?? ""
        return "\(civil.dateText) \(civil.timeText.prefix(5)) \(zone)"
    }

    /// `in 5 h`, `3 d ago`, `just now`.
    static func distance(_ time: Timestamp, from now: Timestamp) -> String {
        let seconds = time.secondsSinceEpoch - now.secondsSinceEpoch
        let size = seconds.magnitude
        guard size > 0 else { return "just now" }
        let amount =
            switch size {
            case ..<60: "\(size) s"
            case ..<7200: "\(size / 60) min"
            case ..<172_800: "\(size / 3600) h"
            default: "\(size / 86_400) d"
            }
        return seconds > 0 ? "in \(amount)" : "\(amount) ago"
    }

    static func both(_ time: Timestamp, now: Timestamp) -> String {
        "\(text(time)) (\(distance(time, from: now)))"
    }
}
