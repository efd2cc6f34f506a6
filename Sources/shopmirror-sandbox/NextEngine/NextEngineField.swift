/// One field of an entity: its name, its type in the platform's own terms, and how its values are made.
struct NextEngineField {
    enum Kind {
        case identifier, first, second, lineNumber
        case goodsCode, goodsCodeOfSecond, setCode, supplierCode, supplierCodeOfFirst
        case created, modified, modifiedSafe, newest
        case deleted, cancelled, person, personNumber
        case flag, choice(Int), choiceName, words, kana, zip, telephone, mail, address, html, note, code
        case money, rate, quantity, number(Int), day
        /// Always this text.
        case fixed(String)
    }

    enum ValueType: Character {
        case string = "s"
        case number = "n"
        case date = "d"
    }

    let name: String
    let type: ValueType
    let kind: Kind
    let salt: Int

    init(_ name: String, _ type: ValueType, kind: Kind? = nil) {
        self.name = name
        self.type = type
        self.kind = kind ?? Self.kind(of: name, type)
        salt = Mixer.salt(name)
    }

    private static func kind(of name: String, _ type: ValueType) -> Kind {
        switch type {
        case .date: dateKind(of: name)
        case .number: numberKind(of: name)
        case .string: stringKind(of: name)
        }
    }

    private static func dateKind(of name: String) -> Kind {
        if name.hasSuffix("_last_modified_newest_date") { return .newest }
        if name.hasSuffix("_last_modified_null_safe_date") { return .modifiedSafe }
        if name.hasSuffix("_last_modified_date") { return .modified }
        if name.hasSuffix("_creation_date") { return .created }
        return .day
    }

    private static func numberKind(of name: String) -> Kind {
        let isPerson = name.hasSuffix("creator_id") || name.hasSuffix("_by_id") || name.hasSuffix("safe_id")
        if isPerson || name.hasSuffix("pic_id") { return .personNumber }
        if name.hasSuffix("amount") || name.hasSuffix("price") || name.hasSuffix("cost") { return .money }
        if name.hasSuffix("money") { return .money }
        if name.hasSuffix("rate") || name.hasSuffix("ratio") { return .rate }
        if name.hasSuffix("quantity") { return .quantity }
        if name.hasSuffix("flag") || name.hasSuffix("flg") { return .number(2) }
        return .number(name.hasSuffix("_id") ? 5 : 500)
    }

    private static func stringKind(of name: String) -> Kind {
        let endings: [(String, Kind)] = [
            ("creator_name", .person), ("by_name", .person), ("safe_name", .person), ("pic_name", .person),
            ("purchaser_name", .person), ("consignee_name", .person), ("deleted_flag", .deleted),
            ("flag", .flag),
            ("zip_code", .zip), ("kana", .kana), ("tel", .telephone), ("fax", .telephone),
            ("mail_address", .mail),
            ("address1", .address), ("address2", .note), ("html", .html), ("note", .note), ("text", .note),
            ("shop_name", .words), ("goods_name", .words), ("supplier_name", .words),
            ("warehouse_name", .words),
            ("mall_name", .words), ("maker_name", .words), ("brand_name", .words), ("foreign_name", .words),
            ("type_name", .choiceName), ("_name", .choiceName), ("cut_form_id", .code),
            ("approval_no", .code),
            ("jan_code", .code), ("model_number", .code), ("customer_id", .code),
            ("representation_id", .goodsCode),
            ("_id", .choice(6)), ("amount", .money), ("item", .note), ("tag", .words),
        ]
        return endings.first { name.hasSuffix($0.0) }?.1 ?? .note
    }
}
