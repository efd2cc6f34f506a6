/// Makes the first records of a store.
struct ShoplineSeeder {
    let store: ShoplineStore
    /// Smart collections share the id space of the custom ones.
    static let firstSmart = 500_000

    /// The rows of a kind; `nil` when there is no such kind.
    func rows(of name: String) -> [RecordRow]? {
        let settings = store.settings
        switch name {
        case "products": return numbered(store.productCount, name)
        case "orders":
            return numbered(settings.count(250, factor: 1), name) {
                $0.first = 1 + $1.next(store.customerCount)
            }
        case "customers": return numbered(store.customerCount, name)
        case "custom_collections": return numbered(settings.count(60, factor: 0.002), name)
        case "smart_collections":
            return numbered(settings.count(12, factor: 0.001), name, from: Self.firstSmart)
        case "collects":
            return numbered(settings.count(150, factor: 0.25), name) { row, mixer in
                row.first = store.base + 1 + mixer.next(store.productCount)
                row.second = store.base + 1 + mixer.next(settings.count(60, factor: 0.002))
            }
        case "abandoned_orders": return numbered(settings.count(45, factor: 0.02), name)
        case "payments_transactions": return numbered(settings.count(260, factor: 1), name)
        case "payments_payouts": return numbered(settings.count(120, factor: 0.01), name)
        case "locations": return numbered(3, name)
        case "webhooks": return numbered(4, name)
        default: return nil
        }
    }

    private func numbered(
        _ count: Int, _ name: String, from first: Int = 0,
        _ adjust: (inout RecordRow, inout Mixer) -> Void = { _, _ in }
    ) -> [RecordRow] {
        let salt = Mixer.salt(name)
        let span = 46_656_000
        let end = store.settings.dataEnd
        let step = Double(span) / Double(count + 1)
        return (0..<count).map { position in
            let identifier = store.base + first + position + 1
            var mixer = Mixer(seed: store.seed, salt, identifier)
            let created = end - span + Int(Double(position) * step) + mixer.next(max(1, Int(step)))
            var row = RecordRow(identifier: identifier, created: created, updated: created)
            if mixer.chance(70) {
                let reach = mixer.chance(80) ? min(1_209_600, end - created) : end - created
                row.updated = created + mixer.next(max(1, reach - 1))
            }
            adjust(&row, &mixer)
            return row
        }
    }
}
