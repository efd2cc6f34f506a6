/// Writes customers, collections, memberships, abandoned orders and payments.
struct ShoplineCatalogue {
    let store: ShoplineStore

    /// Writes one record of a listed resource.
    func write(_ row: RecordRow, of resource: String, into record: inout ShoplineRecord) {
        record.json.style = row.identifier % 7 == 0 ? .escaped : .plain
        switch resource {
        case "orders": ShoplineOrders(store: store).write(row, into: &record)
        case "products": ShoplineProducts(store: store).write(row, into: &record)
        case "customers": customer(row, into: &record)
        case "custom_collections", "smart_collections": collection(row, kind: nil, into: &record)
        case "collects": collect(row, into: &record)
        case "abandoned_orders": abandoned(row, into: &record)
        default: payment(row, resource, into: &record)
        }
    }

    func customer(_ row: RecordRow, into record: inout ShoplineRecord) {
        let stamp = ShoplineStamp(row, seed: store.seed)
        var mixer = Mixer(seed: store.seed, 25, row.identifier - store.base)
        let name = mixer.pick(Words.chinesePeople)
        let phone = "+8869" + CivilTime.padded(mixer.next(100_000_000), 8)
        var moving = Mixer(seed: store.seed, 41, row.identifier, row.revision)
        record.object { record in
            record.text("id", ShoplineIdentifier.customers.text(row.identifier))
            record.text("email", "buyer\(row.identifier - store.base)@example.invalid")
            record.text("phone", mixer.chance(25) ? nil : phone)
            record.text("first_name", String(name.dropFirst()))
            record.text("last_name", String(name.prefix(1)))
            record.text("nick_name", mixer.chance(70) ? "" : "小\(name.suffix(1))🌸")
            record.number("state", mixer.next(4))
            record.text("tags", moving.pick(["", "VIP", "VIP,會員日"]))
            record.text("note", moving.pick(Words.chineseNotes))
            record.text("language", "zh-hant-tw")
            record.text("gender", mixer.chance(50) ? nil : "F")
            record.text("birthday", mixer.chance(60) ? "" : CivilTime(mixer.next(900_000_000)).compactDate)
            record.text("currency", "TWD")
            record.number("orders_count", moving.next(20))
            record.text("total_spent", ShoplineStamp.money(moving.next(200) * 1000, &moving))
            record.flag("verified_email", mixer.chance(50))
            record.field("email_marketing_consent") { json in
                json.object {
                    $0.member("state", 1)
                    $0.member("opt_in_level", 0)
                    $0.member("consent_updated_at", nil)
                }
            }
            let count = 1 + mixer.next(2) + row.revision % 2
            record.field("default_address") { address(row, 1, into: &$0) }
            record.field("addresses") { json in
                json.array { json in for number in 1...count { address(row, number, into: &json) } }
            }
            record.text("created_at", stamp.text(row.created))
            record.text("updated_at", stamp.text(row.updated))
        }
    }

    /// A collection; `kind` is written by the endpoint of single collections only.
    func collection(_ row: RecordRow, kind: String?, into record: inout ShoplineRecord) {
        let stamp = ShoplineStamp(row, seed: store.seed)
        var mixer = Mixer(seed: store.seed, 42, row.identifier)
        let isSmart = row.identifier - store.base > ShoplineSeeder.firstSmart
        let number = row.identifier - store.base
        record.object { record in
            record.text("id", ShoplineIdentifier.collections.text(row.identifier))
            record.text(
                "title",
                mixer.pick(Words.brands) + " \(number)" + (row.revision > 0 ? " 改\(row.revision)" : ""))
            record.text("handle", "collection-\(number)")
            record.text("body_html", mixer.chance(50) ? "" : "<p>精選</p>")
            record.field("image") { $0.null() }
            record.text("sort_order", "manual")
            record.text("published_scope", "web")
            record.text("published_at", stamp.text(row.created))
            record.text("created_at", stamp.text(row.created))
            record.text("updated_at", stamp.text(row.updated))
            if let kind { record.text("collection_type", kind) }
            guard isSmart else { return }
            record.flag("disjunctive", mixer.chance(50))
            record.field("rules") { json in
                json.array { json in
                    json.object {
                        $0.member("column", "title")
                        $0.member("relation", "contains")
                        $0.member("condition", "茶")
                        $0.member("condition_object_id", nil)
                    }
                }
            }
        }
    }

    private func collect(_ row: RecordRow, into record: inout ShoplineRecord) {
        let stamp = ShoplineStamp(row, seed: store.seed)
        record.object { record in
            record.field("id") { $0.literal(ShoplineIdentifier.collects.text(row.identifier)) }
            record.text("product_id", ShoplineIdentifier.products.text(row.first))
            record.text("collection_id", ShoplineIdentifier.collections.text(row.second))
            record.number("product_priority", row.identifier % 90 + row.revision)
            record.text("sort_value", CivilTime.padded(row.identifier % 90 + row.revision, 10))
            record.text("created_at", stamp.text(row.created))
            record.text("updated_at", stamp.text(row.updated))
        }
    }

    private func abandoned(_ row: RecordRow, into record: inout ShoplineRecord) {
        let stamp = ShoplineStamp(row, seed: store.seed)
        var mixer = Mixer(seed: store.seed, 43, row.identifier, row.revision)
        record.object { record in
            record.text("id", ShoplineIdentifier.abandoned.text(row.identifier))
            record.text("email", "guest\(row.identifier - store.base)@example.invalid")
            record.text("currency", "TWD")
            record.text("total_price", ShoplineStamp.money(mixer.next(900) * 110, &mixer))
            record.text("abandoned_checkout_url", "https://\(store.handle).myshopline.com/checkout?a=1&b=2")
            record.text("created_at", stamp.text(row.created))
            record.text("updated_at", stamp.text(row.updated))
        }
    }

    private func payment(_ row: RecordRow, _ resource: String, into record: inout ShoplineRecord) {
        let stamp = ShoplineStamp(row, seed: store.seed)
        var mixer = Mixer(seed: store.seed, 44, row.identifier, row.revision)
        let isPayout = resource == "payments_payouts"
        let identifier = isPayout ? ShoplineIdentifier.payouts : ShoplineIdentifier.transactions
        let (created, updated) = (stamp.text(row.created), stamp.text(row.updated))
        record.object { record in
            record.text(
                isPayout ? "payout_transaction_no" : "trade_order_id", identifier.text(row.identifier))
            record.text("amount", ShoplineStamp.money(mixer.next(900) * 110, &mixer))
            record.text("currency", "TWD")
            record.text("status", isPayout ? "paid" : mixer.pick(["SUCCEEDED", "FAILED", "SUCCEEDED"]))
            if isPayout {
                record.text("time", created)
            } else {
                record.text("transaction_type", mixer.pick(["PAYMENT", "REFUND", "PAYMENT"]))
                record.text("seller_order_id", ShoplineIdentifier.orders.text(row.identifier))
                record.text("create_time", created)
                record.text("update_time", updated)
            }
        }
    }

    private func address(_ row: RecordRow, _ number: Int, into json: inout JSONText) {
        var mixer = Mixer(seed: store.seed, 45, row.identifier, number)
        json.object {
            $0.member("id", "A\(row.identifier)-\(number)")
            $0.member("address1", mixer.pick(Words.chineseTowns))
            $0.member("address2", mixer.chance(50) ? nil : "\(2 + mixer.next(12))樓之\(1 + mixer.next(4))")
            $0.member("city", mixer.pick(["臺北市", "臺中市", "高雄市"]))
            $0.member("country_code", "TW")
            $0.member("zip", CivilTime.padded(100 + mixer.next(880), 3))
        }
    }
}
