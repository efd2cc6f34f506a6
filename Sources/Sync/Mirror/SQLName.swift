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
        "\"" + name.replacing("\"", with: "\"\"") + "\""
    }

    package static func literal(_ text: String) -> String {
        "'" + text.replacing("'", with: "''") + "'"
    }

    /// A dotted path as SQLite's JSON path literal: `customer.email` becomes `'$."customer"."email"'`.
    static func jsonPath(_ dotted: String) -> String {
        literal("$" + dotted.split(separator: ".").map { ".\"\($0)\"" }.joined())
    }
}
