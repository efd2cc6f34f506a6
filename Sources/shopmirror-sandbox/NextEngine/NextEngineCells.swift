/// Makes the values of records from the seed, the record's place and its revision.
struct NextEngineCells {
    let seed: UInt64
    let shared: SharedStock?
    /// Finds the record another one belongs to, for stamps that follow it.
    let order: (Int) -> RecordRow?

    func cell(_ field: NextEngineField, of row: RecordRow) -> NextEngineCell {
        if let shared, let cell = cell(field, of: row, shared) { return cell }
        switch field.kind {
        case .identifier: return .integer(row.identifier)
        case .first: return .integer(row.first)
        case .second: return .integer(row.second)
        case .lineNumber: return .integer(row.identifier % 100)
        case .goodsCode: return .text("sku-" + CivilTime.padded(row.identifier, 7))
        case .goodsCodeOfSecond: return .text("sku-" + CivilTime.padded(row.second, 7))
        case .setCode: return .text("set-" + CivilTime.padded(row.first, 6))
        case .supplierCode: return .text("S_" + CivilTime.padded(row.identifier, 4) + "-a")
        case .supplierCodeOfFirst: return .text("S_" + CivilTime.padded(row.first, 4) + "-a")
        case .created: return .time(row.created)
        case .modified: return row.updated == row.created ? .null : .time(row.updated)
        case .modifiedSafe: return .time(row.updated)
        case .newest: return .time(max(row.updated, order(row.first)?.updated ?? 0))
        case .fixed(let text): return .text(text)
        case .deleted: return .text(row.isDeleted ? "1" : "0")
        default: return invented(field, row)
        }
    }

    /// Of stock that another platform has too.
    private func cell(_ field: NextEngineField, of row: RecordRow, _ shared: SharedStock) -> NextEngineCell? {
        switch field.name {
        case "stock_goods_id", "goods_id": .text(shared.sku(row.identifier))
        case "stock_free_quantity": .integer(shared.figure(row.identifier))
        case "stock_deleted_flag": .text(shared.hasFlag(row.identifier) ? "1" : "0")
        default: nil
        }
    }

    private func invented(_ field: NextEngineField, _ row: RecordRow) -> NextEngineCell {
        var mixer = Mixer(seed: seed, field.salt, row.identifier)
        switch field.kind {
        case .money, .quantity, .note, .rate, .number:
            if mixer.chance(6) { return .null }
            mixer = Mixer(seed: seed, field.salt, row.identifier, row.revision)
            return volatile(field, &mixer)
        case .day:
            if mixer.chance(30) { return .null }
            return .time((row.created / 86_400 + mixer.next(30)) * 86_400 - 32_400)
        case .cancelled: return .text(mixer.chance(92) ? "0" : "\(1 + mixer.next(4))")
        case .personNumber: return .integer(1 + mixer.next(20))
        case .flag: return .text(mixer.chance(70) ? "0" : "1")
        case .choice(let bound): return mixer.chance(10) ? .null : .text("\(mixer.next(bound) * 10)")
        default: return mixer.chance(8) ? .null : .text(text(field, row, &mixer))
        }
    }

    private func volatile(_ field: NextEngineField, _ mixer: inout Mixer) -> NextEngineCell {
        switch field.kind {
        case .money: .decimal(units: mixer.next(30_000) * (mixer.chance(90) ? 100 : 1), places: 2)
        case .rate: .decimal(units: mixer.chance(80) ? 100 : 80, places: 1)
        case .quantity: .integer(mixer.next(120))
        case .number(let bound): .integer(mixer.next(bound))
        default: .text(mixer.pick(Words.japaneseNotes))
        }
    }

    private func text(_ field: NextEngineField, _ row: RecordRow, _ mixer: inout Mixer) -> String {
        switch field.kind {
        case .person: mixer.pick(Words.japanesePeople)
        case .kana: mixer.pick(Words.kana)
        case .zip: CivilTime.padded(mixer.next(10_000_000), 7)
        case .telephone:
            "0\(3 + mixer.next(6))-" + CivilTime.padded(mixer.next(10_000), 4) + "-"
                + CivilTime.padded(mixer.next(10_000), 4)
        case .mail: "user\(row.identifier)+ne@example.invalid"
        case .address: mixer.pick(Words.japaneseTowns)
        case .html: "<p class=\"d\">" + mixer.pick(Words.japaneseGoods) + "</p>"
        case .code: CivilTime.padded(mixer.next(1_000_000_000), 9) + "-\(row.identifier)"
        case .choiceName: mixer.pick(["標準", "予約", "クール便", "代金引換", "クレジットカード", "新規受付"])
        case .words where field.name.hasPrefix("shop") || field.name.hasPrefix("mall"):
            mixer.pick(Words.japaneseShops) + (row.revision > 0 ? " 改\(row.revision)" : "")
        default:
            mixer.pick(Words.japaneseGoods) + " No.\(row.identifier)"
                + (row.revision > 0 ? " 改\(row.revision)" : "")
        }
    }
}
