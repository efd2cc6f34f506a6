/// Makes the first records of a company's tables.
struct NextEngineSeeder {
    let settings: Settings
    let seed: UInt64
    /// The newest goods, orders and so on that references may point to.
    var goodsCount: Int { settings.count(120, factor: 4) }
    var orderCount: Int { settings.count(250, factor: 1) }
    var shopCount: Int { settings.count(30, factor: 0.01, atMost: 500) }
    var supplierCount: Int { settings.count(15, factor: 0.01, atMost: 500) }

    private static let firstOrder = 100_001

    /// The rows of an entity; order rows follow from `orders`.
    func rows(of entity: String, orders: [RecordRow]) -> [RecordRow] {
        switch entity {
        case "shops":
            return numbered(1...shopCount, entity) { row, mixer in
                row.first = mixer.chance(40) ? 90 : 1 + mixer.next(11)
                row.isDeleted = mixer.chance(12)
            }
        case "malls":
            return numbered(1...11, entity) { row, mixer in row.isDeleted = mixer.chance(10) }
                + numbered(90...90, entity) { _, _ in }
        case "goods":
            return numbered(1...goodsCount, entity) { $0.first = 1 + $1.next(supplierCount) }
        case "stock": return numbered(1...goodsCount, entity) { $0.isDeleted = $1.chance(3) }
        case "suppliers": return numbered(1...supplierCount, entity) { $0.isDeleted = $1.chance(10) }
        case "orders":
            return numbered(Self.firstOrder...(Self.firstOrder + orderCount - 1), entity) {
                $0.first = 1 + $1.next(shopCount)
                $0.isDeleted = $1.chance(2)
            }
        case "order_rows": return orders.flatMap { lines(of: $0) }
        case "set_goods": return sets()
        case "warehouses": return numbered(0...2, entity) { _, _ in }
        case "warehouse_stock": return warehouseStock()
        case "stock_movements":
            return numbered(1...settings.count(180, factor: 1), entity) {
                $0.first = 1 + $1.next(shopCount)
                $0.second = 1 + $1.next(goodsCount)
            }
        default: return []
        }
    }

    /// One to five lines of an order; their keys are the order's with two more digits.
    func lines(of order: RecordRow) -> [RecordRow] {
        var mixer = Mixer(seed: seed, Mixer.salt("lines"), order.identifier)
        let count = 1 + mixer.next(4) + (mixer.chance(10) ? 1 : 0)
        return (1...count).map { number in
            RecordRow(
                identifier: order.identifier * 100 + number, first: order.identifier,
                second: 1 + mixer.next(goodsCount), created: order.created, updated: order.updated)
        }
    }

    private func numbered(
        _ range: ClosedRange<Int>, _ name: String, _ adjust: (inout RecordRow, inout Mixer) -> Void
    ) -> [RecordRow] {
        let salt = Mixer.salt(name)
        let span = 63_072_000
        let step = Double(span) / Double(range.count + 1)
        return range.map { identifier in
            var mixer = Mixer(seed: seed, salt, identifier)
            let place = Int(Double(identifier - range.lowerBound) * step)
            let created = settings.dataEnd - span + place + mixer.next(max(1, Int(step)))
            var row = RecordRow(identifier: identifier, created: created, updated: created)
            if mixer.chance(60) { row.updated = created + mixer.next(max(1, settings.dataEnd - created)) }
            adjust(&row, &mixer)
            return row
        }
    }

    private func sets() -> [RecordRow] {
        let parts = numbered(1...max(1, goodsCount / 20), "set_goods") { _, _ in }
        return parts.flatMap { set in
            var mixer = Mixer(seed: seed, Mixer.salt("parts"), set.identifier)
            let start = 1 + mixer.next(goodsCount)
            return (0..<(2 + mixer.next(3))).map { number in
                RecordRow(
                    identifier: set.identifier * 100 + number, first: set.identifier, second: start + number,
                    created: set.created, updated: set.updated)
            }
        }
    }

    private func warehouseStock() -> [RecordRow] {
        (0...1).flatMap { warehouse in
            numbered(1...goodsCount, "warehouse_stock \(warehouse)") { _, _ in }.map { row in
                RecordRow(
                    identifier: warehouse * 1_000_000_000 + row.identifier, first: warehouse,
                    second: row.identifier, created: row.created, updated: row.updated)
            }
        }
    }
}
