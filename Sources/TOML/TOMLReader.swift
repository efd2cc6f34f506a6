/// Reads statements, line by line; its extensions read keys, values and strings, and find the way back after
/// errors.
///
/// Mistakes that leave no doubt where to go on are logged on the spot; the others are thrown and caught here.
struct TOMLReader {
    /// A bracket that is still open, and where.
    struct Bracket {
        var kind: UInt8
        var position: TOMLPosition
    }

    var cursor: TOMLCursor
    var log: TOMLErrorLog
    var tree = TOMLTree()
    /// The table of the last header.
    var section = TOMLTree.root
    /// The brackets around the value being read.
    var brackets: [Bracket] = []

    init(cursor: TOMLCursor, log: TOMLErrorLog) {
        self.cursor = cursor
        self.log = log
    }

    /// Reads to the end, or to the last error that is reported.
    mutating func document() -> TOMLDocument {
        while !cursor.isAtEnd, !log.isFull {
            do {
                try readStatement()
            } catch {
                log.add(error)
                recover()
            }
        }
        return TOMLDocument(root: tree.finishedTable(TOMLTree.root), errors: log.sorted)
    }

    /// Logs a mistake and lets the reading go on.
    mutating func report(_ problem: TOMLProblem, at position: TOMLPosition? = nil) {
        log.add(error(problem, at: position))
    }

    /// A mistake at `position`, or here.
    mutating func error(_ problem: TOMLProblem, at position: TOMLPosition? = nil) -> TOMLError {
        TOMLError(problem, at: position ?? cursor.position())
    }

    private mutating func readStatement() throws(TOMLError) {
        cursor.skipBlanks()
        switch cursor.current {
        case UInt8(ascii: "["):
            try readHeader()
            finishLine(orElse: .textAfterHeader)
        case UInt8(ascii: "#"):
            finishLine(orElse: .textAfterValue)
        case _ where cursor.isAtLineEnd:
            cursor.advanceOverLineBreak()
        case UInt8(ascii: "]") where !log.isEmpty, UInt8(ascii: "}") where !log.isEmpty:
            // What is left of a value or a header that is already reported.
            cursor.skipToLineEnd()
        default:
            try readPair(in: section)
            finishLine(orElse: .textAfterValue)
        }
    }

    private mutating func readHeader() throws(TOMLError) {
        let position = cursor.position()
        let isArray = cursor.isAt(UInt8(ascii: "["), times: 2)
        let brackets = isArray ? 2 : 1
        // Without its header a key belongs to nothing known: better no table than a wrong one.
        section = tree.makeDetachedTable(depth: 0)
        cursor.advance(brackets)
        let path = try keyPath()
        if cursor.isAt(UInt8(ascii: "]"), times: brackets) {
            cursor.advance(brackets)
        } else {
            report(isArray ? .arrayHeaderUnclosed : .headerUnclosed)
            cursor.skipToLineEnd()
        }
        section = try isArray ? tree.openElement(path, at: position) : tree.openTable(path, at: position)
    }

    /// Reads `key = value` into a table of the tree.
    mutating func readPair(in table: Int) throws(TOMLError) {
        let path = try keyPath()
        guard cursor.current == UInt8(ascii: "=") else { throw error(.equalsMissing) }
        cursor.advance()
        cursor.skipBlanks()
        let item = try item(depth: tree.depth(of: table) &+ path.count)
        guard let item else { return }
        do {
            try tree.set(path, to: item, in: table)
        } catch {
            log.add(error)
        }
    }

    /// Reads blanks and a comment to the end of the line; logs `problem` when there is anything else.
    private mutating func finishLine(orElse problem: TOMLProblem) {
        cursor.skipBlanks()
        if cursor.current == UInt8(ascii: "#") {
            skipComment()
        } else if !cursor.isAtLineEnd {
            report(cursor.current.flatMap(controlProblem) ?? problem)
            cursor.skipToLineEnd()
        }
        cursor.advanceOverLineBreak()
    }

    /// Moves to the end of the line and logs what a comment may not hold.
    mutating func skipComment() {
        while !cursor.isAtLineEnd, let byte = cursor.current {
            if let problem = controlProblem(byte) {
                report(problem)
            }
            cursor.advance()
        }
    }

    /// What is wrong with a byte where text may stand; line breaks are judged by the callers.
    func controlProblem(_ byte: UInt8) -> TOMLProblem? {
        guard byte.isTOMLControl else { return nil }
        return byte == UInt8(ascii: "\r") ? .bareCarriageReturn : .controlCharacter(byte)
    }
}
