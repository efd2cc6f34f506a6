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
        guard bytes.count >= 19 else { return nil }
        // Eight bytes at a time: digits become their values, signs nothing, and the one between date and time is left out.
        let date = word(bytes, at: 0) ^ 0x2D30_302D_3030_3030  // 0000-00-
        let time = (word(bytes, at: 8) ^ 0x3030_3A30_3000_3030) & ~0x00FF_0000  // 00?00:00
        // Digits from 10 on and signs that are not the right ones reach the top bit.
        let dateFaults = (date &+ 0x7F76_767F_7676_7676) | date
        let timeFaults = (time &+ 0x7676_7F76_7600_7676) | time
        guard (dateFaults | timeFaults) & 0x8080_8080_8080_8080 == 0, bytes[16] == 0x3A,
            bytes[10] == 0x54 || bytes[10] == 0x74 || bytes[10] == 0x20, let second = pair(bytes, 17)
        else { return nil }
        let year = pair(date, 0) * 100 + pair(date, 2)
        let (month, day) = (pair(date, 5), pair(time, 0))
        let (hour, minute) = (pair(time, 3), pair(time, 6))
        guard month >= 1, month <= 12, day >= 1, hour < 24, minute < 60,
            second <= 60,  // a leap second reads as the next one's start
            day <= 28 || day <= CivilTime.daysIn(month: month, year: year),
            let offset = offset(bytes, zone: zone)
        else { return nil }
        let days = Int64(CivilTime.daysSinceEpoch(year: year, month: month, day: day))
        let seconds = days * 86_400 + Int64(hour * 3600 + minute * 60 + second) - offset
        let moment = Timestamp(secondsSinceEpoch: seconds)
        return moment.adding(seconds: 0) == moment ? moment : nil
    }

    /// Eight bytes, the first one lowest.
    @inline(__always)
    private static func word(_ bytes: UnsafeRawBufferPointer, at start: Int) -> UInt64 {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self))
    }

    /// The number of two digits, whose values are the bytes of a word from `start` on.
    @inline(__always)
    private static func pair(_ word: UInt64, _ start: UInt64) -> Int {
        Int(truncatingIfNeeded: (word &>> (start &* 8) & 0xF) &* 10 &+ (word &>> (start &* 8 &+ 8) & 0xF))
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
    @inline(__always)
    private static func pair(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Int? {
        guard start + 2 <= bytes.count else { return nil }
        let (tens, ones) = (bytes[start] &- 0x30, bytes[start + 1] &- 0x30)
        return tens < 10 && ones < 10 ? Int(tens) * 10 + Int(ones) : nil
    }
}
