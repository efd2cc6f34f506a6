import HTTP

/// A link to the next page of an API that only the config knows: a URI reference, which may lead to any path of the
/// configured server, and nowhere else.
struct NextLink {
    private let link: String
    private let listing: Listing
    private let position: Position

    init(_ link: String, of listing: Listing, at position: Position) {
        self.link = link
        self.listing = listing
        self.position = position
    }

    /// - Returns: The query alone where the path stays the resource's own, else the whole path with its query.
    /// - Throws: `Problem` with `malformed_response` for a link that is not followed.
    func target() throws(Problem) -> String {
        guard let base = URLParts.parse(listing.connection.baseURL) else { throw unreadable }
        let own = "\(base.path)/\(listing.resource.path.drop { $0 == "/" })"
        let (path, query) = try resolved(against: base, own)
        let steps = path.split(separator: "/", omittingEmptySubsequences: false)
        guard path.hasPrefix("/"), !steps.contains("."), !steps.contains(".."), !path.hasPrefix("//") else {
            throw unreadable
        }
        if path == own { return query ?? "" }
        return path + (query.map { "?\($0)" } ?? "")
    }

    private func resolved(against base: URLParts, _ own: String) throws(Problem) -> (String, String?) {
        if let parts = URLParts.parse(link) {
            let isHere =
                parts.scheme == base.scheme && parts.host == base.host && Self.port(parts) == Self.port(base)
            guard isHere else {
                throw Wording.foreignLink(
                    listing.resource.name, host: "\(parts.scheme)://\(parts.authority)")
            }
            return (parts.path.isEmpty ? "/" : parts.path, parts.query)
        }
        guard !link.hasPrefix("//"), !link.contains("://"),
            !link.unicodeScalars.contains(where: { $0.value <= 32 || $0 == "\\" })
        else { throw unreadable }
        let halves = link.prefix { $0 != "#" }.split(
            separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let query = halves.count > 1 ? String(halves[1]) : nil
        let path = halves.first.map(String.init) ?? ""
        if path.hasPrefix("/") { return (path, query) }
        let current = currentPath(own)
        if path.isEmpty { return (current, query) }
        return (current[...(current.lastIndex(of: "/") ?? current.startIndex)] + path, query)
    }

    private func currentPath(_ own: String) -> String {
        guard case .link(let text) = position.mark, text.hasPrefix("/") else { return own }
        return String(text.prefix { $0 != "?" })
    }

    private var unreadable: Problem { Wording.unreadableLink(listing.resource.name, link) }

    private static func port(_ parts: URLParts) -> Int {
        parts.port ?? (parts.scheme == "https" ? 443 : 80)
    }
}
