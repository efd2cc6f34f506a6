/// Whether the bytes of a file are UTF-8, before anything else is asked of them.
struct TOMLEncoding {
    /// The bytes of the byte order mark, which is allowed at the start and skipped.
    static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// The first place that is not UTF-8.
    private(set) var flaw: TOMLPosition?
    /// The lines with such places.
    private(set) var flawedLines: Set<Int> = []

    /// Checks `bytes` from `start`.
    init(of bytes: [UInt8], from start: Int) {
        guard !Self.isValid(bytes) else { return }
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes[start...].makeIterator()
        var position = TOMLPosition(line: 1, column: 1)
        while true {
            switch parser.parseScalar(from: &iterator) {
            case .emptyInput:
                return
            case .error:
                flaw = flaw ?? position
                flawedLines.insert(position.line)
                position.column += 1
            case .valid(let scalar) where scalar.first == UInt8(ascii: "\n"):
                position = TOMLPosition(line: position.line + 1, column: 1)
            case .valid:
                position.column += 1
            }
        }
    }

    /// Whether the bytes are ASCII text in UTF-16, of either byte order, with or without its mark.
    static func isUTF16(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 2 else { return false }
        let isMarked = bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE])
        return isMarked || (bytes[0] == 0) != (bytes[1] == 0)
    }

    private static func isValid(_ bytes: [UInt8]) -> Bool {
        String(validating: bytes, as: UTF8.self) != nil
    }
}
