import SQLite

/// The SQL that makes the mirror: bookkeeping tables once, and per resource a narrow table with its views.
package enum MirrorSchema {
    /// Element N leads from version N to N + 1; what was released stays as it is.
    package static let steps = [
        SchemaStep("makes the tables of runs, cursors, pulls and accounts") { try $0.execute(bookkeeping) },
        SchemaStep("makes the table of runs anew, with indexes") { try renewRuns(in: $0) },
    ]
    package static var version: Int64 { steps.version }
    /// `shmr`, so that another program's database is never taken for a mirror.
    package static let applicationID: Int64 = 0x7368_6D72

    static let bookkeeping = """
        CREATE TABLE IF NOT EXISTS runs(run_id TEXT PRIMARY KEY, started_at TEXT NOT NULL, finished_at TEXT, mode TEXT NOT NULL,
          status TEXT NOT NULL, exit_code INTEGER, report TEXT) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS sync_state(connection TEXT NOT NULL, resource TEXT NOT NULL, cursor TEXT, last_full_at TEXT,
          last_success_at TEXT, last_run TEXT, settings TEXT NOT NULL, PRIMARY KEY(connection, resource)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS pulls(pull INTEGER PRIMARY KEY, connection TEXT NOT NULL, resource TEXT NOT NULL,
          kind TEXT NOT NULL, window TEXT NOT NULL DEFAULT '', run_id TEXT NOT NULL, started_at TEXT NOT NULL,
          platform_started_at TEXT, since TEXT, listed INTEGER, settings TEXT NOT NULL,
          UNIQUE(connection, resource, kind, window));
        CREATE TABLE IF NOT EXISTS pull_pages(pull INTEGER NOT NULL, page INTEGER NOT NULL, next TEXT, high TEXT,
          fetched INTEGER NOT NULL, rows TEXT, PRIMARY KEY(pull, page)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS accounts(connection TEXT PRIMARY KEY, platform TEXT NOT NULL, account_id TEXT NOT NULL, name TEXT,
          first_seen_at TEXT NOT NULL, seen_at TEXT NOT NULL) WITHOUT ROWID;
        """

    /// Every run is kept, and each new one looks for those that are open and those whose report is too old.
    ///
    /// With indexes it need not read all of them. Reports are long, so they must not be a part of the key's own tree, as
    /// they first were. Views that people made are not looked into, whatever they refer to.
    ///
    /// Moved in small portions, since SQLite keeps in memory what a single statement changes.
    private static func renewRuns(in database: Database) throws {
        let columns = "run_id, started_at, finished_at, mode, status, exit_code, report"
        try database.execute(
            """
            CREATE TABLE shopmirror_runs(run_id TEXT NOT NULL PRIMARY KEY, started_at TEXT NOT NULL, finished_at TEXT,
              mode TEXT NOT NULL, status TEXT NOT NULL, exit_code INTEGER, report TEXT)
            """)
        while try database.integer("SELECT EXISTS(SELECT 1 FROM runs)") == 1 {
            try database.execute(
                """
                INSERT INTO shopmirror_runs(\(columns)) SELECT \(columns) FROM runs ORDER BY run_id LIMIT 20;
                DELETE FROM runs WHERE run_id<=(SELECT max(run_id) FROM shopmirror_runs)
                """)
        }
        try database.execute(
            """
            DROP TABLE runs;
            PRAGMA legacy_alter_table=ON;
            ALTER TABLE shopmirror_runs RENAME TO runs;
            PRAGMA legacy_alter_table=OFF;
            CREATE INDEX runs_open ON runs(run_id) WHERE finished_at IS NULL;
            CREATE INDEX runs_reported ON runs(run_id) WHERE report IS NOT NULL
            """)
    }

    /// The view that people query: `shopline_orders`.
    package static func view(of resource: Resource, on platform: Platform) -> String {
        "\(platform.tablePrefix)_\(SQLName.identifier(resource.name))"
    }

    static func tableSQL(_ view: String) -> String {
        """
        CREATE TABLE \(view)_data(row INTEGER PRIMARY KEY, connection TEXT NOT NULL, id TEXT NOT NULL CHECK(id<>''), \
        first_seen_at TEXT NOT NULL, changed_at TEXT NOT NULL, changed_run TEXT NOT NULL, change TEXT NOT NULL, \
        deleted_at TEXT, created_at TEXT, updated_at TEXT, payload TEXT NOT NULL, UNIQUE(connection, id))
        """
    }

    static func feedIndexSQL(_ view: String) -> String {
        "CREATE INDEX \(view)_feed ON \(view)_data(changed_run)"
    }

    /// Deleted rows are few: a small index counts them without reading every row.
    static func goneIndexSQL(_ view: String) -> String {
        "CREATE INDEX IF NOT EXISTS \(view)_gone ON \(view)_data(connection) WHERE deleted_at IS NOT NULL"
    }

    /// Names of our own columns, which a declared column may not take.
    static let ownColumns: Set<String> = [
        "row", "connection", "id", "created_at", "updated_at", "first_seen_at", "changed_at", "changed_run",
        "change",
        "deleted_at", "payload",
    ]

    /// Real columns of ours that a config may name where it names columns.
    static let checkedColumns = ["id", "created_at", "updated_at"]

    static func viewSQL(of resource: Resource, on platform: Platform) -> String {
        let view = view(of: resource, on: platform)
        let shown = columns(of: resource).map { name, column in
            "\(expression(column, "payload", platform.times)) AS \(SQLName.quoted(name))"
        }
        let all =
            ["connection", "id", "created_at", "updated_at"] + shown
            + ["first_seen_at", "changed_at", "changed_run", "change", "deleted_at", "payload"]
        return "CREATE VIEW \(view) AS SELECT \(all.joined(separator: ", ")) FROM \(view)_data"
    }

    /// The declared columns with the names they have in the view: a clash gets the resource in front.
    package static func columns(of resource: Resource) -> [(name: String, column: Column)] {
        resource.columns.compactMap { column in
            let clashes = ownColumns.contains(column.name.lowercased())
            if clashes, resource.key == [column.path], column.name == "id" { return nil }
            return (clashes ? "\(singular(resource.name))_\(column.name)" : column.name, column)
        }
    }

    static func listViewSQL(_ list: ListView, of resource: Resource, on platform: Platform) -> (
        name: String, sql: String
    ) {
        let name = "\(platform.tablePrefix)_\(SQLName.identifier(list.name))"
        func shown(_ json: String, _ created: String) -> [String] {
            let columns = columns(of: list).map { name, column in
                "\(expression(column, json, platform.times)) AS \(SQLName.quoted(name))"
            }
            return columns + (list.columns.contains { $0.name == "created_at" } ? [] : [created])
        }
        let view = view(of: resource, on: platform)
        let all =
            ["o.connection", "o.id AS \(list.parent)", "l.key AS position"] + shown("l.value", "o.created_at")
            + ["o.deleted_at"]
        var sql =
            "CREATE VIEW \(name) AS SELECT \(all.joined(separator: ", ")) FROM \(view)_data o,"
            + " json_each(o.payload, \(SQLName.jsonPath(list.path))) l WHERE l.type='object'"
        if let other = list.other.flatMap({ platform.resource(named: $0) }) {
            // Rows of a connection whose records carry the list are not shown a second time.
            let owner = "(SELECT account_id FROM accounts a WHERE a.connection=s.connection)"
            let rows =
                ["s.connection", owner, "NULL"] + shown("s.payload", "s.created_at") + ["s.deleted_at"]
            sql +=
                " UNION ALL SELECT \(rows.joined(separator: ", ")) FROM \(Self.view(of: other, on: platform))_data s"
                + " WHERE NOT EXISTS(SELECT 1 FROM \(view)_data o WHERE o.connection=s.connection"
                + " AND json_type(o.payload, \(SQLName.jsonPath(list.path)))='array')"
        }
        return (name, sql)
    }

    /// A list's columns with the names they have in its view: a clash gets the list in front.
    package static func columns(of list: ListView) -> [(name: String, column: Column)] {
        let taken: Set<String> = ["connection", list.parent, "position", "deleted_at"]
        return list.columns.map { column in
            let clashes = taken.contains(column.name.lowercased())
            return (clashes ? "\(singular(list.name))_\(column.name)" : column.name, column)
        }
    }

    static func singular(_ name: String) -> String {
        let name = SQLName.identifier(name)
        if name.hasSuffix("ies") { return name.dropLast(3) + "y" }
        return name.hasSuffix("s") && !name.hasSuffix("ss") && name != "goods"
            ? String(name.dropLast()) : name
    }

    /// A column's SQL over a JSON text.
    ///
    /// SQLite's `->>` turns big numbers and fractions into floating point, so digits are taken with `->`
    /// wherever they matter.
    static func expression(_ column: Column, _ json: String, _ times: TimeForm) -> String {
        let path = SQLName.jsonPath(column.path)
        let type = "json_type(\(json),\(path))"
        let value = "\(json)->>\(path)"
        let raw = "\(json)->\(path)"
        // Made where it is used: a mirror's views have hundreds of columns.
        var digits: String {
            "CASE \(type) WHEN 'text' THEN \(value) WHEN 'integer' THEN \(raw) WHEN 'real' THEN \(raw) END"
        }
        switch column.kind {
        case .exact, .date: return digits
        case .text: return "CASE WHEN \(type) IN ('integer','real') THEN \(raw) ELSE \(value) END"
        case .integer:
            return "CASE WHEN \(type)='integer' AND length(\(raw))<19 THEN \(value) ELSE \(digits) END"
        case .json: return "CASE WHEN \(type)<>'null' THEN \(raw) END"
        case .boolean:
            return
                "CASE \(type) WHEN 'true' THEN 1 WHEN 'false' THEN 0 WHEN 'integer' THEN \(value) WHEN 'text' THEN"
                + " CASE lower(\(value)) WHEN 'true' THEN 1 WHEN 'false' THEN 0 ELSE \(value) END END"
        case .time: return time(value, type, times)
        }
    }

    private static let dateShape =
        "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9][T ][0-9][0-9]:[0-9][0-9]:[0-9][0-9]"

    private static func time(_ value: String, _ type: String, _ times: TimeForm) -> String {
        let form = "'%Y-%m-%dT%H:%M:%SZ'"
        switch times {
        case .iso8601, .zulu:
            return
                "CASE WHEN \(value) GLOB '\(dateShape)*Z' OR \(value) GLOB '\(dateShape)*[+-][0-9][0-9]:[0-9][0-9]'"
                + " THEN strftime(\(form),\(value)) END"
        case .japan:
            return "CASE WHEN \(value) GLOB '\(dateShape)' THEN strftime(\(form),\(value),'-9 hours') END"
        case .utc:
            // SQLite takes a time without a zone for UTC.
            return
                "CASE WHEN \(value) GLOB '\(dateShape)' OR \(value) GLOB '\(dateShape).*[0-9]'"
                + " OR \(value) GLOB '\(dateShape)*Z' OR \(value) GLOB '\(dateShape)*[+-][0-9][0-9]:[0-9][0-9]'"
                + " THEN strftime(\(form),\(value)) END"
        case .unix, .unixMilliseconds:
            // Some platforms write the number as a text.
            let divisor = times == .unix ? "" : "/1000"
            return
                "CASE WHEN \(type)='integer' OR (\(type)='text' AND \(value)<>'' AND \(value) NOT GLOB '*[^0-9]*')"
                + " THEN strftime(\(form),CAST(\(value) AS INTEGER)\(divisor),'unixepoch') END"
        }
    }
}
