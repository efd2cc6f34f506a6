/// Names and literals in SQL texts that we build from declarations.
package enum SQLName {
    /// `next-engine` becomes `next_engine`; anything but letters, digits and `_` becomes `_`.
    package static func identifier(_ text: String) -> String {
        String(
            text.unicodeScalars.map {
                $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0)) ? Character($0) : "_"
            })
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
