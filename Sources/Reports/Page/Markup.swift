/// HTML text that is safe by construction: literals are markup, everything interpolated is escaped.
///
/// `"<td>\(name)</td>"` cannot let a name become markup, in a text or in a quoted attribute. There is no way to make
/// markup from a `String` that came from outside.
struct Markup: ExpressibleByStringInterpolation, Sendable {
    private(set) var bytes: [UInt8]

    init() { bytes = [] }
    init(stringLiteral literal: StaticString) {
        bytes = literal.withUTF8Buffer { Array($0) }
    }
    init(stringInterpolation: StringInterpolation) { bytes = stringInterpolation.bytes }

    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var bytes: [UInt8] = []

        init(literalCapacity: Int, interpolationCount: Int) {
            bytes.reserveCapacity(literalCapacity + interpolationCount * 16)
        }

        mutating func appendLiteral(_ literal: StaticString) {
            literal.withUTF8Buffer { bytes.append(contentsOf: $0) }
        }

        mutating func appendInterpolation(_ markup: Markup) { bytes += markup.bytes }
        mutating func appendInterpolation(_ number: Int) { bytes += String(number).utf8 }
        mutating func appendInterpolation(_ text: String) { Markup.escape(text, into: &bytes) }

        /// A coordinate with one decimal at most.
        mutating func appendInterpolation(at number: Double) { Markup.coordinate(number, into: &bytes) }

        /// A name from outside, kept from changing the direction of what stands around it.
        mutating func appendInterpolation(name: String) {
            bytes += "<bdi>".utf8
            Markup.escape(name, into: &bytes)
            bytes += "</bdi>".utf8
        }
    }

    static func += (left: inout Markup, right: Markup) { left.bytes += right.bytes }

    static func + (left: Markup, right: Markup) -> Markup {
        var sum = left
        sum += right
        return sum
    }

    var isEmpty: Bool { bytes.isEmpty }

    /// Appends a path's piece without building text on the way.
    mutating func path(_ command: StaticString, _ numbers: Double...) {
        command.withUTF8Buffer { bytes.append(contentsOf: $0) }
        for (index, number) in numbers.enumerated() {
            if index > 0 { bytes.append(0x20) }
            Self.coordinate(number, into: &bytes)
        }
    }

    /// Control characters, which HTML does not allow, become U+FFFD.
    private static func escape(_ text: String, into bytes: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case 0x26: bytes += "&amp;".utf8
            case 0x3C: bytes += "&lt;".utf8
            case 0x3E: bytes += "&gt;".utf8
            case 0x22: bytes += "&quot;".utf8
            case 0x27: bytes += "&#39;".utf8
            case 0x09, 0x0A, 0x20...0x7E, 0x80...: bytes.append(byte)
            default: bytes += "\u{FFFD}".utf8
            }
        }
    }

    private static func coordinate(_ number: Double, into bytes: inout [UInt8]) {
        let scaled = Int((min(max(number, -1e6), 1e6) * 10).rounded())
        if scaled < 0 { bytes.append(0x2D) }
        bytes += String(scaled.magnitude / 10).utf8
        let tenth = UInt8(scaled.magnitude % 10)
        if tenth > 0 { bytes += [0x2E, 0x30 + tenth] }
    }
}

extension [Markup] {
    func joined() -> Markup { reduce(into: Markup()) { $0 += $1 } }

    func joined(by separator: Markup) -> Markup {
        enumerated().reduce(into: Markup()) { sum, part in
            if part.offset > 0 { sum += separator }
            sum += part.element
        }
    }
}
