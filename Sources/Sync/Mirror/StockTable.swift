import SQLite

/// The figures of a connection's stock by SKU, kept beside the records so that comparing them reads no payload.
///
/// Two tables: items with their SKU and figure, and their sums by SKU with the key that the config's rule makes.
/// Only what changed since the last time is read again.
struct StockTable {
    static let items = "stock_items"
    static let skus = "stock_skus"
    static let sides = "stock_sides"
    static let pairs = "stock_pairs"

    static func make(in database: Database) throws(SQLiteError) {
        try database.execute(
            """
            CREATE TABLE IF NOT EXISTS \(items)(connection TEXT NOT NULL, item TEXT NOT NULL, sku TEXT NOT NULL,
              record TEXT NOT NULL, available NUMERIC, updated_at TEXT, PRIMARY KEY(connection, item)) WITHOUT ROWID;
            CREATE INDEX IF NOT EXISTS \(items)_record ON \(items)(connection, record);
            CREATE INDEX IF NOT EXISTS \(items)_sku ON \(items)(connection, sku);
            CREATE TABLE IF NOT EXISTS \(skus)(connection TEXT NOT NULL, sku TEXT NOT NULL, key TEXT NOT NULL,
              items INTEGER NOT NULL, available NUMERIC, updated_at TEXT, PRIMARY KEY(connection, sku)) WITHOUT ROWID;
            CREATE INDEX IF NOT EXISTS \(skus)_key ON \(skus)(connection, key, items);
            CREATE TABLE IF NOT EXISTS \(sides)(connection TEXT PRIMARY KEY, resource TEXT NOT NULL,
              filled_run TEXT NOT NULL, settings TEXT NOT NULL) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS \(pairs)(kept TEXT NOT NULL, sold TEXT NOT NULL, PRIMARY KEY(kept, sold))
              WITHOUT ROWID;
            """)
    }

    let connection: String
    let source: StockSource
    let platform: Platform
    let database: Database

    private let itemsTable: String
    private let levelsTable: String
    private let isOneTable: Bool

    /// - Returns: nil where the platform declares no such resources.
    init?(_ connection: String, on platform: Platform, in database: Database) {
        guard let source = platform.stock, let items = platform.resource(named: source.items),
            let levels = platform.resource(named: source.levels)
        else { return nil }
        self.connection = connection
        self.source = source
        self.platform = platform
        self.database = database
        itemsTable = "\(MirrorSchema.view(of: items, on: platform))_data"
        levelsTable = "\(MirrorSchema.view(of: levels, on: platform))_data"
        isOneTable = levels.key.count == 1
    }

    /// Reads again what changed since the last time; everything, where the rule changed.
    func fill(_ rule: StockSettings, run: String) throws {
        let known = try state()
        let isSame = known?.settings == rule.fingerprint
        let last = isSame ? known?.run ?? "" : ""
        guard try !isSame || hasChanged(since: last) else { return }
        if !isSame { try forget() }
        try database.execute(
            "CREATE TABLE IF NOT EXISTS temp.stock_touched(sku TEXT PRIMARY KEY) WITHOUT ROWID;"
                + "DELETE FROM temp.stock_touched")
        try readItems(since: last)
        try readLevels(since: last)
        try sum(rule)
        try self.run(
            "INSERT INTO \(Self.sides)(connection, resource, filled_run, settings) VALUES(?1, ?2, ?3, ?4)"
                + " ON CONFLICT DO UPDATE SET resource=?2, filled_run=?3, settings=?4",
            [connection, source.levels, run, rule.fingerprint])
    }

    private func state() throws(SQLiteError) -> (run: String, settings: String)? {
        let statement = try database.cached(
            "SELECT filled_run, settings FROM \(Self.sides) WHERE connection=?1")
        defer { statement.reset() }
        try statement.bind(connection, at: 1)
        return try statement.step() ? (statement.text(at: 0) ?? "", statement.text(at: 1) ?? "") : nil
    }

    private func hasChanged(since last: String) throws(SQLiteError) -> Bool {
        for table in [itemsTable, levelsTable] {
            let statement = try database.cached(
                "SELECT 1 FROM \(table) WHERE changed_run>?2 AND connection=?1 LIMIT 1")
            defer { statement.reset() }
            try statement.bind(connection, at: 1)
            try statement.bind(last, at: 2)
            if try statement.step() { return true }
        }
        return false
    }

    private func forget() throws(SQLiteError) {
        for table in [Self.items, Self.skus] {
            try run("DELETE FROM \(table) WHERE connection=?1", [connection])
        }
    }

    // MARK: Items

    private var changedRecords: String {
        "(SELECT id FROM \(itemsTable) WHERE connection=?1 AND changed_run>?2)"
    }

    /// Items of records that changed, their figures left for `readLevels`.
    private func readItems(since last: String) throws(SQLiteError) {
        try touch("record IN \(changedRecords)", last)
        try run(
            "DELETE FROM \(Self.items) WHERE connection=?1 AND record IN \(changedRecords)",
            [connection, last])
        let json = source.list == nil ? "d.payload" : "l.value"
        let item = MirrorSchema.expression(source.item, json, platform.times)
        let sku = MirrorSchema.expression(source.sku, json, platform.times)
        let elements = source.list.map { ", json_each(d.payload, \(SQLName.jsonPath($0))) l" } ?? ""
        let isElement = source.list == nil ? "" : " AND l.type='object'"
        try run(
            "INSERT OR REPLACE INTO \(Self.items)(connection, item, sku, record)"
                + " SELECT ?1, \(item) AS item, coalesce(\(sku), ''), d.id FROM \(itemsTable) d\(elements)"
                + " WHERE d.connection=?1 AND d.changed_run>?2 AND d.deleted_at IS NULL AND item<>''\(isElement)"
                + (source.list == nil ? live("d.payload") : ""),
            [connection, last])
    }

    private func live(_ json: String) -> String {
        guard let (flag, values) = source.live else { return "" }
        let words = values.map { SQLName.literal($0) }.joined(separator: ",")
        return " AND coalesce(\(MirrorSchema.expression(flag, json, platform.times)), '') IN ('',\(words))"
    }

    // MARK: Figures

    /// Sums the figures of every item whose record or figure changed; one that cannot be read makes the sum NULL.
    private func readLevels(since last: String) throws(SQLiteError) {
        let available = JointViewSQL.number(
            MirrorSchema.expression(source.available, "v.payload", platform.times))
        let key = "replace(replace(\(Self.items).item,'%','%25'),'/','%2F')"
        // Rows of an item stand side by side in the index on (connection, id): '0' follows '/'.
        let rows = isOneTable ? "v.id=\(Self.items).item" : "v.id>\(key)||'/' AND v.id<\(key)||'0'"
        let first = isOneTable ? "id" : "substr(id, 1, instr(id, '/')-1)"
        let named = "replace(replace(\(first),'%2F','/'),'%25','%')"
        let changed =
            "(record IN \(changedRecords) OR item IN (SELECT \(isOneTable ? "id" : named) FROM \(levelsTable)"
            + " WHERE connection=?1 AND changed_run>?2))"
        try run(
            "UPDATE \(Self.items) SET (available, updated_at)=(SELECT iif(count(*)=count(a), sum(a), NULL), max(u)"
                + " FROM (SELECT \(available) AS a, v.updated_at AS u FROM \(levelsTable) v WHERE v.connection=?1"
                + " AND \(rows) AND v.deleted_at IS NULL)) WHERE connection=?1 AND \(changed)",
            [connection, last])
        try touch(changed, last)
    }

    private func touch(_ condition: String, _ last: String) throws(SQLiteError) {
        try run(
            "INSERT OR IGNORE INTO temp.stock_touched SELECT sku FROM \(Self.items) WHERE connection=?1 AND \(condition)",
            [connection, last])
    }

    // MARK: SKUs

    private func sum(_ rule: StockSettings) throws(SQLiteError) {
        try run(
            "DELETE FROM \(Self.skus) WHERE connection=?1 AND sku IN (SELECT sku FROM temp.stock_touched)",
            [connection])
        let sums = try database.cached(
            "SELECT t.sku, count(*), iif(count(*)=count(i.available), sum(i.available), NULL), max(i.updated_at)"
                // Without statistics SQLite would read all of the connection's items for each SKU.
                + " FROM temp.stock_touched t CROSS JOIN \(Self.items) i INDEXED BY \(Self.items)_sku"
                + " ON i.connection=?1 AND i.sku=t.sku GROUP BY t.sku"
        )
        defer { sums.reset() }
        try sums.bind(connection, at: 1)
        let insertion = try database.cached(
            "INSERT INTO \(Self.skus)(connection, sku, key, items, available, updated_at) VALUES(?1, ?2, ?3, ?4, ?5, ?6)"
        )
        try insertion.bind(connection, at: 1)
        while try sums.step() {
            let sku = sums.text(at: 0) ?? ""
            try insertion.bind(sku, at: 2)
            try insertion.bind(rule.key(of: sku), at: 3)
            try insertion.bind(sums.int64(at: 1), at: 4)
            // As text, which the column's affinity makes a number again.
            try insertion.bind(sums.text(at: 2), at: 5)
            try insertion.bind(sums.text(at: 3), at: 6)
            try insertion.run()
        }
    }

    private func run(_ sql: String, _ values: [String]) throws(SQLiteError) {
        let statement = try database.cached(sql)
        for (index, value) in values.enumerated() { try statement.bind(value, at: Int32(index + 1)) }
        try statement.run()
    }
}
