/// One company that uses the app: who it is, its tokens, its records.
final class NextEngineAccount {
    let number: Int
    let company: String
    let companyName: String
    let user: String
    var tokens: NextEngineTokens
    private(set) var version = 1
    private var editCount = 0
    private let seeder: NextEngineSeeder
    var settings: Settings { didSet { forgetPages() } }
    private var tables: [String: RecordTable] = [:]
    let cache = PageCache()
    private var hits: [String: [Int]] = [:]

    init(number: Int, settings: Settings, now: Int) {
        self.number = number
        self.settings = settings
        let suffix = number == 1 ? "" : "-\(number)"
        company = "NE" + CivilTime.padded(number == 1 ? 42 : 42 + number, 7)
        companyName = number == 1 ? "Sakura Store" : "Sakura Store \(number)"
        user = "U-77" + suffix
        let seed = settings.seed &+ UInt64(number) &* 7919
        tokens = NextEngineTokens(suffix: suffix, seed: seed, now: now)
        seeder = NextEngineSeeder(settings: settings, seed: seed)
    }

    func isNamed(_ name: String?) -> Bool {
        guard let name else { return true }
        return name == company || name == user || name == "\(number)"
    }

    var cells: NextEngineCells {
        let orders = tables["orders"]
        let shared = SharedStock(settings, platform: "next-engine")
        return NextEngineCells(seed: seeder.seed, shared: shared) { orders?.row($0) }
    }

    /// The records of an entity, made when first asked for.
    func table(_ name: String) -> RecordTable? {
        if let table = tables[name] { return table }
        guard let entity = (NextEngineMasters.all + NextEngineMovements.all).first(where: { $0.name == name })
        else {
            return nil
        }
        let orders = name == "order_rows" ? table("orders")?.rows ?? [] : []
        let table = RecordTable(rows: seeder.rows(of: entity.name, orders: orders))
        tables[name] = table
        return table
    }

    /// Positions of the records that meet the conditions, remembered by `name`.
    func hits(_ name: String, find: () -> [Int]) -> [Int] {
        if let found = hits[name] { return found }
        if hits.count > 256 { hits.removeAll() }
        let found = find()
        hits[name] = found
        return found
    }

    func forgetPages() {
        cache.removeAll()
        hits.removeAll()
    }

    /// Versions of the tables made so far, by name.
    var versions: [(String, Int)] { tables.map { ($0.key, $0.value.version) }.sorted { $0.0 < $1.0 } }

    /// Inserts, changes and removes records; which ones follows from the seed and the number of edits so far.
    func edit(_ name: String, _ plan: EditPlan, now: Int) -> Bool {
        guard let table = table(name) else { return false }
        let lines = name == "orders" ? self.table("order_rows") : nil
        editCount += 1
        version += 1
        var mixer = Mixer(seed: seeder.seed, Mixer.salt("edit"), editCount)
        table.edit(plan, now: now, &mixer) { lines?.remove(first: $0) }
        for _ in 0..<plan.insert {
            let newest = table.rows.last
            let identifier = (newest?.identifier ?? 0) + (name == "order_rows" ? 100 : 1)
            var row = RecordRow(identifier: identifier, created: now, updated: now)
            row.first = newest?.first ?? 1
            row.second = name == "warehouse_stock" ? (newest?.second ?? 0) + 1 : 1 + mixer.next(100)
            table.insert(row)
            for line in lines == nil ? [] : seeder.lines(of: row) { lines?.insert(line) }
        }
        forgetPages()
        return true
    }
}
