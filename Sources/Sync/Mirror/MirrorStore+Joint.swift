import SQLite

/// The views over every platform, and the indexes that they are worth.
extension MirrorStore {
    /// Makes sure that the joint views are there and as declared now, whatever tables the mirror has.
    package func prepareJointViews() throws(Problem) {
        guard !platforms.isEmpty else { return }
        try write { try remakeJointViews() }
    }

    /// Remakes the views that a new table, or another declaration, changes.
    func remakeJointViews() throws {
        guard !platforms.isEmpty else { return }
        try StockTable.make(in: database)
        let tables = try names("type='table' AND name LIKE '%\\_data' ESCAPE '\\'")
        let maker = JointViewSQL(platforms: platforms, tables: tables)
        for view in JointView.allCases { try replaceView(view.rawValue, maker.statement(view)) }
        if let differences = StockDifferences(platforms) {
            try replaceView(StockDifferences.name, differences.statement)
        }
    }

    /// The names of what the schema has of a kind.
    private func names(_ condition: String) throws(SQLiteError) -> Set<String> {
        let statement = try database.cached("SELECT name FROM sqlite_master WHERE \(condition)")
        defer { statement.reset() }
        var names: Set<String> = []
        while try statement.step() { names.insert(statement.text(at: 0) ?? "") }
        return names
    }

    /// Makes the indexes for questions by time, once a full pull has brought the table's rows.
    ///
    /// Built afterwards they cost a fraction of what they would cost during the first load. The one that begins with the
    /// connection is for mirrors of several; where there is one, SQLite has to be told that its name finds nothing.
    func indexTimes(of resource: Resource, on platform: Platform) throws(Problem) {
        guard !isDryRun, !platforms.isEmpty else { return }
        let own = "\(MirrorSchema.view(of: resource, on: platform))_data"
        let asked = tablesByTime
        guard asked.contains(own) else { return }
        let present = try read { try names("type='index' OR name='sqlite_stat1'") }
        if !present.contains("\(own)_created") { try makeIndex(of: own, "created", "created_at") }
        let connections = "SELECT connection FROM sync_state UNION SELECT connection FROM pulls"
        guard try read({ try database.integer("SELECT count(*) FROM (\(connections))") }) != 1
        else { return try tellOfOneConnection(in: own, present) }
        // Another table may have had its first full pull when there was one connection.
        for table in asked where table == own || present.contains("\(table)_created") {
            guard !present.contains("\(table)_connection_created") else { continue }
            let told = "DELETE FROM sqlite_stat1 WHERE tbl='\(table)' AND stat='\(Self.oneConnection)'"
            try makeIndex(
                of: table, "connection_created", "connection, created_at",
                also: present.contains("sqlite_stat1") ? told : "")
        }
    }

    /// The tables behind the views that are asked by time, whether they exist or not.
    private var tablesByTime: Set<String> {
        var tables: Set<String> = []
        for platform in platforms {
            for rows in platform.joint where rows.view.isAskedByTime {
                guard let resource = platform.resource(named: rows.resource) else { continue }
                tables.insert("\(MirrorSchema.view(of: resource, on: platform))_data")
            }
        }
        return tables
    }

    private func makeIndex(
        of table: String, _ name: String, _ columns: String, also more: String = ""
    ) throws(Problem) {
        try sortingInFiles { () throws(Problem) in
            try write {
                try database.execute("CREATE INDEX \(table)_\(name) ON \(table)(\(columns)); \(more)")
            }
        }
    }

    /// What SQLite's planner reads of an index: so many rows, as many with the same connection, one with the same id.
    private static let oneConnection = "1000000 1000000 1"

    /// Without this SQLite takes a connection's name for a better clue than a time, and reads every row.
    private func tellOfOneConnection(in table: String, _ present: Set<String>) throws(Problem) {
        guard !present.contains("\(table)_connection_created") else { return }
        let isTold = try read {
            guard present.contains("sqlite_stat1") else { return false }
            return try database.integer("SELECT EXISTS(SELECT 1 FROM sqlite_stat1 WHERE tbl='\(table)')") == 1
        }
        if isTold { return }
        try write {
            // Makes the table of statistics; there is no other way.
            try database.execute("ANALYZE sqlite_schema")
            try database.execute(
                "INSERT INTO sqlite_stat1 VALUES('\(table)', 'sqlite_autoindex_\(table)_1', '\(Self.oneConnection)')"
            )
        }
    }
}
