extension TOMLReader {
    /// Moves from an error to the next line that can start a statement.
    ///
    /// Where a value's brackets are open, their end is looked for, so that the rest of an array is not taken
    /// for statements. A line that looks like a statement ends an array; in braces only a header does, and
    /// then the braces are taken as closed at the end of their line.
    mutating func recover() {
        defer { brackets.removeAll() }
        guard !brackets.isEmpty else { return skipLine() }
        let isAtStatement = cursor.index == cursor.lineStart && startsStatement(insideBraces: false)
        let mark = cursor
        if !isAtStatement, !skipBrackets() {
            cursor = mark
            skipLine()
        }
    }

    private mutating func skipLine() {
        cursor.skipToLineEnd()
        cursor.advanceOverLineBreak()
    }

    /// Moves past the line of the bracket that closes the value, or to the statement that comes before it.
    ///
    /// - Returns: false when there is neither.
    private mutating func skipBrackets() -> Bool {
        var kinds = brackets.map(\.kind)
        while let byte = cursor.current {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "'"): skipString(quote: byte)
            case UInt8(ascii: "#"): cursor.skipToLineEnd()
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                kinds.append(byte)
                cursor.advance()
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                close(byte, in: &kinds)
                cursor.advance()
                guard !kinds.isEmpty else {
                    skipLine()
                    return true
                }
            case _ where cursor.lineBreakLength > 0:
                cursor.advanceOverLineBreak()
                let isInBraces = kinds.contains(UInt8(ascii: "{"))
                if startsStatement(insideBraces: isInBraces) { return !isInBraces }
            default: cursor.advance()
            }
        }
        return !kinds.contains(UInt8(ascii: "{"))
    }

    /// Closes the innermost bracket that this one fits, and all within it; none where none fits.
    private func close(_ byte: UInt8, in kinds: inout [UInt8]) {
        let opening = byte == UInt8(ascii: "]") ? UInt8(ascii: "[") : UInt8(ascii: "{")
        guard let innermost = kinds.lastIndex(of: opening) else { return }
        kinds.removeSubrange(innermost...)
    }

    private mutating func skipString(quote: UInt8) {
        let isMultiline = cursor.isAt(quote, times: 3)
        let length = isMultiline ? 3 : 1
        cursor.advance(length)
        while let byte = cursor.current, isMultiline || !cursor.isAtLineEnd {
            if cursor.isAt(quote, times: length) { return cursor.advance(length) }
            if cursor.lineBreakLength > 0 {
                cursor.advanceOverLineBreak()
            } else {
                let isEscape = byte == UInt8(ascii: "\\") && quote == UInt8(ascii: "\"")
                cursor.advance()
                if isEscape, !cursor.isAtLineEnd {
                    cursor.advance()
                }
            }
        }
    }

    /// Whether the line at the cursor, which is at its start, can only be a statement.
    ///
    /// In an array no line is `key =` or `[name]` with a name that is no value. In braces, which some write
    /// over several lines by mistake, `key =` says nothing.
    func startsStatement(insideBraces: Bool) -> Bool {
        var scout = cursor
        scout.skipBlanks()
        if scout.current == UInt8(ascii: "[") { return isHeader(scout) }
        guard !insideBraces, scout.current?.isTOMLBareKey == true else { return false }
        while let byte = scout.current, byte.isTOMLBareKey || byte == UInt8(ascii: ".") || byte.isTOMLBlank {
            scout.advance()
        }
        return scout.current == UInt8(ascii: "=")
    }

    private func isHeader(_ start: TOMLCursor) -> Bool {
        var scout = start
        let brackets = scout.isAt(UInt8(ascii: "["), times: 2) ? 2 : 1
        scout.advance(brackets)
        scout.skipBlanks()
        let name = scout.index
        guard scout.current.map({ $0.isTOMLLetter || $0 == UInt8(ascii: "_") }) == true else { return false }
        while let byte = scout.current, byte.isTOMLBlank || !byte.endsTOMLToken {
            scout.advance()
        }
        guard !TOMLScalar.isConstant(cursor.bytes[name..<scout.index]),
            scout.isAt(UInt8(ascii: "]"), times: brackets)
        else { return false }
        scout.advance(brackets)
        scout.skipBlanks()
        return scout.isAtLineEnd || scout.current == UInt8(ascii: "#")
    }
}
