/// A value captured from the envelope of a page: what stands around the records.
package enum JSONScalar: Sendable, Hashable {
    case string(String)
    /// A number as the platform wrote it, every digit.
    case number(String)
    case boolean(Bool)
    case null
    /// An array or object as JSON text without insignificant whitespace.
    case container(String)
}

extension JSONScalar {
    /// The text of a string or number, nil for everything else.
    package var text: String? {
        switch self {
        case .string(let text), .number(let text): text
        case .boolean, .null, .container: nil
        }
    }
}
