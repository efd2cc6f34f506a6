/// A place in the bytes of a document that only moves forward.
struct TOMLCursor {
    let bytes: [UInt8]
    private(set) var index: Int
    private(set) var line = 1
    private(set) var lineStart: Int
    /// How far the columns of this line are counted, so that a long line is counted once.
    private var counted: (index: Int, column: Int)

    init(_ bytes: [UInt8], from start: Int) {
        self.bytes = bytes
        index = start
        lineStart = start
        counted = (start, 1)
    }

    var isAtEnd: Bool { index >= bytes.count }

    /// The byte here, nil at the end.
    var current: UInt8? { index < bytes.count ? bytes[index] : nil }

    /// The byte `distance` further on, nil past the end.
    func byte(after distance: Int) -> UInt8? {
        let place = index &+ distance
        return place < bytes.count ? bytes[place] : nil
    }

    /// The bytes of the line break here: 2 for CRLF, 1 for LF, 0 for anything else.
    var lineBreakLength: Int {
        switch current {
        case UInt8(ascii: "\n"): 1
        case UInt8(ascii: "\r") where byte(after: 1) == UInt8(ascii: "\n"): 2
        default: 0
        }
    }

    /// Whether a line break or the end of the file is here.
    var isAtLineEnd: Bool { isAtEnd || lineBreakLength > 0 }

    /// Whether `byte` is here `count` times in a row.
    func isAt(_ byte: UInt8, times count: Int) -> Bool {
        (0..<count).allSatisfy { self.byte(after: $0) == byte }
    }

    /// The place of the byte here.
    mutating func position() -> TOMLPosition {
        while counted.index < index {
            if bytes[counted.index] & 0xC0 != 0x80 {
                counted.column &+= 1
            }
            counted.index &+= 1
        }
        return TOMLPosition(line: line, column: counted.column)
    }

    /// The scalar here; nil at the end or where the bytes are not UTF-8.
    func scalar() -> Unicode.Scalar? {
        var decoder = UTF8()
        var iterator = bytes[index..<min(index &+ 4, bytes.count)].makeIterator()
        guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return nil }
        return scalar
    }

    /// Moves on by bytes that hold no line feed.
    mutating func advance(_ distance: Int = 1) {
        index = min(index &+ distance, bytes.count)
    }

    /// Moves past the line break here; stays where there is none.
    mutating func advanceOverLineBreak() {
        let length = lineBreakLength
        guard length > 0 else { return }
        index &+= length
        line &+= 1
        lineStart = index
        counted = (index, 1)
    }

    /// Moves past spaces and tabs.
    mutating func skipBlanks() {
        while let byte = current, byte.isTOMLBlank {
            index &+= 1
        }
    }

    /// Moves to the line break or the end.
    mutating func skipToLineEnd() {
        while index < bytes.count, bytes[index] != UInt8(ascii: "\n") {
            index &+= 1
        }
        if index < bytes.count, index > lineStart, bytes[index &- 1] == UInt8(ascii: "\r") {
            index &-= 1
        }
    }
}
