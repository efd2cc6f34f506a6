/// The `/info` answers: short lists without paging, and who is signed in.
enum NextEngineLookups {
    /// Columns and rows of `/api_v1_system_<name>/info`.
    private struct Lookup {
        let columns: [String]
        let rows: [[String?]]
    }

    /// The `data` array of an `/info` endpoint; `nil` when there is no such endpoint.
    static func data(_ path: String, account: NextEngineAccount) -> [UInt8]? {
        var json = JSONText()
        switch path {
        case "/api_v1_login_company/info":
            json.array { write(Lookup(columns: companyColumns, rows: [company(account)]), into: &$0) }
        case "/api_v1_login_user/info":
            json.array { write(Lookup(columns: userColumns, rows: [user(account)]), into: &$0) }
        default:
            guard path.hasPrefix("/api_v1_system_"), path.hasSuffix("/info") else { return nil }
            let name = String(path.dropFirst("/api_v1_system_".count).dropLast("/info".count))
            guard let lookup = lookup(name) else { return nil }
            json.array { write(lookup, into: &$0) }
        }
        return json.bytes
    }

    private static let companyColumns = [
        "company_id", "company_ne_id", "company_name", "company_kana", "company_host", "company_type_id",
    ]

    private static func company(_ account: NextEngineAccount) -> [String?] {
        [
            "\(4200 + account.number)", account.company, account.companyName, "サクラストア",
            "main\(account.number)", "1",
        ]
    }

    private static let userColumns = [
        "pic_id", "pic_ne_id", "uid", "pic_name", "pic_kana", "pic_mail_address", "pic_post_name",
        "pic_phone",
        "pic_mobile", "pic_zip_code", "pic_address1", "pic_address2", "pic_birth_date",
        "pic_entering_company_date", "pic_retirement_date", "pic_social_insurance_id",
        "pic_social_insurance_name", "pic_language_code", "pic_skin_color", "pic_template_flag",
        "pic_charge_shop_id_list", "pic_deleted_flag", "pic_creation_date", "pic_last_modified_date",
        "pic_creator_id", "pic_creator_name", "pic_last_modified_by_id", "pic_last_modified_by_name",
    ]

    private static func user(_ account: NextEngineAccount) -> [String?] {
        var values: [String?] = [
            "7", "P0007", account.user, "佐藤 花子", "サトウ ハナコ", "p@example.invalid", "物流部", "03-0000-0000", nil,
            "1000005",
            "東京都千代田区丸の内1-1", "", "1990-01-01 00:00:00", "2020-04-01 00:00:00", nil, nil, nil, "ja", nil, "0",
            "",
            "0", "2020-04-01 09:00:00", nil, "1",
        ]
        values += [String?](repeating: nil, count: userColumns.count - values.count)
        return values
    }

    private static func lookup(_ name: String) -> Lookup? {
        switch name {
        case "orderstatus":
            pairs(
                "order_status",
                ["0:取込情報不足", "1:受注メール取込済", "2:起票済(CSV/手入力)", "20:納品書印刷待ち", "40:納品書印刷済", "50:出荷確定済(完了)"])
        case "canceltype": flagged("cancel_type", ["0:有効な受注です。", "1:受注取消", "2:重複", "3:在庫切れ", "4:旧区分"])
        case "paymentmethod":
            flagged("payment_method", ["1:代金引換", "10:クレジットカード", "20:銀行振込", "60:後払い.com", "98:旧決済"])
        case "delivery": flagged("delivery", ["10:ヤマト運輸", "20:佐川急便", "30:日本郵便", "99:旧便"])
        case "deliverydate":
            Lookup(
                columns: [
                    "delivery_date_id", "delivery_date_name", "delivery_date_days", "delivery_date_note",
                ],
                rows: [["1", "即日", "0", ""], ["2", "2~3日", "3", nil]])
        case "tax": pairs("tax", ["0:税込", "1:税抜", "2:非課税"])
        case "currencyunit": pairs("currencyunit", ["1:円", "2:ドル"])
        case "authorizationtype": pairs("authorizationtype", ["0:自動", "1:手動"])
        case "goodsstatus": pairs("goods_status", ["0:取扱中", "10:取扱中止", "20:予約販売"])
        case "goodstype": pairs("goods_type", ["0:通常", "10:予約", "20:受注発注"])
        case "merchandise": pairs("merchandise", ["0:一般", "1:食品", "2:衣料"])
        case "customertype": pairs("customer_type", ["0:一般", "1:優良顧客", "2:要注意"])
        case "deposittype": pairs("deposit_type", ["0:未入金", "1:一部入金", "2:入金済み"])
        case "importtype": pairs("import_type", ["0:受注メール", "1:CSV", "2:手入力"])
        case "iotype": pairs("io_type", ["1:入庫", "2:出庫", "3:棚卸"])
        case "returnedreason": pairs("returned_reason", ["1:不良品", "2:お客様都合"])
        case "forwardingmethod": pairs("forwarding_method", ["0:宅配便", "1:メール便"])
        case "itemname": pairs("item", (1...20).map { "\($0):項目\($0)" })
        case "select":
            Lookup(
                columns: ["select_id", "select_value", "select_name"],
                rows: [["1", "10", "夏"], ["1", "20", "冬"], ["2", "1", "常温/冷蔵"]])
        case "payout": pairs("pay_out", ["1:月末締め", "2:都度"])
        default: nil
        }
    }

    private static func pairs(_ prefix: String, _ values: [String]) -> Lookup {
        Lookup(columns: [prefix + "_id", prefix + "_name"], rows: values.map(split))
    }

    /// The last value is the hidden one.
    private static func flagged(_ prefix: String, _ values: [String]) -> Lookup {
        let rows = values.enumerated().map { split($1) + [$0 == values.count - 1 ? "1" : "0"] }
        return Lookup(columns: [prefix + "_id", prefix + "_name", prefix + "_deleted_flag"], rows: rows)
    }

    private static func split(_ pair: String) -> [String?] {
        pair.split(separator: ":", maxSplits: 1).map { String($0) }
    }

    private static func write(_ lookup: Lookup, into json: inout JSONText) {
        for row in lookup.rows {
            json.object { json in
                for (name, value) in zip(lookup.columns, row) { json.member(name, value) }
            }
        }
    }
}
