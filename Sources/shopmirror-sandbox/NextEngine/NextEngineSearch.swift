/// A search or a count: what was asked, checked, and how it is answered.
struct NextEngineSearch {
    static let longestPage = 10_000
    private static let shared: Set<String> = [
        "access_token", "refresh_token", "wait_flag", "fields", "offset", "limit", "client_id",
        "client_secret",
    ]

    private let account: NextEngineAccount
    private let table: RecordTable
    private let columns: [NextEngineColumn]
    private let conditions: [NextEngineCondition]
    private let conditionText: String
    private let fieldText: String
    private var offset = 0
    private var limit = Self.longestPage

    /// Reads the form of a call; `fields` is required where rows are wanted (`selects`).
    init(
        _ entity: NextEngineEntity, of account: NextEngineAccount, form: [(name: String, value: String)],
        selects: Bool
    ) throws(NextEngineProblem) {
        guard let table = account.table(entity.name) else { throw .request(entity.name) }
        self.account = account
        self.table = table
        var found: [NextEngineCondition] = []
        var texts: [String] = []
        for pair in form where !Self.shared.contains(pair.name) {
            guard let dash = pair.name.lastIndex(of: "-"),
                let column = Self.column(String(pair.name[..<dash]), of: entity)
            else { throw .request(pair.name) }
            let name = String(pair.name[pair.name.index(after: dash)...])
            found.append(try NextEngineCondition(column, operator: name, value: pair.value))
            texts.append("\(pair.name)=\(pair.value)")
        }
        conditions = found
        conditionText = entity.name + "?" + texts.joined(separator: "&")
        guard selects else {
            columns = []
            fieldText = ""
            return
        }
        guard let fields = form.last(where: { $0.name == "fields" })?.value, !fields.isEmpty else {
            throw .fieldsMissing
        }
        columns = try Self.columns(fields, of: entity)
        fieldText = fields
        offset = try Self.number("offset", in: form, 0...1_000_000_000) ?? 0
        limit = try Self.number("limit", in: form, 1...Self.longestPage) ?? Self.longestPage
    }

    /// How many records meet the conditions.
    var total: Int { hits.count }

    /// The members `count` and `data` of the answer, from the account's store of pages.
    func page(fault: Fault.Kind?, numbers: Bool, returnedCount: Bool) -> [UInt8] {
        var start = offset
        var length = limit
        switch fault {
        case .dropPage: start += limit
        case .repeatPage, .repeatCursor: start = max(0, offset - limit)
        case .earlyEnd: length = max(1, limit / 2)
        case .emptyPage: length = 0
        default: break
        }
        let name = "\(conditionText)|\(fieldText)|\(start)|\(length)|\(numbers)|\(returnedCount)"
        return account.cache.page(name) {
            let found = hits
            let lower = min(start, found.count)
            let rows = found[lower..<min(lower + length, found.count)]
            var json = JSONText(capacity: rows.count * columns.count * 32 + 64)
            let count = returnedCount ? rows.count : found.count
            if numbers { json.raw("\"count\":\(count)") } else { json.raw("\"count\":\"\(count)\"") }
            json.raw(",\"data\":" as StaticString)
            json.open("[")
            let cells = account.cells
            for index in rows { write(table.rows[index], cells, numbers: numbers, into: &json) }
            json.close("]")
            return json.bytes
        }
    }

    private var hits: [Int] {
        account.hits(conditionText) {
            guard !conditions.isEmpty else { return Array(table.rows.indices) }
            let cells = account.cells
            return table.rows.indices.filter { index in
                conditions.allSatisfy { $0.holds(for: cell($0.column, table.rows[index], cells)) }
            }
        }
    }

    private func write(_ row: RecordRow, _ cells: NextEngineCells, numbers: Bool, into json: inout JSONText) {
        json.style = row.identifier % 5 == 0 ? .escaped : .plain
        json.open("{")
        for column in columns {
            let cell = cell(column, row, cells)
            if numbers, column.field.type == .number, let text = cell.text {
                json.key(column.field.name)
                json.literal(text)
            } else {
                json.member(column.field.name, cell.text)
            }
        }
        json.close("}")
    }

    private func cell(_ column: NextEngineColumn, _ row: RecordRow, _ cells: NextEngineCells)
        -> NextEngineCell
    {
        guard let join = column.join else { return cells.cell(column.field, of: row) }
        guard let foreign = account.table(join.entity)?.row(join.identifier(in: row)) else { return .null }
        return cells.cell(column.field, of: foreign)
    }

    private static func columns(
        _ fields: String, of entity: NextEngineEntity
    ) throws(NextEngineProblem) -> [NextEngineColumn] {
        var columns: [NextEngineColumn] = []
        for field in fields.split(separator: ",", omittingEmptySubsequences: false) {
            let name = String(field.drop { $0 == " " }.prefix { $0 != " " })
            guard let column = column(name, of: entity) else { throw .request(name) }
            columns.append(column)
        }
        return columns
    }

    private static func number(
        _ name: String, in form: [(name: String, value: String)], _ range: ClosedRange<Int>
    ) throws(NextEngineProblem) -> Int? {
        guard let text = form.last(where: { $0.name == name })?.value else { return nil }
        guard let number = Int(text), range.contains(number) else { throw .request(name) }
        return number
    }

    private static func column(_ name: String, of entity: NextEngineEntity) -> NextEngineColumn? {
        if let field = entity.fields.first(where: { $0.name == name }) {
            return NextEngineColumn(field: field, join: nil)
        }
        for join in entity.joins {
            let foreign = (NextEngineMasters.all + NextEngineMovements.all).first { $0.name == join.entity }
            if let field = foreign?.fields.first(where: { $0.name == name }) {
                return NextEngineColumn(field: field, join: join)
            }
        }
        return nil
    }
}
