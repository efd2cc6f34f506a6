/// A small JSON value: the request bodies the sandbox takes.
enum JSONValue {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    subscript(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    var text: String? {
        switch self {
        case .string(let text): text
        case .number(let digits): digits
        default: nil
        }
    }

    var integer: Int? {
        switch self {
        case .number(let digits): Int(digits)
        case .string(let digits): Int(digits)
        default: nil
        }
    }

    var flag: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    var elements: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    var isObject: Bool {
        guard case .object = self else { return false }
        return true
    }

    var isString: Bool {
        guard case .string = self else { return false }
        return true
    }
}
