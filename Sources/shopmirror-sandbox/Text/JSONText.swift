/// JSON being written, as bytes; the caller keeps the order of commas and brackets through the calls.
struct JSONText {
    /// How text beyond ASCII and slashes are written; both forms mean the same to a reader.
    enum Style {
        case plain
        /// `\uXXXX` for everything beyond ASCII, pairs of surrogates beyond the basic plane, `\/` for a slash.
        case escaped
    }

    private(set) var bytes: [UInt8] = []
    var style = Style.plain
    private var needsComma = false

    init(capacity: Int = 256) {
        bytes.reserveCapacity(capacity)
    }

    mutating func raw(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func raw(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    mutating func open(_ bracket: Unicode.Scalar) {
        separate()
        bytes.append(UInt8(truncatingIfNeeded: bracket.value))
        needsComma = false
    }

    mutating func close(_ bracket: Unicode.Scalar) {
        bytes.append(UInt8(truncatingIfNeeded: bracket.value))
        needsComma = true
    }

    /// A comma where one is due.
    mutating func separate() {
        if needsComma { bytes.append(0x2C) }
        needsComma = true
    }

    mutating func key(_ name: String) {
        separate()
        bytes.append(0x22)
        bytes.append(contentsOf: name.utf8)
        bytes.append(0x22)
        bytes.append(0x3A)
        needsComma = false
    }

    mutating func string(_ text: String) {
        separate()
        bytes.append(0x22)
        escape(text)
        bytes.append(0x22)
    }

    mutating func literal(_ text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
    }

    mutating func number(_ value: Int) {
        separate()
        bytes.append(contentsOf: String(value).utf8)
    }

    mutating func null() { literal("null") }

    mutating func member(_ name: String, _ text: String?) {
        key(name)
        if let text { string(text) } else { null() }
    }

    mutating func member(_ name: String, _ value: Int) {
        key(name)
        number(value)
    }

    mutating func member(_ name: String, _ value: Bool) {
        key(name)
        literal(value ? "true" : "false")
    }

    mutating func member(_ name: String, _ values: [String]) {
        key(name)
        open("[")
        for value in values { string(value) }
        close("]")
    }

    /// An object member whose content `body` writes.
    mutating func object(_ name: String? = nil, _ body: (inout JSONText) -> Void) {
        if let name { key(name) }
        open("{")
        body(&self)
        close("}")
    }

    /// An array member whose content `body` writes.
    mutating func array(_ name: String? = nil, _ body: (inout JSONText) -> Void) {
        if let name { key(name) }
        open("[")
        body(&self)
        close("]")
    }

    private mutating func escape(_ text: String) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": raw("\\\"" as StaticString)
            case "\\": raw("\\\\" as StaticString)
            case "\n": raw("\\n" as StaticString)
            case "\t": raw("\\t" as StaticString)
            case "/" where style == .escaped: raw("\\/" as StaticString)
            case _ where scalar.value < 0x20: unit(UInt16(scalar.value))
            case _ where scalar.value < 0x80: bytes.append(UInt8(scalar.value))
            case _ where style == .escaped:
                for code in UTF16.encode(scalar) ?? .init() { unit(code) }
            default:
                for byte in UTF8.encode(scalar) ?? .init() { bytes.append(byte) }
            }
        }
    }

    private mutating func unit(_ code: UInt16) {
        let digits: StaticString = "0123456789abcdef"
        bytes.append(0x5C)
        bytes.append(0x75)
        for shift in [12, 8, 4, 0] {
            bytes.append(digits.utf8Start[Int(code >> UInt16(shift)) & 15])
        }
    }
}
