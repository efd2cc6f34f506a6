import Sync

/// What SHOPLINE's resources have in common; `records` is named as the resource is.
extension Shopline {
    /// A listing that goes on by its `link` header and is asked for by modification time.
    static func listing(
        _ name: String, _ summary: String, _ path: String, limit: Int = 250, columns: [Column],
        parameters: [Parameter] = [], passes: [[Parameter]] = [[]], bothBounds: Bool = false,
        fields: Fields = .optional("fields"), count: String, lists: [ListView] = [], permission: String
    ) -> Resource {
        Resource(
            name, summary, at: path, records: [name], key: ["id"], created: "created_at",
            updated: "updated_at", cursor: cursor(on: "updated_at", bothBounds: bothBounds), columns: columns,
            pages: .linkHeader(limit: "limit"), limit: limit, maximumLimit: limit, parameters: parameters,
            passes: passes, fields: fields, count: CountCall(count), lookup: Lookup("ids", batch: 100),
            lists: lists, permission: permission)
    }

    static func cursor(on field: String, bothBounds: Bool = false) -> Cursor {
        Cursor(since: "\(field)_min", until: "\(field)_max", needsBoth: bothBounds)
    }

    /// A short list in one answer.
    static func single(
        _ name: String, _ summary: String, _ path: String, columns: [Column], count: String? = nil,
        permission: String? = nil
    ) -> Resource {
        Resource(
            name, summary, at: path, records: [name], key: ["id"], created: "created_at",
            updated: "updated_at", columns: columns, pages: .single, count: count.map { CountCall($0) },
            permission: permission)
    }

    /// What is known of the inventory items of the mirrored variants, fifty items a call.
    static func inventory(
        _ name: String, _ summary: String, key: [String], created: String? = nil, columns: [Column],
        ids: String
    ) -> Resource {
        Resource(
            name, summary, at: "\(name).json", records: [name], key: key, created: created,
            updated: "updated_at", columns: columns,
            pages: .identifiers(
                parameter: ids, from: "products", path: "variants[].inventory_item_id", batch: 50),
            permission: "read_inventory")
    }

    /// A listing of SHOPLINE Payments, which a store may not have.
    static func payments(
        _ name: String, _ summary: String, _ list: String, key: [String], created: String, updated: String?,
        columns: [Column], limit: Int, window: Window
    ) -> Resource {
        Resource(
            name, summary, at: "payments/store/\(list).json", records: [list], key: key, created: created,
            updated: updated, columns: columns, pages: .linkHeader(limit: "limit"), window: window,
            limit: limit, maximumLimit: limit, permission: "read_payment",
            absentText: "Resource not found: merchant")
    }

    static func view(_ name: String, at path: String, of parent: String, _ columns: [Column]) -> ListView {
        ListView(name, at: path, parent: parent, columns: columns)
    }
}
