/// Makes the SQL of the joint views from what the platforms declare, over the tables that are there.
///
/// Every column has one affinity in all parts (a cast, or a real column of ours): SQLite walks the parts' indexes
/// side by side for `ORDER BY created_at LIMIT n` only then.
struct JointViewSQL {
    let platforms: [Platform]
    /// Names of the tables that exist: `shopline_orders_data`.
    let tables: Set<String>

    /// The statement that makes a view; without any table it has its columns and no rows.
    func statement(_ view: JointView) -> String {
        let parts = platforms.flatMap { platform in
            platform.joint.filter { $0.view == view }.compactMap { part($0, platform) }
        }
        let all = parts.isEmpty ? [empty(view)] : parts
        return "CREATE VIEW \(view.rawValue) AS \(all.joined(separator: " UNION ALL "))"
    }

    private func part(_ rows: JointRows, _ platform: Platform) -> String? {
        guard let table = table(of: rows.resource, platform) else { return nil }
        let json = rows.list == nil ? "d.payload" : "l.value"
        let scope = Scope(platform: platform, row: "d", member: json, parent: "d.payload")
        let own = rows.view.columns.map { name, kind in
            "\(cast(rows.values[name].map { sql($0, scope) }, kind)) AS \(name)"
        }
        let status = "CASE WHEN d.deleted_at IS NULL THEN \(sql(rows.status, scope)) ELSE 'deleted' END"
        let columns =
            [
                "d.connection AS connection", "CAST(\(SQLName.literal(platform.id)) AS TEXT) AS platform",
                rows.list == nil && rows.id.isKey
                    ? "d.id AS id" : "\(cast(sql(rows.id, scope), .text)) AS id",
            ] + own
            + [
                "\(cast(status, .text)) AS status",
                "\(cast(rows.platformStatus.map { sql($0, scope) }, .text)) AS platform_status",
                "d.created_at AS created_at", "d.updated_at AS updated_at", "d.deleted_at AS deleted_at",
            ]
        let elements = rows.list.map {
            ", json_each(d.payload, \(SQLName.jsonPath($0))) l WHERE l.type='object'"
        }
        return "SELECT \(columns.joined(separator: ", ")) FROM \(table) d\(elements ?? "")"
    }

    private func empty(_ view: JointView) -> String {
        let names =
            ["connection", "platform", "id"] + view.columns.map(\.name)
            + ["status", "platform_status", "created_at", "updated_at", "deleted_at"]
        return "SELECT \(names.map { "NULL AS \($0)" }.joined(separator: ", ")) WHERE 0"
    }

    private func table(of resource: String, _ platform: Platform) -> String? {
        guard let resource = platform.resource(named: resource) else { return nil }
        let table = "\(MirrorSchema.view(of: resource, on: platform))_data"
        return tables.contains(table) ? table : nil
    }

    private func cast(_ value: String?, _ kind: JointView.Kind) -> String {
        let value = value ?? "NULL"
        return kind == .text ? "CAST(\(value) AS TEXT)" : Self.number(value)
    }

    /// A number from a platform's text; NULL where it is none, so that nothing is counted as zero.
    static func number(_ value: String) -> String {
        "CAST(CASE WHEN (\(value)) NOT GLOB '*[^0-9.-]*' AND (\(value)) GLOB '*[0-9]*' THEN (\(value)) END AS NUMERIC)"
    }

    // MARK: Values

    /// What the names in an expression stand for.
    private struct Scope {
        var platform: Platform
        /// The table's row.
        var row: String
        /// JSON of the row that is shown.
        var member: String
        /// JSON of the record that the row is in.
        var parent: String
    }

    private func sql(_ value: JointValue, _ scope: Scope) -> String {
        switch value {
        case .key: "\(scope.row).id"
        case .member(let column): member(column, of: scope.member, scope)
        case .parent(let column): member(column, of: scope.parent, scope)
        case .constant(let text): SQLName.literal(text)
        case .joined(let parts): parts.map { "(\(sql($0, scope)))" }.joined(separator: "||'/'||")
        case .first(let all): first(all.map { sql($0, scope) })
        case .meaning(let value, let words): meaning(word(value, scope), words)
        case .unless(let value, let words, let result):
            "CASE WHEN \(word(value, scope)) NOT IN (\(list(words))) THEN \(SQLName.literal(result)) END"
        case .other(let resource, let key, let value): other(resource, key, value, scope)
        case .stockedSKU(let item):
            "(SELECT s.sku FROM \(StockTable.items) s WHERE s.connection=\(scope.row).connection"
                + " AND s.item=(\(sql(item, scope))) LIMIT 1)"
        }
    }

    /// One look into the record for a text; digits are what takes two.
    private func member(_ column: Column, of json: String, _ scope: Scope) -> String {
        column.kind == .text
            ? "\(json)->>\(SQLName.jsonPath(column.path))"
            : MirrorSchema.expression(column, json, scope.platform.times)
    }

    /// A value that is compared with words, whether it comes as a text or a number.
    private func word(_ value: JointValue, _ scope: Scope) -> String {
        switch value {
        case .member(let column): "CAST(\(scope.member)->>\(SQLName.jsonPath(column.path)) AS TEXT)"
        case .parent(let column): "CAST(\(scope.parent)->>\(SQLName.jsonPath(column.path)) AS TEXT)"
        default: "CAST(\(sql(value, scope)) AS TEXT)"
        }
    }

    private func first(_ values: [String]) -> String {
        // SQLite's coalesce wants two.
        let values = values.map { "nullif(\($0),'')" } + (values.count == 1 ? ["NULL"] : [])
        return "coalesce(\(values.joined(separator: ",")))"
    }

    private func meaning(_ value: String, _ words: [String: String]) -> String {
        let cases = words.sorted { $0.key < $1.key }.map {
            "WHEN \(SQLName.literal($0.key)) THEN \(SQLName.literal($0.value))"
        }
        return "CASE \(value) \(cases.joined(separator: " ")) END"
    }

    private func list(_ words: [String]) -> String {
        words.map { SQLName.literal($0) }.joined(separator: ",")
    }

    /// A value of another table; NULL where that table is not there.
    private func other(_ resource: String, _ key: JointValue?, _ value: JointValue, _ scope: Scope)
        -> String
    {
        guard let table = table(of: resource, scope.platform) else { return "NULL" }
        let row = "\(scope.row)x"
        let inner = Scope(
            platform: scope.platform, row: row, member: "\(row).payload", parent: "\(row).payload")
        let match = key.map { " AND \(row).id=(\(sql($0, scope)))" } ?? ""
        return
            "(SELECT \(sql(value, inner)) FROM \(table) \(row) WHERE \(row).connection=\(scope.row).connection"
            + "\(match) LIMIT 1)"
    }
}

extension JointValue {
    fileprivate var isKey: Bool {
        if case .key = self { true } else { false }
    }
}
