/// Base64 in the standard and the URL alphabet.
enum Base64 {
    private static let standard = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let forURL = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// With padding, alphabet of RFC 4648 section 4.
    static func encoded(_ text: String) -> String {
        let bytes = Array(text.utf8)
        let padding = (3 - bytes.count % 3) % 3
        return encode(bytes, standard) + String(repeating: "=", count: padding)
    }

    /// Without padding, alphabet of RFC 4648 section 5.
    static func urlEncoded(_ bytes: [UInt8]) -> String { encode(bytes, forURL) }

    /// Strict: padding required, nothing else allowed.
    static func decoded(_ text: String) -> [UInt8]? {
        let bytes = Array(text.utf8)
        guard bytes.count % 4 == 0, !bytes.isEmpty else { return nil }
        let padding = bytes.reversed().prefix { $0 == 0x3D }.count
        guard padding <= 2 else { return nil }
        var output: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in bytes.dropLast(padding) {
            guard let value = standard.firstIndex(of: byte) else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                output.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return output
    }

    private static func encode(_ bytes: [UInt8], _ alphabet: [UInt8]) -> String {
        var output: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= 6 {
                count -= 6
                output.append(alphabet[Int(bits >> UInt32(count)) & 63])
            }
        }
        if count > 0 { output.append(alphabet[Int(bits << UInt32(6 - count)) & 63]) }
        return String(decoding: output, as: UTF8.self)
    }
}
