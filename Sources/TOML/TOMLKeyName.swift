/// How messages show a key: as it could be written in a file, in one line and not too long.
enum TOMLKeyName {
    /// Longer names are cut to this many scalars.
    private static let limit = 80

    static func text(of path: some Sequence<TOMLTree.KeyPart>) -> String {
        var name = String.UnicodeScalarView()
        for (offset, part) in path.enumerated() where name.count <= limit {
            name.append(contentsOf: (offset == 0 ? "" : ".").unicodeScalars)
            name.append(contentsOf: text(of: part.text).unicodeScalars)
        }
        return name.count <= limit ? String(name) : String(name.prefix(limit)) + "..."
    }

    /// "U+" and at least four hexadecimal digits.
    static func codePoint(_ value: UInt32) -> String { "U+" + digits(of: value) }

    private static func text(of key: String) -> String {
        guard key.isEmpty || !key.utf8.allSatisfy(\.isTOMLBareKey) else { return key }
        var text = "\""
        for scalar in key.unicodeScalars.prefix(limit) {
            switch scalar {
            case "\"", "\\": text += "\\\(scalar)"
            case _ where isInvisible(scalar):
                text += "\\u" + digits(of: scalar.value)
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }

    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
        default: false
        }
    }

    private static func digits(of value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
