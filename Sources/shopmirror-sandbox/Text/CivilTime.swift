/// A moment, in seconds since 1970, as the platforms write and read it.
struct CivilTime {
    let year: Int
    let month: Int
    let day: Int
    let hour: Int
    let minute: Int
    let second: Int
    private let weekday: Int

    /// The clock on the wall at `seconds`, `offset` minutes east of Greenwich.
    init(_ seconds: Int, offset: Int = 0) {
        let local = seconds + offset * 60
        var days = local / 86_400
        var rest = local % 86_400
        if rest < 0 {
            rest += 86_400
            days -= 1
        }
        hour = rest / 3600
        minute = rest / 60 % 60
        second = rest % 60
        weekday = ((days + 4) % 7 + 7) % 7
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// `2026-01-10 09:00:00` in Japan.
    static func japanese(_ seconds: Int) -> String {
        let time = CivilTime(seconds, offset: 540)
        return time.date + " " + time.clock
    }

    /// `2026-01-10T09:00:00+08:00`, with `.123` before the offset where milliseconds are given.
    static func offsetTime(_ seconds: Int, offset: Int, milliseconds: Int? = nil, zulu: Bool = false)
        -> String
    {
        let time = CivilTime(seconds, offset: offset)
        let fraction = milliseconds.map { "." + padded($0, 3) } ?? ""
        guard !zulu else { return time.date + "T" + time.clock + fraction + "Z" }
        let size = abs(offset)
        let sign = offset < 0 ? "-" : "+"
        return time.date + "T" + time.clock + fraction + sign + padded(size / 60, 2) + ":"
            + padded(size % 60, 2)
    }

    /// `Fri, 20 Nov 2026 23:24:11 GMT`.
    static func http(_ seconds: Int) -> String {
        let time = CivilTime(seconds)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        return "\(days[time.weekday]), \(padded(time.day, 2)) \(months[time.month - 1]) \(time.year) "
            + "\(time.clock) GMT"
    }

    /// `2026-01-10`.
    var date: String { Self.padded(year, 4) + "-" + Self.padded(month, 2) + "-" + Self.padded(day, 2) }

    /// `09:00:00`.
    var clock: String { Self.padded(hour, 2) + ":" + Self.padded(minute, 2) + ":" + Self.padded(second, 2) }

    /// `20260110`.
    var compactDate: String { Self.padded(year, 4) + Self.padded(month, 2) + Self.padded(day, 2) }

    /// Milliseconds since 1970 of an ISO 8601 time that carries an offset; anything else is `nil`.
    static func milliseconds(ofOffsetTime text: String) -> Int? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[10] == 0x54, let wall = wall(bytes[0..<10], bytes[11..<19]) else {
            return nil
        }
        var index = 19
        var fraction = 0
        if bytes[index] == 0x2E {
            let digits = bytes[(index + 1)...].prefix { $0 >= 0x30 && $0 <= 0x39 }
            guard !digits.isEmpty, digits.count <= 9 else { return nil }
            for place in 0..<3 {
                let digit = place < digits.count ? Int(digits[digits.startIndex + place]) - 0x30 : 0
                fraction = fraction * 10 + digit
            }
            index += 1 + digits.count
        }
        let zone = bytes[index...]
        if zone.elementsEqual([0x5A]) { return wall * 1000 + fraction }
        guard zone.count == 6, let sign = zone.first, sign == 0x2B || sign == 0x2D, bytes[index + 3] == 0x3A,
            let hours = number(bytes[(index + 1)..<(index + 3)]),
            let minutes = number(bytes[(index + 4)..<(index + 6)]), hours <= 15, minutes < 60
        else { return nil }
        let offset = (hours * 60 + minutes) * (sign == 0x2B ? 60 : -60)
        return (wall - offset) * 1000 + fraction
    }

    /// Seconds since 1970 of `YYYY-MM-DD HH:MM:SS` or `YYYY-MM-DD` in Japan; anything else is `nil`.
    static func seconds(ofJapaneseTime text: String) -> Int? {
        let bytes = Array(text.utf8)
        if bytes.count == 10 { return wall(bytes[0..<10], Array("00:00:00".utf8)[...]).map { $0 - 32_400 } }
        guard bytes.count == 19, bytes[10] == 0x20 else { return nil }
        return wall(bytes[0..<10], bytes[11..<19]).map { $0 - 32_400 }
    }

    /// Decimal digits with leading zeros.
    static func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        guard digits.utf8.count < width else { return digits }
        return String(repeating: "0", count: width - digits.utf8.count) + digits
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for digit in digits {
            guard digit >= 0x30, digit <= 0x39 else { return nil }
            value = value * 10 + Int(digit) - 0x30
        }
        return value
    }

    private static func wall(_ date: ArraySlice<UInt8>, _ clock: ArraySlice<UInt8>) -> Int? {
        let dates = date.split(separator: 0x2D, omittingEmptySubsequences: false)
        let clocks = clock.split(separator: 0x3A, omittingEmptySubsequences: false)
        guard dates.map(\.count) == [4, 2, 2], clocks.map(\.count) == [2, 2, 2] else { return nil }
        guard let year = number(dates[0]), let month = number(dates[1]), let day = number(dates[2]),
            let hour = number(clocks[0]), let minute = number(clocks[1]), let second = number(clocks[2]),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 60
        else { return nil }
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return (era * 146_097 + dayOfEra - 719_468) * 86_400 + hour * 3600 + minute * 60 + second
    }
}
