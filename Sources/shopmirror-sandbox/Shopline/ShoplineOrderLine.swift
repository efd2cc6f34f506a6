/// One line of an order.
struct ShoplineOrderLine {
    /// Unique within the order only.
    let number: Int
    let product: Int
    let quantity: Int
    let price: Int
    let title: String
    let fulfillment: String?

    func write(into json: inout JSONText, _ store: ShoplineStore) {
        var mixer = Mixer(seed: store.seed, 27, product, number)
        json.object { json in
            json.member("id", "\(number)")
            json.member("product_id", ShoplineIdentifier.products.text(product))
            json.member("variant_id", ShoplineIdentifier.variants.text(product * 10 + 1))
            json.member("sku", mixer.chance(10) ? "" : "SL-\(product % 1_000_000)-1")
            json.member("title", title)
            json.member("variant_title", mixer.pick(Words.colours) + "/" + mixer.pick(Words.sizes))
            json.member("quantity", quantity)
            json.member("price", ShoplineStamp.money(price, &mixer))
            json.member("fulfillable_quantity", fulfillment == "fulfilled" ? 0 : quantity)
            json.member("fulfillment_status", fulfillment)
            json.member("location_id", ShoplineIdentifier.locations.text(store.base + 1))
            json.member("gift_card", false)
            json.member("requires_shipping", true)
            json.member("taxable", true)
            json.array("tax_lines") { _ in }
            json.array("discount_allocations") { _ in }
            json.array("properties") { json in
                guard mixer.chance(15) else { return }
                json.object {
                    $0.member("name", "刻字")
                    $0.member("value", "平安 \"喜樂\" \\o/")
                }
            }
        }
    }
}
