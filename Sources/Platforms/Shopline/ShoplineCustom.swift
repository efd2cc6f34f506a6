import Sync

/// Resources that a config declares of SHOPLINE: any listing that goes on by its `link` header.
extension Shopline {
    static let custom: CustomResource.Template = { declared throws(CustomResource.Refusal) in
        if let limit = declared.limit, !(1...1000).contains(limit) {
            throw CustomResource.Refusal(
                "limit", "'limit' is \(limit); allowed is a whole number from 1 to 1000")
        }
        let path = String(declared.path.drop { $0 == "/" })
        // `products/collects.json` holds its records in `collects`.
        let name = path.split(separator: "/").last?.split(separator: ".").first.map(String.init)
        guard let name, !name.isEmpty else {
            throw CustomResource.Refusal(
                "path", "the path \"\(declared.path)\" names nothing; allowed is one such as gift_cards.json")
        }
        return Resource(
            declared.name, "Declared in the config", at: path, records: declared.records ?? [name],
            key: declared.key, created: declared.created, updated: declared.updated ?? declared.cursor,
            cursor: declared.cursor.map { cursor(on: $0) }, columns: declared.allColumns,
            pages: .linkHeader(limit: "limit"), limit: declared.limit ?? 50, maximumLimit: 1000,
            fields: declared.fields == nil ? .none : .optional("fields"))
    }
}
