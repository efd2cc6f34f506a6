package import JSON

/// What asking again for a sample of a resource's rows showed.
package struct VerifyResult: Sendable {
    package var connection: String
    package var resource: String
    /// Live rows in the mirror.
    package var rows = 0
    package var sampled = 0
    package var equal = 0
    /// Different, and young enough that the next sync will bring it.
    package var changed = 0
    /// No longer there when asked for by id; the next full pull will mark them.
    package var gone = 0
    /// Different although their own modification time says that a sync should have seen it.
    package var drifted: [String] = []
    package var problem: Problem?

    init(_ connection: String, _ resource: String) {
        self.connection = connection
        self.resource = resource
    }

    package var json: JSONValue {
        .members(
            ("connection", .string(connection)), ("resource", .string(resource)), ("rows", .int(rows)),
            ("sampled", .int(sampled)), ("equal", .int(equal)), ("changed", .int(changed)),
            ("gone", .int(gone)), ("drifted", .int(drifted.count)),
            ("drifted_ids", .array(drifted.map { .string($0) })),
            (
                "error",
                problem.map {
                    .members(("code", .string($0.code.rawValue)), ("message", .string($0.message)))
                }
                    ?? .null
            ))
    }
}
