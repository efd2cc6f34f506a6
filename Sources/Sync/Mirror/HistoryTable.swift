import SQLite

/// The table of a resource's history: one row whenever a figure of a record is another one than before.
struct HistoryTable {
    let history: History
    let table: String
    let view: String
    private let values: [String]

    init(_ history: History, of resource: Resource, on platform: Platform) {
        self.history = history
        table = "\(platform.tablePrefix)_\(SQLName.identifier(history.name))"
        view = MirrorSchema.view(of: resource, on: platform)
        values = history.members.map {
            MirrorSchema.expression(Column($0, .exact), "d.payload", platform.times)
        }
    }

    private var names: [String] { history.members.map { SQLName.quoted(SQLName.identifier($0)) } }

    /// `entry` orders the rows, whatever the clock did.
    var sql: String {
        let columns = names.map { "\($0) TEXT" }.joined(separator: ", ")
        return
            "CREATE TABLE \(table)(entry INTEGER PRIMARY KEY, connection TEXT NOT NULL, \(history.parent) TEXT NOT NULL,"
            + " observed_at TEXT NOT NULL, observed_run TEXT NOT NULL, \(columns))"
    }

    var indexSQL: String {
        "CREATE INDEX \(table)_newest ON \(table)(connection, \(history.parent), entry)"
    }

    /// Adds what differs from the newest row about each record; a record without any of the figures adds nothing.
    func append(_ rows: [Int64], in database: Database, run: String, now: String) throws(SQLiteError) {
        let same = zip(names, values).map { "h.\($0) IS \($1)" }.joined(separator: " AND ")
        let present = values.map { "(\($0)) IS NOT NULL" }.joined(separator: " OR ")
        let statement = try database.cached(
            "INSERT INTO \(table)(connection, \(history.parent), observed_at, observed_run, \(names.joined(separator: ", ")))"
                + " SELECT d.connection, d.id, ?2, ?3, \(values.joined(separator: ", ")) FROM \(view)_data d"
                + " WHERE d.row=?1 AND (\(present)) AND NOT EXISTS(SELECT 1 FROM \(table) h WHERE \(same) AND h.entry="
                + "(SELECT max(entry) FROM \(table) WHERE connection=d.connection AND \(history.parent)=d.id))"
        )
        try statement.bind(now, at: 2)
        try statement.bind(run, at: 3)
        for row in rows {
            try statement.bind(row, at: 1)
            try statement.run()
        }
    }
}
