/// One shop: its tokens and its records.
final class ShoplineStore {
    let number: Int
    let handle: String
    let seed: UInt64
    /// First number of this store's records, so that ids never repeat across stores.
    let base: Int
    var grant: ShoplineGrant
    var bucket = ShoplineBucket()
    var settings: Settings { didSet { cache.removeAll() } }
    let cache = PageCache()
    private(set) var version = 1
    private(set) var inventoryRevision = 0
    private var editCount = 0
    private var tables: [String: RecordTable] = [:]
    private var hits: [String: [Int]] = [:]

    init(number: Int, settings: Settings, now: Int) {
        self.number = number
        self.settings = settings
        handle = "open" + CivilTime.padded(number, 3)
        seed = settings.seed &+ UInt64(number) &* 104_729
        base = (number - 1) * 1_000_000_000_000
        grant = ShoplineGrant(handle: handle, storeNumber: number, seed: seed, now: now)
    }

    /// Stores with an even number do not use the platform's payments.
    var hasPayments: Bool { number % 2 == 1 }

    var productCount: Int { settings.count(120, factor: shared == nil ? 0.2 : 4) }
    var shared: SharedStock? { SharedStock(settings, platform: "shopline") }
    var customerCount: Int { settings.count(140, factor: 0.5) }

    /// The records of a kind, made when first asked for.
    func table(_ name: String) -> RecordTable? {
        if let table = tables[name] { return table }
        guard let rows = ShoplineSeeder(store: self).rows(of: name) else { return nil }
        let table = RecordTable(rows: rows)
        tables[name] = table
        return table
    }

    func hits(_ name: String, find: () -> [Int]) -> [Int] {
        if let found = hits[name] { return found }
        if hits.count > 256 { hits.removeAll() }
        let found = find()
        hits[name] = found
        return found
    }

    /// Whether a product is listed in a collection.
    func isMember(product: Int, of collection: Int) -> Bool {
        table("collects")?.rows.contains { $0.first == product && $0.second == collection } ?? false
    }

    var versions: [(String, Int)] { tables.map { ($0.key, $0.value.version) }.sorted { $0.0 < $1.0 } }

    /// Inserts, changes and removes records, see `NextEngineAccount.edit`.
    func edit(_ name: String, _ plan: EditPlan, now: Int) -> Bool {
        let isStock = name == "inventory_levels" || name == "inventory_items"
        guard isStock || table(name) != nil else { return false }
        editCount += 1
        version += 1
        hits.removeAll()
        cache.removeAll()
        guard !isStock, let table = table(name) else {
            inventoryRevision += 1
            return true
        }
        var mixer = Mixer(seed: seed, Mixer.salt("edit"), editCount)
        table.edit(plan, now: now, &mixer)
        for _ in 0..<plan.insert {
            let newest = table.rows.last
            var row = RecordRow(identifier: (newest?.identifier ?? base) + 1, created: now, updated: now)
            row.first = base + 1 + mixer.next(productCount)
            row.second = newest?.second ?? 0
            table.insert(row)
        }
        return true
    }
}
