/// Why a path in the config cannot be read.
package struct JSONPathError: Error, Sendable, Hashable, CustomStringConvertible {
    /// "'$.a[0]' is no path: single elements cannot be chosen".
    package let problem: String

    /// What a path may look like.
    package static let allowed =
        "a path such as $.customer.email, $.line_items[*].properties or $['odd name']"

    init(_ text: String, _ reason: String) { problem = "'\(text)' is no path: \(reason)" }

    package var description: String { "\(problem); allowed is \(Self.allowed)" }
}
