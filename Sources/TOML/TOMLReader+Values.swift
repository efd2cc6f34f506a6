extension TOMLReader {
    /// Reads a value that stands `depth` levels below the root.
    ///
    /// - Returns: nil when the value is wrong in itself, which is logged, but its end is clear.
    mutating func item(depth: Int) throws(TOMLError) -> TOMLItem? {
        let position = cursor.position()
        return try value(depth: depth, at: position).map { TOMLItem(value: $0, position: position) }
    }

    private mutating func value(depth: Int, at position: TOMLPosition) throws(TOMLError) -> TOMLValue? {
        switch cursor.current {
        case .some(let quote) where quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"):
            return .string(try string(quote: quote))
        case UInt8(ascii: "["):
            return try array(depth: depth, at: position)
        case UInt8(ascii: "{"):
            return try inlineTable(depth: depth, at: position)
        case .some(let byte) where byte.isTOMLControl && cursor.lineBreakLength == 0:
            throw error(controlProblem(byte) ?? .valueMissing)
        case .some(let byte) where !byte.endsTOMLToken:
            return word(at: position)
        default:
            throw error(.valueMissing)
        }
    }

    /// Reads a number, a date or a constant; logs anything else.
    private mutating func word(at position: TOMLPosition) -> TOMLValue? {
        let isTypographic = cursor.scalar().map { (0x2018...0x201F).contains($0.value) } ?? false
        let start = cursor.index
        skipToken()
        if TOMLScalar.isDate(cursor.bytes[start..<cursor.index]), isBeforeTime() {
            cursor.advance()
            skipToken()
        }
        do {
            return try TOMLScalar.value(of: cursor.bytes[start..<cursor.index])
        } catch {
            report(isTypographic ? .typographicQuotes : error, at: position)
            if isTypographic {
                cursor.skipToLineEnd()
            }
            return nil
        }
    }

    private mutating func skipToken() {
        while let byte = cursor.current, !byte.endsTOMLToken, !byte.isTOMLControl {
            cursor.advance()
        }
    }

    /// Whether a blank and a time follow the date just read.
    private func isBeforeTime() -> Bool {
        guard cursor.current == UInt8(ascii: " ") else { return false }
        return cursor.byte(after: 1)?.isTOMLDigit == true
    }

    private mutating func array(depth: Int, at position: TOMLPosition) throws(TOMLError) -> TOMLValue? {
        try openBracket(depth: depth, at: position)
        var items: [TOMLItem] = []
        var isComplete = true
        while true {
            try skipToElement(of: position)
            if cursor.current == UInt8(ascii: "]") { break }
            guard cursor.current != UInt8(ascii: ",") else { throw error(.arrayElementMissing) }
            if let item = try item(depth: depth &+ 1) {
                items.append(item)
            } else {
                isComplete = false
            }
            try skipToElement(of: position)
            if cursor.current == UInt8(ascii: "]") { break }
            guard cursor.current == UInt8(ascii: ",") else {
                throw error(cursor.current.flatMap(controlProblem) ?? .arraySeparator)
            }
            cursor.advance()
        }
        closeBracket()
        return isComplete ? .array(items) : nil
    }

    /// Moves past blanks, comments and line breaks.
    private mutating func skipToElement(of array: TOMLPosition) throws(TOMLError) {
        while true {
            cursor.skipBlanks()
            if cursor.current == UInt8(ascii: "#") {
                skipComment()
            }
            guard cursor.isAtLineEnd else { return }
            cursor.advanceOverLineBreak()
            let isInBraces = brackets.contains { $0.kind == UInt8(ascii: "{") }
            if cursor.isAtEnd || startsStatement(insideBraces: isInBraces) {
                throw error(.arrayUnclosed, at: array)
            }
        }
    }

    private mutating func inlineTable(depth: Int, at position: TOMLPosition) throws(TOMLError) -> TOMLValue? {
        try openBracket(depth: depth, at: position)
        let table = tree.makeDetachedTable(depth: depth)
        cursor.skipBlanks()
        if cursor.current != UInt8(ascii: "}") {
            try readPairs(in: table, at: position)
        }
        closeBracket()
        return .table(tree.takeDetachedTable(table))
    }

    private mutating func readPairs(in table: Int, at position: TOMLPosition) throws(TOMLError) {
        while true {
            guard !isAtInlineTableEnd() else { throw error(.inlineTableUnclosed, at: position) }
            try readPair(in: table)
            cursor.skipBlanks()
            guard !isAtInlineTableEnd() else { throw error(.inlineTableUnclosed, at: position) }
            guard cursor.current != UInt8(ascii: "}") else { return }
            guard cursor.current == UInt8(ascii: ",") else {
                throw error(cursor.current.flatMap(controlProblem) ?? .inlineTableSeparator)
            }
            let comma = cursor.position()
            cursor.advance()
            cursor.skipBlanks()
            if cursor.current == UInt8(ascii: "}") {
                report(.inlineTableTrailingComma, at: comma)
                return
            }
        }
    }

    /// Whether the line ends, or a comment hides the rest of it.
    private func isAtInlineTableEnd() -> Bool {
        cursor.isAtLineEnd || cursor.current == UInt8(ascii: "#")
    }

    private mutating func openBracket(depth: Int, at position: TOMLPosition) throws(TOMLError) {
        guard depth <= TOMLParser.maximumDepth else { throw error(.tooDeep) }
        brackets.append(Bracket(kind: cursor.bytes[cursor.index], position: position))
        cursor.advance()
    }

    private mutating func closeBracket() {
        brackets.removeLast()
        cursor.advance()
    }
}
