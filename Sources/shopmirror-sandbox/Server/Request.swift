/// One HTTP request as it came: names of headers in lower case, target still percent-encoded.
struct Request {
    var method: String
    var target: String
    var headers: [(name: String, value: String)]
    var body: [UInt8]

    /// The target up to the question mark.
    var path: String {
        guard let mark = target.firstIndex(of: "?") else { return target }
        return String(target[..<mark])
    }

    /// What follows the question mark, still encoded; empty without one.
    var query: String {
        guard let mark = target.firstIndex(of: "?") else { return "" }
        return String(target[target.index(after: mark)...])
    }

    /// The first header of that name (lower case).
    func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }

    /// The token of `Authorization: Bearer TOKEN`, exact case and one space.
    var bearer: String? {
        guard let value = header("authorization"), value.hasPrefix("Bearer ") else { return nil }
        let token = String(value.dropFirst(7))
        return token.isEmpty || token.contains(" ") ? nil : token
    }

    /// Scheme, host and port as the client addressed them.
    var origin: String { "http://" + (header("host") ?? "127.0.0.1") }

    /// The media type of the body without its parameters, in lower case.
    var mediaType: String {
        guard let value = header("content-type") else { return "" }
        let end = value.firstIndex(of: ";") ?? value.endIndex
        return value[..<end].lowercased().filter { $0 != " " }
    }
}
