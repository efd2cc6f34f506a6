/// The view that compares stock by SKU.
///
/// A SKU is matched exactly first, then by the key that the config's rule makes. Only single items are matched: what
/// stands twice on a side is listed as ambiguous, since adding up what may be one pile counted twice would invent a
/// difference. Every part walks one side and looks the other one up in an index.
struct StockDifferences {
    static let name = "stock_differences"

    private let kept: Platform
    private let sold: Platform

    /// - Returns: nil unless there is a platform for each side.
    init?(_ platforms: [Platform]) {
        guard let kept = platforms.first(where: { $0.stock?.side == .kept }),
            let sold = platforms.first(where: { $0.stock?.side == .sold })
        else { return nil }
        self.kept = kept
        self.sold = sold
    }

    var statement: String {
        let names = sides("connection").map { String($0) }
        let columns = ["sku", "match", "difference"] + names
        let both = ["sku", "items", "available", "updated_at", "pulled_at"].flatMap { sides($0) }
        let shown =
            [
                "r.sku", "r.match",
                "CASE WHEN r.match IN ('exact','rule') THEN r.kept_available-r.sold_available END", "r.kept",
                "r.sold",
            ] + ["sku", "items", "available", "updated_at"].flatMap { ["r.kept_\($0)", "r.sold_\($0)"] }
            + [pulled("kept"), pulled("sold")]
        return "CREATE VIEW \(Self.name)(\((columns + both).joined(separator: ", "))) AS SELECT "
            + "\(shown.joined(separator: ", ")) FROM (\(found)) r"
    }

    /// A column's name on both sides: `next_engine_available`, `shopline_available`.
    private func sides(_ name: String) -> [String] { [kept, sold].map { "\($0.tablePrefix)_\(name)" } }

    /// When the figures were last asked for with success: a row that stayed the same is not written again.
    private func pulled(_ side: String) -> String {
        "(SELECT y.last_success_at FROM \(StockTable.sides) z JOIN sync_state y ON y.connection=z.connection"
            + " AND y.resource=z.resource WHERE z.connection=r.\(side))"
    }

    private var found: String {
        [exact, rule, alone("kept", other: "sold"), alone("sold", other: "kept")].joined(
            separator: " UNION ALL ")
    }

    private let table = StockTable.skus
    private let figures = ["sku", "items", "available", "updated_at"]

    private func figures(_ alias: String, as side: String) -> String {
        figures.map { "\(alias).\($0) AS \(side)_\($0)" }.joined(separator: ", ")
    }

    private var exact: String {
        "SELECT p.kept AS kept, p.sold AS sold, a.sku AS sku,"
            + " iif(a.items=1 AND b.items=1, 'exact', 'ambiguous') AS match,"
            + " \(figures("a", as: "kept")), \(figures("b", as: "sold")) FROM \(StockTable.pairs) p"
            + " CROSS JOIN \(table) a ON a.connection=p.kept CROSS JOIN \(table) b ON b.connection=p.sold AND b.sku=a.sku"
            + " WHERE a.sku<>'' AND (a.available IS NOT b.available OR a.items>1 OR b.items>1)"
    }

    private var rule: String {
        "SELECT p.kept, p.sold, a.sku, 'rule', \(figures("a", as: "kept")), \(figures("b", as: "sold"))"
            + " FROM \(StockTable.pairs) p CROSS JOIN \(table) a ON a.connection=p.kept"
            + " CROSS JOIN \(table) b INDEXED BY \(table)_key ON b.connection=p.sold AND b.key=a.key"
            + " WHERE a.key<>'' AND \(noTwin("p.sold")) AND b.sku<>a.sku AND a.available IS NOT b.available"
            + " AND \(count("p.kept"))=1 AND \(count("p.sold"))=1"
    }

    /// What has no partner: alone, or one of several that the rule takes for the same.
    private func alone(_ side: String, other: String) -> String {
        let nothing = figures.map { "NULL AS \(other)_\($0)" }.joined(separator: ", ")
        let own = figures("a", as: side)
        let both = side == "kept" ? "\(own), \(nothing)" : "\(nothing), \(own)"
        let prefix = side == "kept" ? kept.tablePrefix : sold.tablePrefix
        return
            "SELECT p.kept, p.sold, a.sku, iif(\(count("p.\(other)"))>0, 'ambiguous', 'only_\(prefix)'), \(both)"
            + " FROM \(StockTable.pairs) p CROSS JOIN \(table) a ON a.connection=p.\(side)"
            + " WHERE \(noTwin("p.\(other)"))"
            + " AND NOT (\(count("p.\(other)"))=1 AND \(count("p.\(side)"))=1)"
    }

    /// The other side does not have the same SKU; asked first, since it is cheap and mostly settles it.
    private func noTwin(_ connection: String) -> String {
        "NOT EXISTS(SELECT 1 FROM \(table) x WHERE x.connection=\(connection) AND x.sku=a.sku AND a.sku<>'')"
    }

    /// How many items a connection has with the key of `a`, as far as 2.
    private func count(_ connection: String) -> String {
        "(SELECT coalesce(sum(n),0) FROM (SELECT x.items AS n FROM \(table) x INDEXED BY \(table)_key"
            + " WHERE x.connection=\(connection) AND x.key=a.key AND a.key<>'' LIMIT 2))"
    }
}
