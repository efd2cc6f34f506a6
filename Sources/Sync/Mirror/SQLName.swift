/// Names and literals in SQL texts that we build from declarations.
package enum SQLName {
    /// `next-engine` becomes `next_engine`; anything but letters, digits and `_` becomes `_`.
    package static func identifier(_ text: String) -> String {
        String(decoding: text.unicodeScalars.map(byte), as: UTF8.self)
    }

    private static func byte(_ scalar: Unicode.Scalar) -> UInt8 {
        guard let byte = UInt8(exactly: scalar.value) else { return UInt8(ascii: "_") }
        let isDigit = byte &- 0x30 < 10
        let isLetter = (byte | 0x20) &- 0x61 < 26
        return isDigit || isLetter ? byte : UInt8(ascii: "_")
    }

    package static func quoted(_ name: String) -> String {
        "\"" + doubled(0x22, in: name) + "\""
    }

    package static func literal(_ text: String) -> String {
        "'" + doubled(0x27, in: text) + "'"
    }

    /// Hardly any name has such a mark, and to look for it first costs a hundredth of replacing it.
    private static func doubled(_ mark: UInt8, in text: String) -> String {
        guard text.utf8.contains(mark) else { return text }
        let mark = String(UnicodeScalar(mark))
        return text.replacing(mark, with: mark + mark)
    }

    /// A dotted path as SQLite's JSON path literal: `customer.email` becomes `'$."customer"."email"'`.
    static func jsonPath(_ dotted: String) -> String {
        guard dotted.isEmpty || dotted.utf8.contains(0x2E) else { return literal("$.\"\(dotted)\"") }
        return literal("$" + dotted.split(separator: ".").map { ".\"\($0)\"" }.joined())
    }
}
