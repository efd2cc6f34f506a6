/// Answers the inventory endpoints, which take ids and know neither pages nor times.
struct ShoplineInventory {
    private static let mostItems = 50
    private static let mostLocations = 10
    let store: ShoplineStore

    func items(_ values: [String: String]) throws(ShoplineRefusal) -> [UInt8] {
        let numbers = try Self.numbers(values["ids"], "ids", .inventoryItems, atMost: Self.mostItems)
        let products = ShoplineProducts(store: store)
        var json = JSONText(capacity: 16_384)
        json.object { json in
            json.array("inventory_items") { json in
                for number in numbers {
                    guard let row = products.product(ofItem: number) else { continue }
                    let stamp = ShoplineStamp(row, seed: store.seed)
                    var mixer = Mixer(seed: store.seed, 51, number, store.inventoryRevision)
                    json.object {
                        $0.member("id", ShoplineIdentifier.inventoryItems.text(number))
                        $0.member("variant_id", ShoplineIdentifier.variants.text(number))
                        $0.member("sku", products.sku(number, of: row))
                        $0.member("tracked", true)
                        $0.member(
                            "cost", mixer.chance(20) ? nil : ShoplineStamp.money(mixer.next(300) * 50, &mixer)
                        )
                        $0.member("required_shipping", true)
                        $0.member("created_at", stamp.text(row.created))
                        $0.member("updated_at", stamp.text(row.updated))
                    }
                }
            }
        }
        return json.bytes
    }

    func levels(_ values: [String: String]) throws(ShoplineRefusal) -> [UInt8] {
        let numbers = try Self.numbers(
            values["inventory_item_ids"], "inventory_item_ids", .inventoryItems, atMost: Self.mostItems)
        var wanted: Set<Int>?
        if let text = values["location_ids"] {
            wanted = Set(try Self.numbers(text, "location_ids", .locations, atMost: Self.mostLocations))
        }
        let products = ShoplineProducts(store: store)
        let locations = (store.table("locations")?.rows ?? []).map(\.identifier)
            .filter { wanted?.contains($0) ?? true }
        var json = JSONText(capacity: 16_384)
        json.object { json in
            json.array("inventory_levels") { json in
                for number in numbers {
                    guard let row = products.product(ofItem: number) else { continue }
                    let stamp = ShoplineStamp(row, seed: store.seed)
                    for location in locations {
                        var mixer = Mixer(seed: store.seed, 52, number, location)
                        // Not every item is kept everywhere.
                        guard location == store.base + 1 || mixer.chance(60) else { continue }
                        var moving = Mixer(
                            seed: store.seed, 53, number, location, row.revision, store.inventoryRevision)
                        json.object {
                            $0.member("inventory_item_id", ShoplineIdentifier.inventoryItems.text(number))
                            $0.member("location_id", ShoplineIdentifier.locations.text(location))
                            $0.member("variant_id", ShoplineIdentifier.variants.text(number))
                            $0.member(
                                "available", products.available(of: row, at: location) ?? moving.next(90) - 2)
                            $0.member("updated_at", stamp.text(row.updated))
                        }
                    }
                }
            }
        }
        return json.bytes
    }

    private static func numbers(
        _ text: String?, _ name: String, _ identifier: ShoplineIdentifier, atMost maximum: Int
    ) throws(ShoplineRefusal) -> [Int] {
        guard let text, !text.isEmpty else { throw .parameter("\(name) is required") }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count <= maximum else {
            throw ShoplineRefusal(status: 422, text: "\(name): at most \(maximum)")
        }
        guard parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } }) else {
            throw .parameter("\(name) is invalid")
        }
        return parts.compactMap { identifier.number(String($0)) }
    }
}
