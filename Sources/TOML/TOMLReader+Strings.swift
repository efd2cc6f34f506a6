extension TOMLReader {
    /// Reads a string value that begins with this quote, once or three times.
    mutating func string(quote: UInt8) throws(TOMLError) -> String {
        cursor.isAt(quote, times: 3) ? try multilineString(quote: quote) : try lineString(quote: quote)
    }

    /// Reads a string of one line, which is also the form of a quoted key.
    mutating func lineString(quote: UInt8) throws(TOMLError) -> String {
        let position = cursor.position()
        let hasEscapes = quote == UInt8(ascii: "\"")
        var text: [UInt8] = []
        cursor.advance()
        while let byte = cursor.current, cursor.lineBreakLength == 0 {
            switch byte {
            case quote:
                cursor.advance()
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\") where hasEscapes:
                readEscape(into: &text)
            default:
                readByte(byte, into: &text)
            }
        }
        throw error(.stringUnclosed, at: position)
    }

    private mutating func multilineString(quote: UInt8) throws(TOMLError) -> String {
        let position = cursor.position()
        let hasEscapes = quote == UInt8(ascii: "\"")
        var text: [UInt8] = []
        cursor.advance(3)
        cursor.advanceOverLineBreak()
        while let byte = cursor.current {
            switch byte {
            case quote where cursor.isAt(quote, times: 3):
                readClosingQuotes(quote, into: &text)
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\") where hasEscapes:
                if !skipEscapedLineBreak() {
                    readEscape(into: &text)
                }
            case _ where cursor.lineBreakLength > 0:
                text.append(UInt8(ascii: "\n"))
                cursor.advanceOverLineBreak()
            default:
                readByte(byte, into: &text)
            }
        }
        throw error(.multilineUnclosed, at: position)
    }

    /// Reads three to five quotes: up to two of them belong to the text.
    private mutating func readClosingQuotes(_ quote: UInt8, into text: inout [UInt8]) {
        var extra = 0
        while extra < 2, cursor.byte(after: 3 &+ extra) == quote {
            text.append(quote)
            extra &+= 1
        }
        cursor.advance(3 &+ extra)
    }

    private mutating func readByte(_ byte: UInt8, into text: inout [UInt8]) {
        if let problem = controlProblem(byte) {
            report(problem)
        }
        text.append(byte)
        cursor.advance()
    }

    /// Moves past a backslash at the end of a line and all blanks and line breaks after it.
    private mutating func skipEscapedLineBreak() -> Bool {
        let mark = cursor
        cursor.advance()
        cursor.skipBlanks()
        guard cursor.lineBreakLength > 0 else {
            cursor = mark
            return false
        }
        while cursor.lineBreakLength > 0 {
            cursor.advanceOverLineBreak()
            cursor.skipBlanks()
        }
        return true
    }

    private mutating func readEscape(into text: inout [UInt8]) {
        let position = cursor.position()
        cursor.advance()
        let letter = cursor.lineBreakLength > 0 ? nil : cursor.current
        switch letter {
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "\""): text.append(0x22)
        case UInt8(ascii: "\\"): text.append(0x5C)
        case UInt8(ascii: "u"): return readScalar(digits: 4, at: position, into: &text)
        case UInt8(ascii: "U"): return readScalar(digits: 8, at: position, into: &text)
        default: return report(.escape, at: position)
        }
        cursor.advance()
    }

    private mutating func readScalar(digits: Int, at position: TOMLPosition, into text: inout [UInt8]) {
        cursor.advance()
        var value: UInt32 = 0
        for _ in 0..<digits {
            guard let digit = cursor.current?.tomlDigitValue else { return report(.escape, at: position) }
            value = value << 4 | UInt32(digit)
            cursor.advance()
        }
        guard let scalar = Unicode.Scalar(value) else { return report(.escapeNotScalar, at: position) }
        text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
}
