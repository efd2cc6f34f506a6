/// The `[stock]` table: whose stock is compared, and when two SKUs mean one thing though they are not written alike.
package struct StockSettings: Sendable, Equatable {
    package struct Pair: Sendable, Equatable {
        package var kept: String
        package var sold: String
    }

    package var ignoresCase = false
    /// Full-width letters, digits and signs are read as plain ones.
    package var ignoresWidth = false
    package var stripPrefixes: [String] = []
    /// SKUs that mean the same as another one.
    package var map: [String: String] = [:]
    /// Connections to compare; nil compares all of one side with all of the other.
    package var pairs: [Pair]?

    package init() {}

    /// What SKUs are compared by when they are not the same byte by byte; empty only for an empty SKU.
    package func key(of sku: String) -> String {
        let whole = folded(map[sku] ?? sku)
        let prefixes = stripPrefixes.map { folded($0) }.sorted { $0.utf8.count > $1.utf8.count }
        guard let prefix = prefixes.first(where: { whole.hasPrefix($0) && whole != $0 }) else { return whole }
        return String(whole.dropFirst(prefix.count))
    }

    private func folded(_ text: String) -> String {
        let narrow = ignoresWidth ? Self.narrow(text) : text
        return ignoresCase ? narrow.lowercased() : narrow
    }

    /// U+FF01 to U+FF5E stand for the printable ASCII characters, U+3000 for the blank.
    private static func narrow(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0xFF01...0xFF5E: result.append(Unicode.Scalar(UInt8(scalar.value - 0xFEE0)))
            case 0x3000: result.append(" ")
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    /// Whatever changes the keys.
    var fingerprint: String {
        let pairs = map.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return "case=\(ignoresCase) width=\(ignoresWidth) strip=\(stripPrefixes) map=\(pairs)"
    }
}
