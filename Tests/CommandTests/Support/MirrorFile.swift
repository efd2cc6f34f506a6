import SQLite

/// A SQLite file as another program reads it.
struct MirrorFile: Sendable {
    let path: String
    /// Whether it may be changed by reading: a rollback journal that a kill left behind needs that.
    var isWritable = false

    /// The rows of a query, every value as text.
    func rows(_ sql: String) throws -> [[String?]] {
        let database = try Database(path: path, access: isWritable ? .readWrite : .readOnly)
        defer { database.close() }
        let statement = try database.prepare(sql)
        var rows: [[String?]] = []
        while try statement.step() {
            rows.append((0..<statement.columnCount).map { statement.text(at: $0) })
        }
        return rows
    }

    /// The first column of a query.
    func texts(_ sql: String) throws -> [String?] { try rows(sql).map { $0[0] } }

    func text(_ sql: String) throws -> String? { try texts(sql).first ?? nil }

    func count(_ sql: String) throws -> Int { try text(sql).flatMap { Int($0) } ?? -1 }

    /// Changes the file behind the program's back.
    func execute(_ sql: String) throws {
        let database = try Database(path: path)
        defer { database.close() }
        try database.execute(sql)
    }

    /// Everything but our own times and run ids, in a fixed order: alike for mirrors that hold the same.
    func canonicalDump() throws -> [String] {
        let tables = try texts(
            "SELECT name FROM sqlite_master WHERE type='table' AND name LIKE '%\\_data' ESCAPE '\\' ORDER BY name"
        )
        var lines: [String] = []
        for table in tables.compactMap({ $0 }) {
            let rows = try rows(
                "SELECT connection, id, change, deleted_at IS NOT NULL, created_at, updated_at, payload FROM \(table)"
                    + " ORDER BY connection, id")
            lines += rows.map { "\(table)|" + $0.map { $0 ?? "NULL" }.joined(separator: "|") }
        }
        let rest = [
            "SELECT 'state', connection, resource, cursor, last_full_at IS NOT NULL, settings FROM sync_state ORDER BY 2, 3",
            "SELECT 'pull', connection, resource, kind, window FROM pulls ORDER BY 2, 3, 4, 5",
            "SELECT 'page', pull, page FROM pull_pages ORDER BY 2, 3",
            "SELECT 'account', connection, platform, account_id, name FROM accounts ORDER BY 2",
        ]
        for sql in rest { lines += try rows(sql).map { $0.map { $0 ?? "NULL" }.joined(separator: "|") } }
        return lines
    }
}

/// A read transaction that stays open.
final class HeldRead {
    private let database: Database

    init(of path: String) throws {
        database = try Database(path: path, access: .readOnly)
        try database.execute("BEGIN; SELECT count(*) FROM runs")
    }

    func end() { database.close() }
}
