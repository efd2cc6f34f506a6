/// A sign-in address taken apart, with the query before and the one behind the `#`.
struct SignInAddress {
    let scheme: String
    let host: String
    let path: String
    let query: [(name: String, value: String)]
    /// What stands behind the `#` up to a question mark.
    let fragment: String
    let fragmentQuery: [(name: String, value: String)]

    /// Takes a full address apart; `nil` when it is none.
    init?(_ text: String) {
        let halves = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init)
        guard let address = halves.first, let colon = address.firstIndex(of: ":"),
            address[colon...].hasPrefix("://")
        else { return nil }
        scheme = String(address[..<colon])
        let rest = address[colon...].dropFirst(3)
        let slash = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        host = rest[..<slash].lowercased()
        guard let first = Self.cut(String(rest[slash...])),
            let second = Self.cut(halves.count == 2 ? halves[1] : "")
        else { return nil }
        (path, query) = first
        (fragment, fragmentQuery) = second
    }

    /// The address a browser asked for.
    init?(_ request: Request) {
        self.init(request.origin + request.target)
    }

    var isLoopback: Bool {
        let name = host.split(separator: ":", omittingEmptySubsequences: false).first ?? ""
        return name == "127.0.0.1" || name == "localhost"
    }

    /// Whether the address is one of these hosts over https, or on this machine.
    func isServed(by hosts: [String]) -> Bool {
        isLoopback || (scheme == "https" && hosts.contains(host))
    }

    private static func cut(_ text: String) -> (String, [(name: String, value: String)])? {
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let pairs = PercentCoding.pairs(parts.count == 2 ? parts[1] : "") else { return nil }
        return (String(parts.first ?? ""), pairs)
    }
}
