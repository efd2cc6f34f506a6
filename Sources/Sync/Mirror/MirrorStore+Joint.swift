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
        let tables = try dataTables()
        let maker = JointViewSQL(platforms: platforms, tables: tables)
        for view in JointView.allCases { try replaceView(view.rawValue, maker.statement(view)) }
        if let differences = StockDifferences(platforms) {
            try replaceView(StockDifferences.name, differences.statement)
        }
    }

    private func dataTables() throws(SQLiteError) -> Set<String> {
        let statement = try database.cached(
            "SELECT name FROM sqlite_master WHERE type='table' AND name LIKE '%\\_data' ESCAPE '\\'")
        defer { statement.reset() }
        var names: Set<String> = []
        while try statement.step() { names.insert(statement.text(at: 0) ?? "") }
        return names
    }

    /// Makes the indexes for questions by time, once a full pull has brought the table's rows.
    ///
    /// Built afterwards they cost a fraction of what they would cost during the first load.
    func indexTimes(of resource: Resource, on platform: Platform) throws(Problem) {
        let isAsked = platform.joint.contains { $0.resource == resource.name && $0.view.isAskedByTime }
        guard isAsked, !isDryRun, !platforms.isEmpty else { return }
        let table = "\(MirrorSchema.view(of: resource, on: platform))_data"
        guard try read({ try schema("index", "\(table)_created") }) == nil else { return }
        try sortingInFiles { () throws(Problem) in
            try write {
                try database.execute(
                    "CREATE INDEX \(table)_created ON \(table)(created_at);"
                        + "CREATE INDEX IF NOT EXISTS \(table)_connection_created ON \(table)(connection, created_at)"
                )
            }
        }
    }
}
