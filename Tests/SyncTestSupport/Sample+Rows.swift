import SQLite

extension Sample {
    /// Every row that a question to a file has for an answer, as text.
    package static func rows(_ sql: String, in path: String) throws -> [[String?]] {
        let database = try Database(path: path, access: .readOnly)
        defer { database.close() }
        let statement = try database.prepare(sql)
        var rows: [[String?]] = []
        while try statement.step() { rows.append((0..<statement.columnCount).map { statement.text(at: $0) }) }
        return rows
    }
}
