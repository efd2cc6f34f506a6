/// Percent encoding of RFC 3986 over UTF-8.
package enum PercentEncoding {
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// One name or value of a query: letters, digits and `-._~` stand as they are, everything else is encoded.
    ///
    /// A space is `%20` and a plus sign `%2B`, which every reader takes the same way.
    package static func query(_ text: String) -> String {
        var encoded: [UInt8] = []
        encoded.reserveCapacity(text.utf8.count)
        append(text, to: &encoded)
        return String(decoding: encoded, as: UTF8.self)
    }

    /// One name or value of an `application/x-www-form-urlencoded` body; a space is `%20`.
    package static func form(_ text: String) -> String {
        query(text)
    }

    /// The text behind `%XX`; what is no such triplet stays as it is, and bytes that are not UTF-8 are repaired.
    package static func decoded(_ text: String, plusIsSpace: Bool = false) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let value = triplet(rest) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? 0x20 : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func append(_ text: String, to bytes: inout [UInt8]) {
        for byte in text.utf8 {
            if ASCII.isAlphanumeric(byte) || "-._~".utf8.contains(byte) {
                bytes.append(byte)
            } else {
                bytes.append(UInt8(ascii: "%"))
                bytes.append(digits[Int(byte >> 4)])
                bytes.append(digits[Int(byte & 15)])
            }
        }
    }

    private static func triplet(_ rest: Substring.UTF8View) -> UInt8? {
        let digits = rest.prefix(2)
        guard digits.count == 2, let first = digits.first, let last = digits.last,
            let high = ASCII.hexValue(first), let low = ASCII.hexValue(last)
        else { return nil }
        return high << 4 | low
    }
}
