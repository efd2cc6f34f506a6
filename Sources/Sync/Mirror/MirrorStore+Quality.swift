import SQLite

/// Whether a resource's rows are as the config wants them.
extension MirrorStore {
    private static var mostIDs: Int { 5 }

    /// What is wrong with the rows of a connection that exist; nothing is read where nothing is asked.
    package func breaches(
        of plan: ResourcePlan, on platform: Platform, connection: String
    ) throws(Problem) -> [Problem] {
        let quality = plan.quality
        guard !quality.isEmpty else { return [] }
        let table = "\(MirrorSchema.view(of: plan.resource, on: platform))_data"
        let name = plan.resource.name
        let found = try read {
            var found: [Problem] = []
            if let minimum = quality.minimumRows {
                let count = try rowCount(table, connection)
                if count < minimum { found.append(Wording.rowsMissing(name, count: count, minimum: minimum)) }
            }
            if !quality.notNull.isEmpty {
                found += try missing(quality.notNull, name, table, connection, platform)
            }
            return found
        }
        guard !quality.unique.isEmpty else { return found }
        return found
            + (try sortingInFiles { () throws(Problem) in
                try read {
                    try quality.unique.compactMap { try repeated($0, name, table, connection, platform) }
                }
            })
    }

    /// From two indexes, without reading a row.
    private func rowCount(_ table: String, _ connection: String) throws(SQLiteError) -> Int {
        let statement = try database.prepare(
            "SELECT (SELECT count(*) FROM \(table) WHERE connection=?1)"
                + "-(SELECT count(*) FROM \(table) WHERE connection=?1 AND deleted_at IS NOT NULL)")
        try statement.bind(connection, at: 1)
        return try statement.step() ? Int(statement.int64(at: 0)) : 0
    }

    /// One pass over the rows for all of the columns.
    private func missing(
        _ columns: [Column], _ name: String, _ table: String, _ connection: String, _ platform: Platform
    ) throws(SQLiteError) -> [Problem] {
        let tests = columns.map { "(\(value($0, platform))) IS NULL" }
        let statement = try database.prepare(
            "SELECT id, \(tests.joined(separator: ", ")) FROM \(table) WHERE connection=?1 AND deleted_at IS NULL"
                + " AND (\(tests.joined(separator: " OR "))) ORDER BY id")
        try statement.bind(connection, at: 1)
        var counts = [Int](repeating: 0, count: columns.count)
        var ids = [[String]](repeating: [], count: columns.count)
        while try statement.step() {
            for index in columns.indices where statement.int64(at: Int32(index + 1)) != 0 {
                counts[index] += 1
                if ids[index].count < Self.mostIDs { ids[index].append(statement.text(at: 0) ?? "") }
            }
        }
        return columns.indices.filter { counts[$0] > 0 }.map {
            Wording.valueMissing(name, columns[$0].name, count: counts[$0], ids: ids[$0])
        }
    }

    private func repeated(
        _ column: Column, _ name: String, _ table: String, _ connection: String, _ platform: Platform
    ) throws(SQLiteError) -> Problem? {
        let statement = try database.prepare(
            "SELECT count(*), min(id), max(id) FROM (SELECT id, \(value(column, platform)) AS v FROM \(table)"
                + " WHERE connection=?1 AND deleted_at IS NULL) WHERE v IS NOT NULL GROUP BY v HAVING count(*)>1"
        )
        try statement.bind(connection, at: 1)
        var count = 0
        var ids: [String] = []
        while try statement.step() {
            count += Int(statement.int64(at: 0))
            ids += [statement.text(at: 1) ?? "", statement.text(at: 2) ?? ""]
            ids = Array(ids.prefix(Self.mostIDs))
        }
        return count > 0 ? Wording.valueRepeated(name, column.name, count: count, ids: ids) : nil
    }

    private func value(_ column: Column, _ platform: Platform) -> String {
        MirrorSchema.checkedColumns.contains(column.name)
            ? column.name : MirrorSchema.expression(column, "payload", platform.times)
    }
}
