/// Writes orders, about two kilobytes each, and their nested lists.
struct ShoplineOrders {
    let store: ShoplineStore

    func write(_ row: RecordRow, into record: inout ShoplineRecord) {
        let facts = ShoplineOrderFacts(row, seed: store.seed)
        let stamp = ShoplineStamp(row, seed: store.seed)
        var mixer = Mixer(seed: store.seed, 23, row.identifier, row.revision)
        let lines = lines(of: row, facts)
        let subtotal = lines.reduce(0) { $0 + $1.price * $1.quantity }
        let total = facts.isCancelled ? 0 : subtotal + 6000
        record.object { record in
            record.text("id", ShoplineIdentifier.orders.text(row.identifier))
            record.text("name", "#\(1000 + row.identifier - store.base)")
            record.text("store_id", "17000000\(store.number)")
            record.text("checkout_id", mixer.chance(50) ? "" : "ck\(row.identifier)")
            record.text("status", facts.isCancelled ? "canceled" : "open")
            record.text("financial_status", facts.financialStatus)
            record.text("fulfillment_status", facts.fulfillmentStatus)
            record.flag("hidden_order", facts.isHidden)
            record.text("currency", "TWD")
            record.text("presentment_currency", "TWD")
            record.flag("taxes_included", true)
            writeAmounts(total, subtotal, facts, &mixer, into: &record)
            writeWords(row, &mixer, into: &record)
            writeTimes(row, facts, stamp, into: &record)
            record.field("customer") { customer(row, into: &$0) }
            record.field("line_items") { json in
                json.array { json in for line in lines { line.write(into: &json, store) } }
            }
            record.field("fulfillments") { fulfillments(row, facts, stamp, into: &$0) }
            record.field("refunds") { refunds(row, facts, stamp, into: &$0) }
            record.field("payment_details") { payments(row, total, facts, into: &$0) }
            record.field("transactions") { transactions(row, total, facts, stamp, into: &$0) }
            record.field("shipping_address") { address(row, into: &$0) }
            record.field("shipping_lines") { shipping(into: &$0) }
            record.field("discount_codes") { $0.array { _ in } }
            record.field("note_attributes") { $0.array { _ in } }
        }
    }

    private func writeAmounts(
        _ total: Int, _ subtotal: Int, _ facts: ShoplineOrderFacts, _ mixer: inout Mixer,
        into record: inout ShoplineRecord
    ) {
        record.text("current_total_price", ShoplineStamp.money(total, &mixer))
        record.text("current_subtotal_price", ShoplineStamp.money(subtotal, &mixer))
        record.text("current_total_tax", ShoplineStamp.money(subtotal / 21, &mixer))
        record.text("current_total_discounts", "0.00")
        let owed = facts.financialStatus == "paid" ? "0" : ShoplineStamp.money(total, &mixer)
        record.text("total_outstanding", owed)
        record.number("total_weight", 100 + mixer.next(4000))
        record.field("current_total_price_set") { moneySet(total, into: &$0) }
    }

    private func writeWords(_ row: RecordRow, _ mixer: inout Mixer, into record: inout ShoplineRecord) {
        record.text("email", "buyer\(row.first)@example.invalid")
        let phone = "+8869" + CivilTime.padded(mixer.next(100_000_000), 8)
        record.text("phone", mixer.chance(30) ? nil : phone)
        record.text("note", mixer.pick(Words.chineseNotes))
        record.text("buyer_note", mixer.pick(Words.chineseNotes))
        record.text("tags", mixer.pick(["", "VIP", "節慶,VIP", "批發"]))
        record.text("order_source", mixer.pick(["web", "pos", "api"]))
    }

    private func writeTimes(
        _ row: RecordRow, _ facts: ShoplineOrderFacts, _ stamp: ShoplineStamp,
        into record: inout ShoplineRecord
    ) {
        record.text("created_at", stamp.text(row.created))
        record.text("updated_at", stamp.text(row.updated))
        record.text("order_at", stamp.text(row.created))
        record.text("processed_at", stamp.text(row.created))
        record.text("cancelled_at", facts.isCancelled ? stamp.text(row.created + 1) : nil)
        record.text("cancel_reason", facts.isCancelled ? "customer" : "")
    }

    private func shipping(into json: inout JSONText) {
        json.array { json in
            json.object {
                $0.member("title", "宅配到府")
                $0.member("price", "60.0")
                $0.member("code", "home")
            }
        }
    }

    /// The refunds of an order, for their own endpoint too.
    func refunds(
        _ row: RecordRow, _ facts: ShoplineOrderFacts, _ stamp: ShoplineStamp, into json: inout JSONText
    ) {
        json.array { json in
            guard facts.financialStatus.hasSuffix("refunded") else { return }
            json.object { json in
                json.member("id", ShoplineIdentifier.refunds.text(row.identifier))
                json.member("order_id", ShoplineIdentifier.orders.text(row.identifier))
                json.member("created_at", stamp.text(row.updated))
                json.member("note", "瑕疵退款")
                json.array("refund_line_items") { json in
                    json.object {
                        $0.member("line_item_id", "1")
                        $0.member("quantity", 1)
                        $0.member("subtotal", "8")
                    }
                }
            }
        }
    }

    private func lines(of row: RecordRow, _ facts: ShoplineOrderFacts) -> [ShoplineOrderLine] {
        var mixer = Mixer(seed: store.seed, 24, row.identifier)
        let most = store.settings.switches["shopline.order-lines"].flatMap { Int($0) } ?? 3
        let count = min(1 + mixer.next(3), max(most, 1))
        // An updated order may have lost or won a line.
        return (0..<(count + row.revision % 2)).map { number in
            let product = store.base + 1 + mixer.next(store.productCount)
            return ShoplineOrderLine(
                number: number + 1, product: product, quantity: 1 + mixer.next(3),
                price: (1 + mixer.next(200)) * 110,
                title: mixer.pick(Words.chineseGoods), fulfillment: facts.fulfillmentStatus)
        }
    }

    private func moneySet(_ cents: Int, into json: inout JSONText) {
        let amount = "\(cents / 100)." + CivilTime.padded(cents % 100, 2)
        json.object { json in
            for name in ["shop_money", "presentment_money"] {
                json.object(name) {
                    $0.member("amount", amount)
                    $0.member("currency_code", "TWD")
                }
            }
        }
    }

    private func customer(_ row: RecordRow, into json: inout JSONText) {
        var mixer = Mixer(seed: store.seed, 25, row.first)
        let name = mixer.pick(Words.chinesePeople)
        json.object {
            $0.member("id", ShoplineIdentifier.customers.text(store.base + row.first))
            $0.member("email", "buyer\(row.first)@example.invalid")
            $0.member("first_name", String(name.dropFirst()))
            $0.member("last_name", String(name.prefix(1)))
            $0.member("phone", "+8869" + CivilTime.padded(mixer.next(100_000_000), 8))
            $0.member("area_code", "TW")
        }
    }

    private func fulfillments(
        _ row: RecordRow, _ facts: ShoplineOrderFacts, _ stamp: ShoplineStamp, into json: inout JSONText
    ) {
        json.array { json in
            guard facts.fulfillmentStatus != nil else { return }
            json.object {
                $0.member("id", ShoplineIdentifier.fulfillments.text(row.identifier))
                $0.member("order_id", ShoplineIdentifier.orders.text(row.identifier))
                $0.member("status", "success")
                $0.member("tracking_company", "黑貓宅急便")
                $0.member("tracking_number", "TW\(row.identifier % 1_000_000)")
                $0.member("created_at", stamp.text(row.updated))
                $0.member("updated_at", stamp.text(row.updated))
            }
        }
    }

    private func payments(
        _ row: RecordRow, _ total: Int, _ facts: ShoplineOrderFacts, into json: inout JSONText
    ) {
        json.array { json in
            json.object {
                $0.member("pay_seq", "P\(row.identifier)")
                $0.member("pay_channel", "SLPayments")
                $0.member("pay_channel_deal_id", "")
                $0.key("pay_amount")
                $0.literal("\(total / 100)." + CivilTime.padded(total % 100, 2))
                $0.member("pay_status", facts.financialStatus)
            }
        }
    }

    private func transactions(
        _ row: RecordRow, _ total: Int, _ facts: ShoplineOrderFacts, _ stamp: ShoplineStamp,
        into json: inout JSONText
    ) {
        json.array { json in
            guard facts.financialStatus != "pending" else { return }
            json.object {
                $0.member("id", ShoplineIdentifier.transactions.text(row.identifier))
                $0.member("kind", facts.isCancelled ? "void" : "sale")
                $0.member("amount", "\(total / 100)." + CivilTime.padded(total % 100, 2))
                $0.member("status", "success")
                $0.member("created_at", stamp.text(row.created))
            }
        }
    }

    private func address(_ row: RecordRow, into json: inout JSONText) {
        var mixer = Mixer(seed: store.seed, 26, row.identifier)
        json.object {
            $0.member("name", mixer.pick(Words.chinesePeople))
            $0.member("address1", mixer.pick(Words.chineseTowns) + "\(1 + mixer.next(300))號")
            $0.member("address2", mixer.chance(60) ? nil : "\(2 + mixer.next(12))樓")
            $0.member("zip", CivilTime.padded(100 + mixer.next(880), 3))
            $0.member("country_code", "TW")
        }
    }
}
