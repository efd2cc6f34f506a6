import Glibc

/// The parts of an absolute URL (`scheme://host...`), as they stand in the text and not decoded.
///
/// Stricter than RFC 3986 where readers of URLs are known to disagree: there is no user info, no blank, no control
/// character, no backslash, and nothing encoded in the host.
package struct URLParts: Sendable, Equatable {
    /// In lower case.
    package let scheme: String
    /// In lower case; an IPv6 address without its brackets.
    package let host: String
    package let port: Int?
    /// Empty, or with its leading slash.
    package let path: String
    /// Without the question mark; nil where there is none.
    package let query: String?
    /// Without the number sign; nil where there is none.
    package let fragment: String?

    /// Host and port as a URL writes them.
    package var authority: String {
        let name = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
        return port.map { "\(name):\($0)" } ?? name
    }

    /// The host is `localhost`, in 127.0.0.0/8, or `::1` however it is written.
    package var isLoopback: Bool {
        if let address = Self.ipv4(host) { return address[0] == 127 }
        if let address = Self.ipv6(host) { return address == [UInt8](repeating: 0, count: 15) + [1] }
        return host == "localhost"
    }

    /// Names and values of the query as they stand in it, in order; a name without `=` has an empty value.
    package var queryPairs: [(name: String, value: String)] {
        (query ?? "").split(separator: "&").map { pair in
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(halves.first ?? ""), halves.count > 1 ? String(halves[1]) : "")
        }
    }

    /// Names and values of the query, percent decoded and `+` as a space; of a repeated name the first value.
    package var queryItems: [String: String] {
        let decoded = queryPairs.map { pair in
            (
                PercentEncoding.decoded(pair.name, plusIsSpace: true),
                PercentEncoding.decoded(pair.value, plusIsSpace: true)
            )
        }
        return Dictionary(decoded) { first, _ in first }
    }

    /// Nil for anything but an absolute URL with a host; total on any text.
    package static func parse(_ text: String) -> URLParts? {
        // An array, because every page's link comes by here, and a string's bytes are ten times as slow to walk.
        let bytes = Array(text.utf8)
        guard !hasForbidden(bytes, text), let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else {
            return nil
        }
        let scheme = bytes[..<colon]
        guard isScheme(scheme), bytes[colon...].starts(with: "://".utf8) else { return nil }

        var rest = bytes[(colon + 3)...]
        var fragment: String?
        if let mark = rest.firstIndex(of: UInt8(ascii: "#")) {
            fragment = string(rest[mark...].dropFirst())
            rest = rest[..<mark]
        }
        var query: String?
        if let mark = rest.firstIndex(of: UInt8(ascii: "?")) {
            query = string(rest[mark...].dropFirst())
            rest = rest[..<mark]
        }
        let slash = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
        guard let (host, port) = hostAndPort(rest[..<slash]) else { return nil }
        return URLParts(
            scheme: string(scheme).lowercased(), host: host, port: port, path: string(rest[slash...]),
            query: query, fragment: fragment)
    }

    private static func string(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }

    private static func hostAndPort(_ text: ArraySlice<UInt8>) -> (host: String, port: Int?)? {
        if text.first == UInt8(ascii: "[") {
            guard let bracket = text.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            let host = string(text[..<bracket].dropFirst()).lowercased()
            guard ipv6(host) != nil else { return nil }
            let rest = text[bracket...].dropFirst()
            guard !rest.isEmpty else { return (host, nil) }
            return port(rest).map { (host, $0) }
        }
        let colon = text.firstIndex(of: UInt8(ascii: ":")) ?? text.endIndex
        let host = text[..<colon]
        guard !host.isEmpty, host.allSatisfy(isHostByte) else { return nil }
        let name = string(host).lowercased()
        guard colon != text.endIndex else { return (name, nil) }
        return port(text[colon...]).map { (name, $0) }
    }

    /// The number after a colon, 1 to 65535.
    private static func port(_ text: ArraySlice<UInt8>) -> Int? {
        let digits = text.dropFirst()
        guard text.first == UInt8(ascii: ":"), digits.count <= 5, digits.allSatisfy(ASCII.isDigit),
            let number = Int(string(digits)), (1...65535).contains(number)
        else { return nil }
        return number
    }

    private static func isScheme(_ text: ArraySlice<UInt8>) -> Bool {
        guard let first = text.first, ASCII.isAlphanumeric(first), !ASCII.isDigit(first) else { return false }
        return text.allSatisfy { ASCII.isAlphanumeric($0) || "+-.".utf8.contains($0) }
    }

    /// Letters, digits, `-._` and, for international names, whatever is not ASCII.
    private static func isHostByte(_ byte: UInt8) -> Bool {
        ASCII.isAlphanumeric(byte) || "-._".utf8.contains(byte) || byte >= 0x80
    }

    private static func hasForbidden(_ bytes: [UInt8], _ text: String) -> Bool {
        var all: UInt8 = 0
        for byte in bytes {
            if byte <= 0x20 || byte == 0x7F || byte == UInt8(ascii: "\\") { return true }
            all |= byte
        }
        guard all >= 0x80 else { return false }
        return text.unicodeScalars.contains {
            $0.properties.isWhitespace || $0.properties.generalCategory == .control
        }
    }

    private static func ipv4(_ text: String) -> [UInt8]? {
        address(text, family: AF_INET, count: 4)
    }

    private static func ipv6(_ text: String) -> [UInt8]? {
        address(text, family: AF_INET6, count: 16)
    }

    private static func address(_ text: String, family: Int32, count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return inet_pton(family, text, &bytes) == 1 ? bytes : nil
    }
}
