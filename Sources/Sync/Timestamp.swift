/// A moment with second precision, in UTC.
///
/// Written `2026-11-20T03:00:00Z`.
package struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
    package var secondsSinceEpoch: Int64

    package init(secondsSinceEpoch: Int64) { self.secondsSinceEpoch = secondsSinceEpoch }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.secondsSinceEpoch < right.secondsSinceEpoch
    }

    package func adding(seconds: Int64) -> Timestamp {
        let (sum, overflow) = secondsSinceEpoch.addingReportingOverflow(seconds)
        return Timestamp(secondsSinceEpoch: overflow ? (seconds < 0 ? Self.earliest : Self.latest) : sum)
            .clamped
    }

    /// 0000-01-01T00:00:00Z and 9999-12-31T23:59:59Z: what twenty characters can hold.
    private static let earliest: Int64 = -62_167_219_200
    private static let latest: Int64 = 253_402_300_799

    private var clamped: Timestamp {
        Timestamp(secondsSinceEpoch: min(max(secondsSinceEpoch, Self.earliest), Self.latest))
    }

    package var description: String { text }

    /// `2026-11-20T03:00:00Z`.
    package var text: String {
        String(unsafeUninitializedCapacity: Self.textLength) { buffer in
            write(into: UnsafeMutableRawBufferPointer(buffer))
            return Self.textLength
        }
    }

    /// Bytes of `text`.
    static let textLength = 20

    /// Writes `text` into the first twenty bytes of a buffer, which must have them.
    func write(into buffer: UnsafeMutableRawBufferPointer) {
        let civil = CivilTime(clamped)
        func put(_ number: Int, at start: Int) {
            // The quotient of a number below 100 and 10.
            let tens = (UInt32(truncatingIfNeeded: number) &* 103) &>> 10
            let ones = UInt32(truncatingIfNeeded: number) &- tens &* 10
            buffer[start] = UInt8(truncatingIfNeeded: 0x30 &+ tens)
            buffer[start &+ 1] = UInt8(truncatingIfNeeded: 0x30 &+ ones)
        }
        put(civil.year / 100, at: 0)
        put(civil.year % 100, at: 2)
        buffer[4] = 0x2D
        put(civil.month, at: 5)
        buffer[7] = 0x2D
        put(civil.day, at: 8)
        buffer[10] = 0x54
        put(civil.hour, at: 11)
        buffer[13] = 0x3A
        put(civil.minute, at: 14)
        buffer[16] = 0x3A
        put(civil.second, at: 17)
        buffer[19] = 0x5A
    }

    /// `20261120T030000Z`, the first part of a run id.
    package var compact: String {
        let civil = CivilTime(self)
        return digits(civil.year, 4) + digits(civil.month, 2) + digits(civil.day, 2) + "T"
            + digits(civil.hour, 2) + digits(civil.minute, 2) + digits(civil.second, 2) + "Z"
    }

    /// Reads a time as platforms write it; see `TimeReader`.
    package init?(_ text: String, zone: TimeReader.Zone = .stated) {
        var text = text
        guard let found = text.withUTF8({ TimeReader.read(UnsafeRawBufferPointer($0), zone: zone) }) else {
            return nil
        }
        self = found
    }
}

/// A moment's calendar fields in some zone (proleptic Gregorian).
package struct CivilTime: Sendable {
    package var year, month, day, hour, minute, second: Int

    /// - Parameters:
    ///   - time: The moment.
    ///   - offset: Seconds east of UTC.
    package init(_ time: Timestamp, offset: Int64 = 0) {
        let shifted = time.secondsSinceEpoch + offset
        let days = shifted >= 0 ? shifted / 86_400 : (shifted - 86_399) / 86_400
        let rest = Int(shifted - days * 86_400)
        (year, month, day) = Self.date(daysSinceEpoch: Int(days))
        (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60)
    }

    package var dateText: String { "\(digits(year, 4))-\(digits(month, 2))-\(digits(day, 2))" }
    package var timeText: String { "\(digits(hour, 2)):\(digits(minute, 2)):\(digits(second, 2))" }

    /// Days since 1970-01-01 of a date; months are counted from March so that leap days come last.
    package static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func date(daysSinceEpoch days: Int) -> (Int, Int, Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month,
            dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        )
    }

    static func daysIn(month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

/// A number with leading zeros.
func digits(_ number: Int, _ width: Int) -> String {
    let text = String(number)
    let missing = width - text.utf8.count
    return missing > 0 ? String(repeating: "0", count: missing) + text : text
}
