/// Reads one JSON text of modest size; `nil` for anything that is not valid.
struct JSONReader {
    private let scalars: [Unicode.Scalar]
    private var index = 0

    static func value(_ bytes: [UInt8]) -> JSONValue? {
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        var reader = JSONReader(text)
        guard let value = reader.value(depth: 0) else { return nil }
        reader.skipBlanks()
        return reader.index == reader.scalars.count ? value : nil
    }

    private init(_ text: String) {
        scalars = Array(text.unicodeScalars)
    }

    private var current: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    private mutating func skipBlanks() {
        while let scalar = current, " \t\r\n".unicodeScalars.contains(scalar) { index += 1 }
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard current == scalar else { return false }
        index += 1
        return true
    }

    private mutating func value(depth: Int) -> JSONValue? {
        guard depth < 64 else { return nil }
        skipBlanks()
        switch current {
        case "{": return object(depth: depth)
        case "[": return array(depth: depth)
        case "\"": return string().map { .string($0) }
        default: return word()
        }
    }

    private mutating func object(depth: Int) -> JSONValue? {
        index += 1
        var members: [String: JSONValue] = [:]
        if take("}") { return .object(members) }
        repeat {
            skipBlanks()
            guard current == "\"", let name = string(), take(":"), let value = value(depth: depth + 1) else {
                return nil
            }
            members[name] = value
        } while take(",")
        return take("}") ? .object(members) : nil
    }

    private mutating func array(depth: Int) -> JSONValue? {
        index += 1
        var elements: [JSONValue] = []
        if take("]") { return .array(elements) }
        repeat {
            guard let value = value(depth: depth + 1) else { return nil }
            elements.append(value)
        } while take(",")
        return take("]") ? .array(elements) : nil
    }

    private mutating func string() -> String? {
        index += 1
        var text = String.UnicodeScalarView()
        while let scalar = current {
            index += 1
            switch scalar {
            case "\"": return String(text)
            case "\\":
                guard let decoded = escaped() else { return nil }
                text.append(decoded)
            case _ where scalar.value < 0x20: return nil
            default: text.append(scalar)
            }
        }
        return nil
    }

    private mutating func escaped() -> Unicode.Scalar? {
        guard let scalar = current else { return nil }
        index += 1
        switch scalar {
        case "\"", "\\", "/": return scalar
        case "n": return "\n"
        case "t": return "\t"
        case "r": return "\r"
        case "b": return "\u{8}"
        case "f": return "\u{C}"
        case "u":
            guard let first = unit() else { return nil }
            guard first >= 0xD800, first < 0xDC00 else { return Unicode.Scalar(first) }
            guard current == "\\" else { return nil }
            index += 1
            guard current == "u" else { return nil }
            index += 1
            guard let second = unit(), second >= 0xDC00, second < 0xE000 else { return nil }
            return Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
        default: return nil
        }
    }

    private mutating func unit() -> UInt32? {
        guard index + 4 <= scalars.count else { return nil }
        var digits = String.UnicodeScalarView()
        digits.append(contentsOf: scalars[index..<(index + 4)])
        index += 4
        return UInt32(String(digits), radix: 16)
    }

    private mutating func word() -> JSONValue? {
        var text = String.UnicodeScalarView()
        while let scalar = current, !" \t\r\n,:]}[{\"".unicodeScalars.contains(scalar) {
            text.append(scalar)
            index += 1
        }
        switch String(text) {
        case "null": return .null
        case "true": return .bool(true)
        case "false": return .bool(false)
        case let digits:
            guard digits.allSatisfy({ $0.isASCII }), Double(digits) != nil else { return nil }
            return .number(digits)
        }
    }
}
