import Sync

/// Resources that a config declares of Next Engine: any endpoint that ends in `/search` or `/info`.
extension NextEngine {
    static let custom: CustomResource.Template = { declared throws(CustomResource.Refusal) in
        let parts = declared.path.split(separator: "/").map(String.init)
        guard declared.path.hasPrefix("/"), parts.count == 2 else { throw unusable(declared.path) }
        switch parts[1] {
        case "search": return try customSearch(declared, parts[0])
        case "info": return try customInfo(declared, parts[0])
        default: throw unusable(declared.path)
        }
    }

    private static func unusable(_ path: String) -> CustomResource.Refusal {
        CustomResource.Refusal(
            "path",
            "the path \"\(path)\" cannot be read from; allowed are /ENTITY/search and /ENTITY/info,"
                + " such as /api_v1_system_deliverydate/info")
    }

    private static func customSearch(
        _ declared: CustomResource, _ entity: String
    ) throws(CustomResource.Refusal) -> Resource {
        guard declared.fields?.isEmpty == false || !declared.columns.isEmpty else {
            throw CustomResource.Refusal(
                "fields", "'\(declared.name)' lacks 'fields' (or 'columns'), which a /search path needs")
        }
        if let limit = declared.limit, !(1...maximumLimit).contains(limit) {
            throw CustomResource.Refusal(
                "limit", "'limit' is \(limit); allowed is a whole number from 1 to \(maximumLimit)")
        }
        var resource = search(
            declared.name, "Declared in the config", entity, key: declared.key.joined(separator: " "),
            updated: declared.updated, cursor: declared.cursor, columns: declared.allColumns,
            limit: declared.limit ?? 1000)
        resource.created = declared.created
        resource.records = declared.records ?? resource.records
        return resource
    }

    private static func customInfo(
        _ declared: CustomResource, _ entity: String
    ) throws(CustomResource.Refusal) -> Resource {
        if let cursor = declared.cursor {
            throw CustomResource.Refusal(
                "cursor", "the cursor '\(cursor)' cannot be used; an /info path always gives every row")
        }
        var resource = info(
            declared.name, "Declared in the config", entity, key: declared.key, columns: declared.allColumns)
        resource.created = declared.created
        resource.updated = declared.updated
        resource.records = declared.records ?? resource.records
        return resource
    }
}
