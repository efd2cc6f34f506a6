/// Builds a `JSONValue` with the grammar of `ByteScanner`.
struct JSONParser: ~Copyable {
    private typealias Cursor = ByteScanner.Cursor

    /// A container whose end was not read yet.
    private struct Open {
        let isObject: Bool
        /// The name of the member that is being read.
        var name = ""
        var elements: [JSONValue] = []
        var members: [(key: String, value: JSONValue)] = []

        mutating func add(_ value: JSONValue) {
            if isObject { members.append((name, value)) } else { elements.append(value) }
        }

        var value: JSONValue { isObject ? .object(members) : .array(elements) }
    }

    private var scanner: ByteScanner
    private var open: [Open] = []

    /// Reads the text at `start`, which is followed by `ByteScanner.padding` zero bytes.
    init(start: ByteScanner.Cursor, count: Int) { scanner = ByteScanner(start: start, count: count) }

    mutating func run() throws(Fault) -> JSONValue {
        var p = scanner.blank(scanner.start)
        while true {
            guard var value = try begin(&p) else { continue }
            // A value ended at p: it belongs to the innermost container, which may end as well.
            while true {
                guard let last = open.indices.last else {
                    try scanner.finish(p)
                    return value
                }
                open[last].add(value)
                p = scanner.blank(p)
                if p[0] == Byte.comma {
                    p = scanner.blank(p + 1)
                    if open[last].isObject { try name(&p) }
                    break
                }
                guard p[0] == (open[last].isObject ? Byte.closeBrace : Byte.closeBracket) else {
                    throw scanner.fault(.unexpected, p)
                }
                value = close(&p)
            }
        }
    }

    /// Reads a scalar, an empty container, or the beginning of another one, which gives nil.
    private mutating func begin(_ p: inout Cursor) throws(Fault) -> JSONValue? {
        let start = p
        switch p[0] {
        case Byte.openBrace, Byte.openBracket:
            try scanner.descend(p)
            let isObject = p[0] == Byte.openBrace
            open.append(Open(isObject: isObject))
            p = scanner.blank(p + 1)
            if p[0] == (isObject ? Byte.closeBrace : Byte.closeBracket) { return close(&p) }
            if isObject { try name(&p) }
            return nil
        case Byte.quote:
            p = try scanner.string(p + 1)
            return .string(text(start, p))
        case 0x74, 0x66, 0x6E:
            p = try scanner.scalar(p)
            return start[0] == 0x6E ? .null : .bool(start[0] == 0x74)
        default:
            p = try scanner.scalar(p)
            let digits = UnsafeBufferPointer(start: start, count: p - start)
            return .number(String(decoding: digits, as: UTF8.self))
        }
    }

    private mutating func name(_ p: inout Cursor) throws(Fault) {
        guard p[0] == Byte.quote else { throw scanner.fault(.unexpected, p) }
        let end = try scanner.string(p + 1)
        open[open.count - 1].name = text(p, end)
        p = try scanner.colon(end)
    }

    private mutating func close(_ p: inout Cursor) -> JSONValue {
        p += 1
        scanner.depth -= 1
        return open.removeLast().value
    }

    /// The text of a validated string, quotes included in the range.
    private func text(_ start: Cursor, _ end: Cursor) -> String {
        JSONText.string(UnsafeBufferPointer(start: start + 1, count: end - start - 2))
    }
}

extension JSONValue {
    /// Reads a document as strictly as `RecordScanner` does.
    package static func parse(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
        var copy = bytes
        let result: Result<JSONValue, Fault>? = RecordScanner.withPadding(&copy) { start, count in
            var parser = JSONParser(start: start, count: count)
            do throws(Fault) {
                return .success(try parser.run())
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let value): return value
        case .failure(let fault): throw JSONError(fault)
        case nil: throw JSONError(.syntax, "there is no text")
        }
    }
}
