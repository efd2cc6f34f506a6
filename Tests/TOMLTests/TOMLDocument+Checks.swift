import TOML
import Testing

extension TOMLDocument {
    /// Reads `text`.
    init(_ text: String) {
        self = TOMLParser.parse(Array(text.utf8))
    }

    /// The errors as a program shows them: "2:5: what is wrong; what is allowed".
    var messages: [String] {
        errors.map { "\($0.position.line):\($0.position.column): \($0.problem)" }
    }

    /// The lines and columns of the errors.
    var places: [String] {
        errors.map { "\($0.position.line):\($0.position.column)" }
    }

    /// The value of a path of keys.
    func value(_ path: String...) -> TOMLValue? {
        path.reduce(TOMLValue.table(root)) { value, key in
            guard case .table(let table) = value else { return nil }
            return table[key]?.item.value
        }
    }
}

/// The value of `text`, which must be right.
func value(_ text: String, at location: SourceLocation = #_sourceLocation) -> TOMLValue? {
    let document = TOMLDocument("a = \(text)\n")
    #expect(document.messages == [], sourceLocation: location)
    return document.value("a")
}

/// The problem of `text`, which must be wrong; a second one is added to it.
func problem(_ text: String) -> String {
    TOMLDocument("a = \(text)\n").errors.map(\.problem).joined(separator: " AND ")
}
