/// The search behind `RecordScanner.salvage`: follows strings and brackets, and believes nothing else.
struct Salvage: ~Copyable {
    private typealias Cursor = ByteScanner.Cursor

    private var scanner: ByteScanner
    private let names: Set<String>
    private var found: [String: String] = [:]

    /// Searches the text at `start`, which is followed by `ByteScanner.padding` zero bytes.
    init(start: ByteScanner.Cursor, count: Int, names: [String]) {
        scanner = ByteScanner(start: start, count: count)
        self.names = Set(names)
    }

    mutating func run() -> [String: String] {
        var p = scanner.start
        var open: [UInt8] = []
        var isGarbled = false
        while p < scanner.end {
            switch p[0] {
            case Byte.openBrace, Byte.openBracket:
                open.append(p[0])
                p += 1
            case Byte.closeBrace, Byte.closeBracket:
                // An opening bracket's code is two below its closing one's.
                if open.popLast() != p[0] - 2 { isGarbled = true }
                p += 1
            case Byte.quote: p = string(p, isMember: open.count == 1)
            default:
                if !Self.standsOutside(p[0]) { isGarbled = true }
                p += 1
            }
        }
        guard isGarbled else { return found }
        for name in names where found[name] == nil { found[name] = anywhere(name) }
        return found
    }

    /// Whether a byte may stand outside of strings; others tell that the quotes are out of step.
    private static func standsOutside(_ byte: UInt8) -> Bool {
        "truefalsn0123456789+-.eE,: \t\r\n".utf8.contains(byte)
    }

    /// The last member of this name at any depth, for a text whose brackets or quotes are out of balance.
    private mutating func anywhere(_ name: String) -> String? {
        let wanted = [Byte.quote] + Array(name.utf8) + [Byte.quote]
        var value: String?
        var p = scanner.start
        while scanner.end - p >= wanted.count {
            guard p[0] == Byte.quote, (0..<wanted.count).allSatisfy({ p[$0] == wanted[$0] }) else {
                p += 1
                continue
            }
            p = scanner.blank(p + wanted.count)
            guard p[0] == Byte.colon else { continue }
            p = scanner.blank(p + 1)
            guard p[0] == Byte.quote else { continue }
            if let found = text(p, close(p)), !found.isEmpty { value = found }
        }
        return value
    }

    /// Passes over a string, and over its value when it is the name of a member with a string.
    private mutating func string(_ from: Cursor, isMember: Bool) -> Cursor {
        let end = close(from)
        guard isMember, let name = text(from, end), names.contains(name) else { return end }
        var p = scanner.blank(end)
        guard p[0] == Byte.colon else { return end }
        p = scanner.blank(p + 1)
        guard p[0] == Byte.quote else { return p }
        let valueEnd = close(p)
        if let value = text(p, valueEnd), !value.isEmpty { found[name] = value }
        return valueEnd
    }

    /// The end of the string that opens at `from`, valid or not; at most the end of the text.
    private func close(_ from: Cursor) -> Cursor {
        var p = from + 1
        while p < scanner.end {
            if p[0] == Byte.quote { return p + 1 }
            p += p[0] == Byte.backslash ? 2 : 1
        }
        return scanner.end
    }

    /// The text of the string between two cursors; nil when it is not a whole, valid one.
    private mutating func text(_ from: Cursor, _ end: Cursor) -> String? {
        guard (try? scanner.string(from + 1)) == end else { return nil }
        return JSONText.string(UnsafeBufferPointer(start: from + 1, count: end - from - 2))
    }
}
