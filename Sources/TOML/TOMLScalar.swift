/// Reads the values that are one word: numbers, dates and times, and the constants.
enum TOMLScalar {
    /// The value of a whole word.
    static func value(of word: ArraySlice<UInt8>) throws(TOMLProblem) -> TOMLValue {
        if let constant = constant(word) { return constant }
        guard let first = word.first else { throw .valueMissing }
        switch first {
        case _ where first.isTOMLDigit && isDateOrTime(word):
            return try TOMLDateTimeReader.value(of: word)
        case _ where first.isTOMLDigit, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            return try TOMLNumber.value(of: word)
        default:
            throw .word
        }
    }

    /// Whether a word has the form of a date, which a blank may separate from a time.
    static func isDate(_ word: ArraySlice<UInt8>) -> Bool {
        word.count == 10
            && zip(word, "dddd-dd-dd".utf8).allSatisfy { byte, form in
                form == UInt8(ascii: "d") ? byte.isTOMLDigit : byte == form
            }
    }

    /// Whether these are true, false, inf or nan, apart from blanks.
    static func isConstant(_ text: ArraySlice<UInt8>) -> Bool {
        let end = text.lastIndex { !$0.isTOMLBlank }.map { $0 + 1 } ?? text.startIndex
        return constant(text[..<end]) != nil
    }

    private static func constant(_ word: ArraySlice<UInt8>) -> TOMLValue? {
        guard word.count <= 5 else { return nil }
        return switch String(decoding: word, as: UTF8.self) {
        case "true": .boolean(true)
        case "false": .boolean(false)
        case "inf", "+inf": .float(.infinity)
        case "-inf": .float(-.infinity)
        case "nan", "+nan", "-nan": .float(.nan)
        default: nil
        }
    }

    private static func isDateOrTime(_ word: ArraySlice<UInt8>) -> Bool {
        if word.contains(UInt8(ascii: ":")) { return true }
        let year = word.prefix { $0.isTOMLDigit }
        return year.count >= 2 && word.dropFirst(year.count).first == UInt8(ascii: "-")
    }
}
