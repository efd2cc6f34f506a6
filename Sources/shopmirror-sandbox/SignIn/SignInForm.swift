/// The parameters of a sign-in address, each allowed once.
struct SignInForm {
    private var values: [String: String] = [:]
    /// Why the parameters cannot be accepted.
    private(set) var problem: String?

    init(_ pairs: [(name: String, value: String)], required: [String], optional: [String] = []) {
        for pair in pairs {
            if pair.name.lowercased().contains("secret") {
                problem = "the client secret must never be in an address"
            }
            if values[pair.name] != nil { problem = problem ?? "\(pair.name) stands twice" }
            if !required.contains(pair.name), !optional.contains(pair.name) {
                problem = problem ?? "\(pair.name) is not a parameter here"
            }
            values[pair.name] = pair.value
        }
        for name in required where (values[name] ?? "").isEmpty {
            problem = problem ?? "\(name) is missing"
        }
    }

    subscript(_ name: String) -> String { values[name] ?? "" }

    /// Puts more parameters behind an address.
    static func extended(_ address: String, with pairs: [(String, String)]) -> String {
        let text = pairs.map { $0.0 + "=" + PercentCoding.encoded($0.1) }.joined(separator: "&")
        return address + (address.contains("?") ? "&" : "?") + text
    }
}
