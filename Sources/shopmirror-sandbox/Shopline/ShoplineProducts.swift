/// Writes products with their variants, and the inventory behind them.
struct ShoplineProducts {
    let store: ShoplineStore
    private let shared: SharedStock?

    init(store: ShoplineStore) {
        self.store = store
        shared = store.shared
    }

    static func status(_ row: RecordRow, seed: UInt64) -> String {
        var mixer = Mixer(seed: seed, 31, row.identifier)
        return row.isDeleted
            ? "archived" : mixer.pick(["active", "active", "active", "active", "draft", "archived"])
    }

    /// Numbers of the variants; an update may add or remove the last one.
    func variants(of row: RecordRow) -> [Int] {
        if shared != nil { return [row.identifier * 10 + 1] }
        var mixer = Mixer(seed: store.seed, 32, row.identifier)
        let count = 1 + mixer.next(4) + row.revision % 2
        return (1...count).map { row.identifier * 10 + $0 }
    }

    func write(_ row: RecordRow, into record: inout ShoplineRecord) {
        let stamp = ShoplineStamp(row, seed: store.seed)
        var mixer = Mixer(seed: store.seed, 33, row.identifier)
        let id = ShoplineIdentifier.products.text(row.identifier)
        let title = mixer.pick(Words.chineseGoods) + " \(row.identifier % 1_000_000)"
        let number = row.identifier % 1_000_000
        record.object { record in
            record.text("id", id)
            record.text("title", title + (row.revision > 0 ? " 改\(row.revision)" : ""))
            record.text("handle", "item-\(number)")
            record.text("subtitle", mixer.chance(40) ? "" : "新品上市 / 限量")
            record.text(
                "body_html",
                "<p>" + mixer.pick(Words.chineseGoods) + "</p><br/>\n" + mixer.pick(Words.chineseNotes))
            record.text("vendor", mixer.pick(Words.brands))
            record.text("spu", mixer.chance(50) ? "" : "SPU\(number)")
            record.text("path", "/products/item-\(number)")
            record.text("product_category", mixer.pick(["", "茶", "生活用品"]))
            record.text("published_scope", "web")
            record.text("status", Self.status(row, seed: store.seed))
            record.text("product_type", "NORMAL")
            let tags = mixer.pick(["", "茶,禮盒", "新品"])
            // Most lists of tags are one string; a few come as an array.
            if number % 9 == 0 {
                record.field("tags") { $0.array { $0.string("陣列") } }
            } else {
                record.text("tags", tags)
            }
            record.field("image") { image(row, into: &$0) }
            record.field("images") { json in json.array { image(row, into: &$0) } }
            record.field("options") { options(id, into: &$0) }
            record.field("variants") { json in
                json.array { json in
                    for number in variants(of: row) { writeVariant(number, of: row, into: &json) }
                }
            }
            record.text("published_at", mixer.chance(20) ? nil : stamp.text(row.created))
            record.text("created_at", stamp.text(row.created))
            record.text("updated_at", stamp.text(row.updated))
        }
    }

    private func options(_ id: String, into json: inout JSONText) {
        json.array { json in
            json.object {
                $0.member("id", id + "1")
                $0.member("name", "顏色")
                $0.member("product_id", id)
                $0.member("values", Words.colours)
            }
        }
    }

    func writeVariant(_ number: Int, of row: RecordRow, into json: inout JSONText) {
        var mixer = Mixer(seed: store.seed, 34, number, row.revision)
        json.object { json in
            json.member("id", ShoplineIdentifier.variants.text(number))
            json.member("product_id", ShoplineIdentifier.products.text(row.identifier))
            json.member("title", mixer.pick(Words.colours))
            json.member("sku", sku(number, of: row))
            json.member("barcode", mixer.chance(50) ? "" : "471\(number % 10_000_000)")
            json.member("price", ShoplineStamp.money((1 + mixer.next(300)) * 110, &mixer))
            json.member("compare_at_price", mixer.chance(60) ? nil : ShoplineStamp.money(99_900, &mixer))
            json.member("weight", "0.5")
            json.member("weight_unit", "kg")
            json.member("inventory_item_id", ShoplineIdentifier.inventoryItems.text(number))
            json.member("inventory_quantity", mixer.next(80))
            json.member("inventory_policy", "deny")
            json.member("inventory_tracker", true)
            json.member("required_shipping", true)
            json.member("taxable", true)
            json.member("option1", mixer.pick(Words.colours))
            json.member("option2", nil)
            json.member("position", number % 10)
        }
    }

    func sku(_ number: Int, of row: RecordRow) -> String {
        shared?.sku(row.identifier - store.base) ?? "SL-\(row.identifier % 1_000_000)-\(number % 10)"
    }

    /// What a location has, where another platform has the same stock: all of it is at the first one.
    func available(of row: RecordRow, at location: Int) -> Int? {
        shared.map { location == store.base + 1 ? $0.figure(row.identifier - store.base) : 0 }
    }

    /// The product an inventory item belongs to, if both exist.
    func product(ofItem number: Int) -> RecordRow? {
        guard let row = store.table("products")?.row(number / 10), variants(of: row).contains(number) else {
            return nil
        }
        return row
    }

    private func image(_ row: RecordRow, into json: inout JSONText) {
        json.object {
            $0.member("id", "img\(row.identifier)")
            $0.member("src", "https://img.example.invalid/\(row.identifier)/1.jpg?v=1&w=800")
            $0.member("alt", nil)
        }
    }
}
