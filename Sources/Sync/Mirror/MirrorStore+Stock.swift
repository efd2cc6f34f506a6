import SQLite

/// Stock of several connections, made comparable at the end of a run.
extension MirrorStore {
    /// Brings the figures by SKU up to date, and says which connections are compared.
    ///
    /// Only connections whose figures and SKUs were both pulled once take part: half of them would show every SKU of
    /// the other side as missing. Where no two can be compared, nothing is read at all.
    package func compareStock(of connections: [Connection], _ rule: StockSettings, run: String)
        throws(Problem)
    {
        guard !isDryRun, !platforms.isEmpty else { return }
        var able: [Connection] = []
        for connection in connections where try hasFigures(connection) { able.append(connection) }
        let pairs = pairs(of: able, rule)
        let wanted = Set(pairs.flatMap { [$0.kept, $0.sold] })
        let hasOld = try hasPairs()
        guard hasOld || !wanted.isEmpty else { return }
        try write {
            for connection in able where wanted.contains(connection.id) {
                try StockTable(connection.id, on: connection.platform, in: database)?.fill(rule, run: run)
            }
            try replacePairs(pairs)
        }
    }

    private func hasFigures(_ connection: Connection) throws(Problem) -> Bool {
        guard let stock = connection.platform.stock else { return false }
        for resource in [stock.items, stock.levels] {
            guard try state(connection: connection.id, resource: resource)?.lastSuccessAt != nil else {
                return false
            }
        }
        return true
    }

    private func pairs(of able: [Connection], _ rule: StockSettings) -> [StockSettings.Pair] {
        func ids(_ side: StockSource.Side) -> [String] {
            able.filter { $0.platform.stock?.side == side }.map(\.id)
        }
        let (kept, sold) = (ids(.kept), ids(.sold))
        guard let named = rule.pairs else {
            return kept.flatMap { kept in sold.map { StockSettings.Pair(kept: kept, sold: $0) } }
        }
        return named.filter { kept.contains($0.kept) && sold.contains($0.sold) }
    }

    private func hasPairs() throws(Problem) -> Bool {
        try read { try database.integer("SELECT count(*) FROM \(StockTable.pairs)") ?? 0 > 0 }
    }

    private func replacePairs(_ pairs: [StockSettings.Pair]) throws {
        let held = try database.cached("SELECT kept, sold FROM \(StockTable.pairs) ORDER BY kept, sold")
        var old: [StockSettings.Pair] = []
        while try held.step() {
            old.append(StockSettings.Pair(kept: held.text(at: 0) ?? "", sold: held.text(at: 1) ?? ""))
        }
        held.reset()
        guard old != pairs.sorted(by: { ($0.kept, $0.sold) < ($1.kept, $1.sold) }) else { return }
        try database.execute("DELETE FROM \(StockTable.pairs)")
        let insertion = try database.cached(
            "INSERT OR IGNORE INTO \(StockTable.pairs)(kept, sold) VALUES(?1, ?2)")
        for pair in pairs {
            try insertion.bind(pair.kept, at: 1)
            try insertion.bind(pair.sold, at: 2)
            try insertion.run()
        }
    }
}
