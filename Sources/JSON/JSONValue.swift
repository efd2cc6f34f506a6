/// A JSON document as a tree, for small answers, reports and fixtures; pages of records go through `RecordScanner`.
package indirect enum JSONValue: Sendable {
    case null
    case bool(Bool)
    /// A number as it was written, every digit. Build one with `int` or `double`.
    case number(String)
    case string(String)
    case array([JSONValue])
    /// The members in their order; a name may stand more than once.
    case object([(key: String, value: JSONValue)])

    package static func int(_ value: some BinaryInteger) -> JSONValue { .number(String(value)) }

    /// A number rounded to some decimals (at most 15), `null` when it is not finite.
    package static func double(_ value: Double, decimals: Int) -> JSONValue {
        guard value.isFinite else { return .null }
        let digits = min(max(decimals, 0), 15)
        let scale = (0..<digits).reduce(UInt64(1)) { scale, _ in scale * 10 }
        let scaled = (value.magnitude * Double(scale)).rounded()
        // Beyond 2^53 a Double has no decimals left to round.
        guard scaled < 0x1p53 else { return .number("\(value)") }
        let (whole, fraction) = UInt64(scaled).quotientAndRemainder(dividingBy: scale)
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard digits > 0 else { return .number("\(sign)\(whole)") }
        let decimals = String(fraction)
        let zeros = String(repeating: "0", count: digits - decimals.count)
        return .number("\(sign)\(whole).\(zeros)\(decimals)")
    }
}

extension JSONValue {
    package var isNull: Bool { self == .null }

    package var boolValue: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    package var stringValue: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    /// The number as it was written.
    package var numberText: String? {
        guard case .number(let text) = self else { return nil }
        return text
    }

    /// The number when it is written as an integer and fits.
    package var int64Value: Int64? { numberText.flatMap { Int64($0) } }

    /// The closest `Double`; no place for ids or money.
    package var doubleValue: Double? { numberText.flatMap { Double($0) } }

    package var arrayValue: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    package var objectValue: [(key: String, value: JSONValue)]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// The member of an object; the last one when its name stands more than once.
    package subscript(name: String) -> JSONValue? {
        objectValue?.last { $0.key.utf8.elementsEqual(name.utf8) }?.value
    }

    /// The element of an array, nil when there is none.
    package subscript(index: Int) -> JSONValue? {
        arrayValue.flatMap { $0.indices.contains(index) ? $0[index] : nil }
    }
}

extension JSONValue: Hashable {
    package static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): left == right
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left.elementsEqual(right, by: ==)
        default: false
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .number(let text): hasher.combine(text)
        case .string(let text): hasher.combine(text)
        case .array(let elements): hasher.combine(elements)
        case .object(let members):
            hasher.combine(members.count)
            for (key, value) in members {
                hasher.combine(key)
                hasher.combine(value)
            }
        }
    }
}
