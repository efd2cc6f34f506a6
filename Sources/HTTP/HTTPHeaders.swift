/// The header fields of a response, in the order they came; names are compared without regard to case.
package struct HTTPHeaders: Sendable {
    package let fields: [(name: String, value: String)]

    /// Fields whose value is a list, where several fields mean one longer list (RFC 9110, section 5.3).
    private static let lists = [
        "allow", "cache-control", "content-encoding", "content-language", "link", "pragma",
        "transfer-encoding", "vary", "via", "warning", "www-authenticate",
    ]

    package init(_ fields: [(name: String, value: String)] = []) {
        self.fields = fields
    }

    /// The field's value; of several the last one, or all joined with ", " where the field is a list (`Link`).
    package subscript(_ name: String) -> String? {
        guard Self.lists.contains(where: { Self.isSame($0, name) }) else {
            return fields.last { Self.isSame($0.name, name) }?.value
        }
        let values = all(name)
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }

    /// Every value the field was sent with, in order.
    package func all(_ name: String) -> [String] {
        fields.compactMap { Self.isSame($0.name, name) ? $0.value : nil }
    }

    private static func isSame(_ left: String, _ right: String) -> Bool {
        left.utf8.count == right.utf8.count && ASCII.isSame(left.utf8, right.utf8)
    }
}
