/// Writes the short answers about a store: shop, currencies, locations, webhooks.
struct ShoplineStoreInfo {
    let store: ShoplineStore

    func shop() -> [UInt8] {
        var json = JSONText()
        let handle = store.handle
        let status = Int(store.settings.switches["shopline.shop-status"] ?? "") ?? 2
        json.object { json in
            json.object("data") { json in
                json.member("id", 1_700_000_000_000 + store.number)
                json.member("merchant_id", "42000000\(CivilTime.padded(store.number, 2))")
                json.member("name", "示範商店 \(handle)")
                json.member("domain", "\(handle).myshopline.com")
                json.member("currency", "TWD")
                json.member("location_country_code", "TW")
                json.member("biz_store_status", status)
                json.member("iana_timezone", "Asia/Taipei")
                json.member("language", "zh-hant-tw")
                json.member("email", "owner@example.invalid")
                json.member("customer_email", "service@example.invalid")
                json.array("sales_channels") { json in
                    json.object { $0.member("channel_handle", "online_store") }
                }
                json.member("standard_logo", nil)
                json.member("created_at", "2025-03-01T09:00:00+08:00")
                json.member("updated_at", "2025-12-30T18:20:00.120+08:00")
            }
        }
        return json.bytes
    }

    func currencies() -> [UInt8] {
        var json = JSONText()
        json.object { json in
            json.array("currencies") { json in
                for (currency, rate) in [("TWD", "1"), ("HKD", "0.2410"), ("JPY", "4.80"), ("USD", "0.0308")]
                {
                    json.object {
                        $0.member("currency", currency)
                        $0.member("rate", rate)
                        $0.member("enabled", currency != "USD")
                        $0.member("rate_update_at", "2026-01-05T00:00:00+00:00")
                    }
                }
            }
        }
        return json.bytes
    }

    /// Locations in a list; the endpoint for shipping adds two members.
    func locations(forShipping: Bool) -> [UInt8] {
        var json = JSONText()
        json.object { json in
            json.array("locations") { json in
                for row in store.table("locations")?.rows ?? [] {
                    location(row, forShipping: forShipping, into: &json)
                }
            }
        }
        return json.bytes
    }

    func location(_ row: RecordRow, forShipping: Bool, into json: inout JSONText) {
        let stamp = ShoplineStamp(row, seed: store.seed)
        let number = row.identifier - store.base
        json.object {
            $0.member("id", ShoplineIdentifier.locations.text(row.identifier))
            $0.member(
                "name",
                (["臺北倉", "台中門市", "高雄 / 退貨倉"][(number - 1) % 3])
                    + (row.revision > 0 ? " 改\(row.revision)" : ""))
            $0.member("active", number != 3)
            $0.member("is_default", number == 1 ? "true" : "false")
            $0.member("legacy", false)
            $0.member("address1", Words.chineseTowns[number % Words.chineseTowns.count])
            $0.member("address2", nil)
            $0.member("city", "臺北市")
            $0.member("province", "臺灣")
            $0.member("province_code", "TW")
            $0.member("country", "臺灣")
            $0.member("country_code", "TW")
            $0.member("zip", "110")
            $0.member("phone", "02-1234-5678")
            $0.member("phone_code", "+886")
            if forShipping {
                $0.member("district", "信義區")
                $0.member("town", "")
            }
            $0.member("created_at", stamp.text(row.created))
            $0.member("updated_at", stamp.text(row.updated))
        }
    }

    func webhooks(version: String) -> [UInt8] {
        let topics = ["orders/create", "orders/edited", "products/update", "app/uninstalled"]
        var json = JSONText()
        json.object { json in
            json.array("webhooks") { json in
                for row in store.table("webhooks")?.rows ?? [] {
                    let stamp = ShoplineStamp(row, seed: store.seed)
                    json.object {
                        $0.member("id", row.identifier + 9_000_000_000)
                        $0.member("topic", topics[row.identifier % topics.count])
                        $0.member("address", "https://example.invalid/hooks/\(row.identifier % 10)")
                        $0.member("api_version", version)
                        $0.member("created_at", stamp.text(row.created))
                        $0.member("updated_at", stamp.text(row.updated))
                    }
                }
            }
        }
        return json.bytes
    }
}
