import Glibc

/// What validated pieces of JSON text stand for.
enum JSONText {
    /// Appends the text of a validated string body (without its quotes) to `text`, its escapes resolved.
    static func decode(_ body: UnsafeBufferPointer<UInt8>, into text: inout [UInt8]) {
        guard let first = body.baseAddress, memchr(first, Int32(Byte.backslash), body.count) != nil else {
            // Nearly all of them, and a whole buffer is appended faster than a slice of it.
            text.append(contentsOf: body)
            return
        }
        var rest = body[...]
        while let base = UnsafeBufferPointer(rebasing: rest).baseAddress, !rest.isEmpty {
            guard let found = memchr(base, Int32(Byte.backslash), rest.count) else { break }
            let plain = UnsafeRawPointer(found) - UnsafeRawPointer(base)
            text.append(contentsOf: rest.prefix(plain))
            rest = rest.dropFirst(plain + 1)
            decodeEscape(&rest, into: &text)
        }
        text.append(contentsOf: rest)
    }

    /// Resolves the escape whose backslash was just consumed.
    private static func decodeEscape(
        _ rest: inout Slice<UnsafeBufferPointer<UInt8>>, into text: inout [UInt8]
    ) {
        switch rest.popFirst() {
        case 0x62: text.append(0x08)
        case 0x66: text.append(0x0C)
        case 0x6E: text.append(0x0A)
        case 0x72: text.append(0x0D)
        case 0x74: text.append(0x09)
        case 0x75:
            var scalar = unit(&rest)
            if scalar & 0xFC00 == 0xD800, rest.count >= 6 {
                rest = rest.dropFirst(2)
                scalar = 0x10000 + (scalar & 0x3FF) << 10 + (unit(&rest) & 0x3FF)
            }
            append(Unicode.Scalar(scalar) ?? "\u{FFFD}", to: &text)
        case .some(let byte): text.append(byte)
        case nil: break
        }
    }

    private static func unit(_ rest: inout Slice<UnsafeBufferPointer<UInt8>>) -> UInt32 {
        let digits = rest.prefix(4)
        rest = rest.dropFirst(4)
        return digits.reduce(0) { $0 << 4 | Byte.hex($1) & 0xF }
    }

    private static func append(_ scalar: Unicode.Scalar, to text: inout [UInt8]) {
        text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }

    /// The text of a validated string body as a Swift string.
    static func string(_ body: UnsafeBufferPointer<UInt8>) -> String {
        guard body.contains(Byte.backslash) else { return String(decoding: body, as: UTF8.self) }
        var text: [UInt8] = []
        text.reserveCapacity(body.count)
        decode(body, into: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// A validated value without the blanks between its tokens.
    static func compact(_ value: UnsafeBufferPointer<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(value.count)
        var isInString = false
        var isEscaped = false
        for byte in value where isInString || !Byte.isBlank(byte) {
            text.append(byte)
            if isEscaped {
                isEscaped = false
            } else if byte == Byte.backslash {
                isEscaped = true
            } else if byte == Byte.quote {
                isInString.toggle()
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The scalar (or container) that a validated value stands for.
    static func scalar(_ value: UnsafeBufferPointer<UInt8>) -> JSONScalar {
        switch value.first {
        case Byte.quote: .string(string(UnsafeBufferPointer(rebasing: value.dropFirst().dropLast())))
        case 0x74: .boolean(true)
        case 0x66: .boolean(false)
        case 0x6E: .null
        case Byte.openBrace, Byte.openBracket: .container(compact(value))
        default: .number(String(decoding: value, as: UTF8.self))
        }
    }

    /// Appends `text` as a JSON string with its quotes.
    static func encode(_ text: String, into bytes: inout [UInt8]) {
        var text = text
        text.withUTF8 { encode($0, into: &bytes) }
    }

    /// Appends UTF-8 as a JSON string with its quotes; what needs no escape is copied in one go.
    static func encode(_ text: UnsafeBufferPointer<UInt8>, into bytes: inout [UInt8]) {
        bytes.append(Byte.quote)
        var start = 0
        for (index, byte) in text.enumerated()
        where byte < 0x20 || byte == Byte.quote || byte == Byte.backslash {
            bytes += UnsafeBufferPointer(rebasing: text[start..<index])
            start = index + 1
            encode(special: byte, into: &bytes)
        }
        bytes += UnsafeBufferPointer(rebasing: text[start...])
        bytes.append(Byte.quote)
    }

    private static func encode(special byte: UInt8, into bytes: inout [UInt8]) {
        bytes.append(Byte.backslash)
        switch byte {
        case Byte.quote, Byte.backslash: bytes.append(byte)
        case 0x08: bytes.append(0x62)
        case 0x09: bytes.append(0x74)
        case 0x0A: bytes.append(0x6E)
        case 0x0C: bytes.append(0x66)
        case 0x0D: bytes.append(0x72)
        default:
            let digits: StaticString = "0123456789abcdef"
            digits.withUTF8Buffer {
                bytes.append(contentsOf: [
                    0x75, Byte.zero, Byte.zero, $0[Int(byte >> 4)], $0[Int(byte & 0xF)],
                ])
            }
        }
    }
}
