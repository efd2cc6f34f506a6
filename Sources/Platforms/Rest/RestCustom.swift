import Sync

/// Resources that a config declares of an API of its own.
extension Rest {
    static let maximumLimit = 10_000

    static let custom: CustomResource.Template = { declared throws(CustomResource.Refusal) in
        try check(declared)
        let updated = declared.cursor ?? declared.updated
        var cursor: Cursor?
        if let since = declared.cursorSince {
            cursor = Cursor(since: since, until: declared.cursorUntil, times: declared.cursorTimes)
        }
        var resource = Resource(
            declared.name, "Declared in the config", at: declared.path, records: declared.records ?? [],
            key: declared.key, created: declared.created, updated: updated, cursor: cursor,
            columns: declared.allColumns, pages: declared.pages ?? .single, limit: declared.limit ?? 100,
            maximumLimit: maximumLimit, parameters: declared.parameters)
        resource.declaration = declaration(resource)
        return resource
    }

    private static func check(_ declared: CustomResource) throws(CustomResource.Refusal) {
        if let limit = declared.limit, !(1...maximumLimit).contains(limit) {
            throw CustomResource.Refusal(
                "limit", "'limit' is \(limit); allowed is a whole number from 1 to \(maximumLimit)")
        }
        if let cursor = declared.cursor, declared.cursorSince == nil {
            throw CustomResource.Refusal(
                "cursor",
                "the cursor '\(cursor)' needs 'cursor_since', the parameter that asks for what changed since")
        }
        for key in ["cursor_since", "cursor_until", "cursor_times"] where declared.cursor == nil {
            let isGiven =
                key == "cursor_since"
                ? declared.cursorSince != nil
                : key == "cursor_until" ? declared.cursorUntil != nil : declared.cursorTimes != nil
            guard isGiven else { continue }
            throw CustomResource.Refusal(
                key, "'\(key)' needs 'cursor', the field with the modification time")
        }
        if let cursor = declared.cursor, let updated = declared.updated, updated != cursor {
            throw CustomResource.Refusal(
                "updated", "'updated' is '\(updated)' but the cursor is '\(cursor)'; leave 'updated' out")
        }
        if case .cursor(let pages) = declared.pages, pages.next == nil, declared.key.count > 1 {
            throw CustomResource.Refusal(
                "pages", "'pages' goes on by the last record's key, so 'key' has to be a single field")
        }
    }

    /// What decides which records come, and by which keys they are known.
    private static func declaration(_ resource: Resource) -> String {
        let parameters = resource.parameters.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        return "\(resource.path)?\(parameters) \(resource.records.joined(separator: "."))"
            + " \(resource.key.joined(separator: ","))"
    }
}
