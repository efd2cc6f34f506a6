/// Writes a `JSONValue` as text.
package struct JSONWriter {
    package enum Layout: Sendable {
        /// No whitespace at all.
        case compact
        /// One member or element per line, two spaces per level, no line feed at the end.
        case pretty
    }

    private let layout: Layout
    private var bytes: [UInt8] = []

    package static func bytes(_ value: JSONValue, _ layout: Layout = .compact) -> [UInt8] {
        var writer = JSONWriter(layout: layout)
        writer.write(value, level: 0)
        return writer.bytes
    }

    package static func text(_ value: JSONValue, _ layout: Layout = .compact) -> String {
        String(decoding: bytes(value, layout), as: UTF8.self)
    }

    /// Appends UTF-8 as a JSON string, with its quotes.
    package static func append(text: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
        JSONText.encode(text, into: &bytes)
    }

    private init(layout: Layout) { self.layout = layout }

    private mutating func write(_ value: JSONValue, level: Int) {
        switch value {
        case .null: bytes += "null".utf8
        case .bool(let value): bytes += (value ? "true" : "false").utf8
        case .number(let text): bytes += text.utf8
        case .string(let text): JSONText.encode(text, into: &bytes)
        case .array(let elements):
            writeContainer(elements, "[", "]", level: level) { writer, element, level in
                writer.write(element, level: level)
            }
        case .object(let members):
            writeContainer(members, "{", "}", level: level) { writer, member, level in
                JSONText.encode(member.key, into: &writer.bytes)
                writer.bytes += (writer.layout == .pretty ? ": " : ":").utf8
                writer.write(member.value, level: level)
            }
        }
    }

    private mutating func writeContainer<Item>(
        _ items: [Item], _ opening: String, _ closing: String, level: Int,
        _ write: (inout JSONWriter, Item, Int) -> Void
    ) {
        bytes += opening.utf8
        for (position, item) in items.enumerated() {
            if position > 0 { bytes.append(Byte.comma) }
            breakLine(level + 1)
            write(&self, item, level + 1)
        }
        if !items.isEmpty { breakLine(level) }
        bytes += closing.utf8
    }

    private mutating func breakLine(_ level: Int) {
        guard layout == .pretty else { return }
        bytes.append(0x0A)
        bytes.append(contentsOf: repeatElement(Byte.space, count: level * 2))
    }
}
