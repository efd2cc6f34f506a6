/// What of a request may go out, and how it is written for libcurl.
extension HTTPRequest {
    /// Why the request must not be sent; nil when it may.
    var flaw: String? {
        guard let parts = URLParts.parse(url) else { return "the URL is not a valid absolute one" }
        guard ["http", "https"].contains(parts.scheme) else {
            return "'\(parts.scheme)' is not http or https"
        }
        for (name, value) in headers {
            guard !name.isEmpty, name.utf8.allSatisfy(ASCII.isToken) else {
                return "a header's name is not valid"
            }
            guard !value.utf8.contains(where: { $0 == 0 || $0 == 0x0A || $0 == 0x0D }) else {
                return "the value of the header '\(name)' holds a line break or a NUL"
            }
            guard !Self.framing.contains(where: { ASCII.isSame($0.utf8, name.utf8) }) else {
                return "the header '\(name)' is the transport's own"
            }
        }
        return nil
    }

    /// The lines for libcurl: a name with a colon alone takes one of libcurl's own headers away, a semicolon sends an
    /// empty value.
    var headerLines: [String] {
        let lines = headers.map { name, value in
            let trimmed = ASCII.trimmed(value.utf8)
            return trimmed.isEmpty ? "\(name);" : "\(name): \(Substring(trimmed))"
        }
        let unwanted = ["Expect", "Content-Type"].filter { !hasHeader($0) }
        return lines + unwanted.map { "\($0):" }
    }

    private func hasHeader(_ name: String) -> Bool {
        headers.contains { ASCII.isSame($0.name.utf8, name.utf8) }
    }

    /// Milliseconds; libcurl takes 0 for "never", which no request may ask for.
    var totalTimeout: Int { min(max(timeoutMilliseconds, 1), Int(Int32.max)) }

    var connectTimeout: Int { min(max(connectTimeoutMilliseconds, 1), totalTimeout) }

    private static let framing = ["content-length", "transfer-encoding"]
}
