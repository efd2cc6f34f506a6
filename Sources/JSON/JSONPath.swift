/// A place inside a record as the config names it: `$.customer.email`, `$.line_items[*].properties`, `$['odd name']`.
package struct JSONPath: Sendable, Hashable {
    package enum Component: Sendable, Hashable {
        /// The members of an object that have this name; JSON allows more than one.
        case member(String)
        /// Every element of an array: `[*]`.
        case everyElement
    }

    /// The way from the record down; never empty.
    package let components: [Component]

    /// A path made of its components.
    package init(_ first: Component, _ rest: [Component] = []) { components = [first] + rest }

    /// Reads a path as the config writes it.
    ///
    /// - Throws: `JSONPathError`, whose text says what is allowed.
    package init(_ text: String) throws(JSONPathError) {
        var rest = text.unicodeScalars[...]
        guard rest.popFirst() == "$" else { throw JSONPathError(text, "it does not start with '$'") }
        var components: [Component] = []
        while let mark = rest.popFirst() {
            switch mark {
            case ".": components.append(.member(try Self.plainName(&rest, of: text)))
            case "[": components.append(try Self.bracketed(&rest, of: text))
            default: throw JSONPathError(text, "'\(mark)' stands where '.' or '[' is expected")
            }
        }
        guard !components.isEmpty else { throw JSONPathError(text, "it names nothing below '$'") }
        self.components = components
    }

    private static func plainName(
        _ rest: inout Substring.UnicodeScalarView, of text: String
    ) throws(JSONPathError) -> String {
        let name = rest.prefix(while: isPlain)
        guard !name.isEmpty else { throw JSONPathError(text, "a name is missing after '.'") }
        rest = rest[name.endIndex...]
        return String(name)
    }

    /// Reads what follows a "[", up to and with its "]".
    private static func bracketed(
        _ rest: inout Substring.UnicodeScalarView, of text: String
    ) throws(JSONPathError) -> Component {
        let component: Component
        switch rest.popFirst() {
        case "*": component = .everyElement
        case .some(let quote) where quote == "'" || quote == "\"":
            component = .member(try quotedName(&rest, quote, of: text))
        case .some(let digit) where ("0"..."9").contains(digit):
            throw JSONPathError(text, "single elements cannot be chosen")
        default: throw JSONPathError(text, "'[' is followed by neither '*' nor a quoted name")
        }
        guard rest.popFirst() == "]" else { throw JSONPathError(text, "']' is missing") }
        return component
    }

    /// Reads what follows a quote, up to and with the closing one; a backslash takes the next character as it is.
    private static func quotedName(
        _ rest: inout Substring.UnicodeScalarView, _ quote: Unicode.Scalar, of text: String
    ) throws(JSONPathError) -> String {
        var name = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
            if scalar == quote { return String(name) }
            guard scalar == "\\" else {
                name.append(scalar)
                continue
            }
            guard let escaped = rest.popFirst() else { break }
            name.append(escaped)
        }
        throw JSONPathError(text, "a quoted name is not closed")
    }

    /// Whether a character may stand in a name without quotes.
    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
        default: !scalar.isASCII && !scalar.properties.isWhitespace
        }
    }
}

extension JSONPath: CustomStringConvertible {
    /// The canonical way to write this path.
    package var description: String {
        components.reduce(into: "$") { text, component in
            switch component {
            case .everyElement: text += "[*]"
            case .member(let name) where !name.isEmpty && name.unicodeScalars.allSatisfy(Self.isPlain):
                text += "." + name
            case .member(let name):
                text += "['"
                for character in name.unicodeScalars {
                    if character == "'" || character == "\\" { text += "\\" }
                    text.unicodeScalars.append(character)
                }
                text += "']"
            }
        }
    }
}
