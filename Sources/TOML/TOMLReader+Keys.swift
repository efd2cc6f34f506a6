extension TOMLReader {
    /// Reads a key and the blanks around it, dotted or not; stops at whatever follows.
    mutating func keyPath() throws(TOMLError) -> [TOMLTree.KeyPart] {
        var path: [TOMLTree.KeyPart] = []
        while true {
            cursor.skipBlanks()
            path.append(try keyPart())
            cursor.skipBlanks()
            guard cursor.current == UInt8(ascii: ".") else { return path }
            cursor.advance()
        }
    }

    private mutating func keyPart() throws(TOMLError) -> TOMLTree.KeyPart {
        let position = cursor.position()
        switch cursor.current {
        case .some(let quote) where quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"):
            guard !cursor.isAt(quote, times: 3) else { throw error(.keyMultiline) }
            return .init(text: try lineString(quote: quote), position: position)
        default:
            return .init(text: try bareKey(), position: position)
        }
    }

    private mutating func bareKey() throws(TOMLError) -> String {
        let start = cursor.index
        while let byte = cursor.current, byte.isTOMLBareKey {
            cursor.advance()
        }
        switch cursor.current {
        case .some(let byte) where byte.isTOMLControl && cursor.lineBreakLength == 0:
            throw error(controlProblem(byte) ?? .keyMissing)
        case .some(let byte) where byte >= 0x80 || !endsKey(byte):
            throw error(.characterInKey(cursor.scalar()))
        case _ where cursor.index == start:
            throw error(.keyMissing)
        default:
            return String(decoding: cursor.bytes[start..<cursor.index], as: UTF8.self)
        }
    }

    /// Whether a byte after a bare key belongs to the statement and not to the key.
    private func endsKey(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "="), UInt8(ascii: "."), UInt8(ascii: "]"), UInt8(ascii: "["), UInt8(ascii: "{"),
            UInt8(ascii: "\""), UInt8(ascii: "'"):
            true
        default: byte.endsTOMLToken
        }
    }
}
