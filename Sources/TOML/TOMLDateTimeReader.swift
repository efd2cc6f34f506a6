/// Reads dates and times.
///
/// Source: RFC 3339, section 5.6.
struct TOMLDateTimeReader {
    private var rest: ArraySlice<UInt8>
    private var result = TOMLDateTime()

    private init(_ word: ArraySlice<UInt8>) {
        rest = word
        result.text = String(decoding: word, as: UTF8.self)
    }

    /// The value of a whole word.
    static func value(of word: ArraySlice<UInt8>) throws(TOMLProblem) -> TOMLValue {
        var reader = TOMLDateTimeReader(word)
        return try reader.value()
    }

    private mutating func value() throws(TOMLProblem) -> TOMLValue {
        if rest.dropFirst(2).first == UInt8(ascii: ":") {
            try readTime()
            guard rest.isEmpty else { throw .dateTime }
            return .localTime(result)
        }
        try readDate()
        guard !rest.isEmpty else { return .localDate(result) }
        guard takeOne(of: "Tt ") != nil else { throw .dateTime }
        try readTime()
        guard !rest.isEmpty else { return .localDateTime(result) }
        try readOffset()
        guard rest.isEmpty else { throw .dateTime }
        return .offsetDateTime(result)
    }

    private mutating func readDate() throws(TOMLProblem) {
        result.year = try number(digits: 4)
        guard takeOne(of: "-") != nil else { throw .dateTime }
        result.month = try number(digits: 2)
        guard takeOne(of: "-") != nil else { throw .dateTime }
        result.day = try number(digits: 2)
        let days = Self.days(inMonth: result.month, of: result.year)
        guard result.day >= 1, result.day <= days else { throw .noSuchDate }
    }

    private mutating func readTime() throws(TOMLProblem) {
        result.hour = try number(digits: 2)
        guard takeOne(of: ":") != nil else { throw .dateTime }
        result.minute = try number(digits: 2)
        guard takeOne(of: ":") != nil else { throw .secondsMissing }
        result.second = try number(digits: 2)
        guard result.hour <= 23, result.minute <= 59, result.second <= 60 else { throw .noSuchTime }
        guard takeOne(of: ".") != nil else { return }
        let fraction = rest.prefix { $0.isTOMLDigit }
        guard !fraction.isEmpty else { throw .dateTime }
        rest = rest.dropFirst(fraction.count)
        for place in 0..<9 {
            let digit = fraction.dropFirst(place).first?.tomlDigitValue ?? 0
            result.nanosecond = result.nanosecond * 10 + Int(digit)
        }
    }

    private mutating func readOffset() throws(TOMLProblem) {
        guard let sign = takeOne(of: "Zz+-") else { throw .dateTime }
        result.offsetMinutes = 0
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") else { return }
        let hours = try number(digits: 2)
        guard takeOne(of: ":") != nil else { throw .dateTime }
        let minutes = try number(digits: 2)
        guard hours <= 23, minutes <= 59 else { throw .noSuchOffset }
        let offset = hours * 60 + minutes
        result.offsetMinutes = sign == UInt8(ascii: "-") ? -offset : offset
    }

    /// Exactly so many digits; a further one is left over and makes the form wrong.
    private mutating func number(digits: Int) throws(TOMLProblem) -> Int {
        var value = 0
        for _ in 0..<digits {
            guard let byte = rest.first, byte.isTOMLDigit else { throw .dateTime }
            value = value * 10 + Int(byte &- UInt8(ascii: "0"))
            rest.removeFirst()
        }
        return value
    }

    private mutating func takeOne(of allowed: String) -> UInt8? {
        guard let byte = rest.first, allowed.utf8.contains(byte) else { return nil }
        rest.removeFirst()
        return byte
    }

    private static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 1, 3, 5, 7, 8, 10, 12: 31
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 0
        }
    }
}
