/// Reads integers and floats.
enum TOMLNumber {
    /// The value of a whole word that begins with a sign, a digit or a point.
    static func value(of word: ArraySlice<UInt8>) throws(TOMLProblem) -> TOMLValue {
        let isNegative = word.first == UInt8(ascii: "-")
        let hasSign = isNegative || word.first == UInt8(ascii: "+")
        let digits = hasSign ? word.dropFirst() : word
        if let radix = radix(of: digits) {
            guard !hasSign else { throw .signBeforePrefix }
            let digits = try plainDigits(digits.dropFirst(2), radix: radix)
            return .integer(try integer(digits, radix: UInt64(radix), isNegative: false))
        }
        guard digits.contains(where: { $0 == UInt8(ascii: ".") || isExponent($0) }) else {
            let digits = try decimalDigits(digits)
            return .integer(try integer(digits, radix: 10, isNegative: isNegative))
        }
        let magnitude = try float(digits)
        return .float(isNegative ? -magnitude : magnitude)
    }

    private static func radix(of digits: ArraySlice<UInt8>) -> UInt8? {
        guard digits.count >= 2, digits.first == UInt8(ascii: "0") else { return nil }
        return switch digits.dropFirst().first {
        case UInt8(ascii: "x"): 16
        case UInt8(ascii: "o"): 8
        case UInt8(ascii: "b"): 2
        default: nil
        }
    }

    private static func integer(
        _ digits: [UInt8], radix: UInt64, isNegative: Bool
    ) throws(TOMLProblem) -> Int64 {
        var magnitude: UInt64 = 0
        for digit in digits {
            let (product, productOverflows) = magnitude.multipliedReportingOverflow(by: radix)
            let (sum, sumOverflows) = product.addingReportingOverflow(UInt64(digit.tomlDigitValue ?? 0))
            guard !productOverflows, !sumOverflows else { throw .numberTooLarge }
            magnitude = sum
        }
        guard magnitude != Int64.min.magnitude || !isNegative else { return Int64.min }
        guard let value = Int64(exactly: magnitude) else { throw .numberTooLarge }
        return isNegative ? 0 &- value : value
    }

    private static func float(_ word: ArraySlice<UInt8>) throws(TOMLProblem) -> Double {
        let exponent = word.firstIndex(where: isExponent)
        let mantissa = word[..<(exponent ?? word.endIndex)]
        let point = mantissa.firstIndex(of: UInt8(ascii: "."))
        var text = try decimalDigits(mantissa[..<(point ?? mantissa.endIndex)])
        if let point {
            text.append(UInt8(ascii: "."))
            text += try plainDigits(mantissa[(point + 1)...], radix: 10)
        }
        if let exponent {
            var digits = word[(exponent + 1)...]
            text.append(UInt8(ascii: "e"))
            if let sign = digits.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
                text.append(sign)
                digits.removeFirst()
            }
            text += try plainDigits(digits, radix: 10)
        }
        guard let value = Double(String(decoding: text, as: UTF8.self)) else { throw .number }
        guard value.isFinite else { throw .floatTooLarge }
        return value
    }

    private static func isExponent(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E")
    }

    /// Digits without a superfluous zero in front.
    private static func decimalDigits(_ digits: ArraySlice<UInt8>) throws(TOMLProblem) -> [UInt8] {
        let digits = try plainDigits(digits, radix: 10)
        guard digits.count == 1 || digits.first != UInt8(ascii: "0") else { throw .leadingZero }
        return digits
    }

    /// Digits, at least one, without the underscores between them.
    private static func plainDigits(_ text: ArraySlice<UInt8>, radix: UInt8) throws(TOMLProblem) -> [UInt8] {
        var plain: [UInt8] = []
        var last: UInt8?
        for byte in text {
            if byte == UInt8(ascii: "_") {
                guard let last, last != byte else { throw .underscore }
            } else {
                guard (byte.tomlDigitValue ?? .max) < radix else { throw .number }
                plain.append(byte)
            }
            last = byte
        }
        guard let last else { throw .number }
        guard last != UInt8(ascii: "_") else { throw .underscore }
        return plain
    }
}
