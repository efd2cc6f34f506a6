/// Reads the times that platforms send: RFC 3339 with any offset and 0 to 9 fraction digits, a blank instead of
/// the `T`, no zone where the platform's zone is known, and Unix seconds or milliseconds.
package enum TimeReader {
    package enum Zone: Sendable, Equatable {
        /// The text must name its zone.
        case stated
        /// A text without a zone is this many seconds east of UTC.
        case assumed(Int64)
        /// The value is a number of seconds since 1970, or milliseconds from 10^11 on.
        case unix
    }

    /// - Returns: nil for anything that is not exactly one moment between the years 0 and 9999.
    package static func read(_ bytes: UnsafeRawBufferPointer, zone: Zone) -> Timestamp? {
        if zone == .unix { return unix(bytes) }
        guard bytes.count >= 19, bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[13] == 0x3A, bytes[16] == 0x3A,
            bytes[10] == 0x54 || bytes[10] == 0x74 || bytes[10] == 0x20,
            let century = pair(bytes, 0), let yearOfCentury = pair(bytes, 2), let month = pair(bytes, 5),
            let day = pair(bytes, 8), let hour = pair(bytes, 11), let minute = pair(bytes, 14),
            let second = pair(bytes, 17)
        else { return nil }
        let year = century * 100 + yearOfCentury
        guard (1...12).contains(month), day >= 1, day <= CivilTime.daysIn(month: month, year: year),
            hour < 24,
            minute < 60, second <= 60  // a leap second reads as the next one's start
        else { return nil }
        guard let offset = offset(bytes, zone: zone) else { return nil }
        let days = Int64(CivilTime.daysSinceEpoch(year: year, month: month, day: day))
        let seconds = days * 86_400 + Int64(hour * 3600 + minute * 60 + second) - offset
        let time = Timestamp(secondsSinceEpoch: seconds)
        return time.adding(seconds: 0) == time ? time : nil
    }

    /// Seconds east of UTC, from what follows the seconds.
    private static func offset(_ bytes: UnsafeRawBufferPointer, zone: Zone) -> Int64? {
        var at = 19
        if at < bytes.count, bytes[at] == 0x2E || bytes[at] == 0x2C {
            let first = at + 1
            at = first
            while at < bytes.count, bytes[at] &- 0x30 < 10 { at += 1 }
            guard at > first else { return nil }
        }
        guard at < bytes.count else {
            if case .assumed(let seconds) = zone { return seconds }
            return nil
        }
        let sign = bytes[at]
        let left = bytes.count - at - 1
        if sign == 0x5A || sign == 0x7A { return left == 0 ? 0 : nil }
        guard sign == 0x2B || sign == 0x2D, let hours = pair(bytes, at + 1), hours < 24 else {
            return nil
        }
        var minutes = 0
        switch left {
        case 2: break
        case 4: minutes = pair(bytes, at + 3) ?? 99
        case 5 where bytes[at + 3] == 0x3A: minutes = pair(bytes, at + 4) ?? 99
        default: return nil
        }
        guard minutes < 60 else { return nil }
        return Int64(hours * 3600 + minutes * 60) * (sign == 0x2D ? -1 : 1)
    }

    private static func unix(_ bytes: UnsafeRawBufferPointer) -> Timestamp? {
        guard let value = Int64(String(decoding: bytes, as: UTF8.self)) else { return nil }
        let seconds = value.magnitude >= 100_000_000_000 ? value / 1000 : value
        let time = Timestamp(secondsSinceEpoch: seconds)
        return time.adding(seconds: 0) == time ? time : nil
    }

    /// A number of two digits.
    private static func pair(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Int? {
        guard start + 2 <= bytes.count else { return nil }
        let (tens, ones) = (bytes[start] &- 0x30, bytes[start + 1] &- 0x30)
        return tens < 10 && ones < 10 ? Int(tens) * 10 + Int(ones) : nil
    }
}
