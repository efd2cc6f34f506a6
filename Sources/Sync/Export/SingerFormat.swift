import JSON
import SQLite

/// Messages of the Singer specification: a schema per table, its records, and how far they reach.
///
/// A deleted row is a record with `_sdc_deleted_at`, by which targets delete or mark it.
struct SingerFormat: ExportFormat {
    /// How far each table was followed, including tables that are not exported now.
    private var state: SingerState
    private var kinds: [Column.Kind] = []
    private var names: [[UInt8]] = []
    private var beginning: [UInt8] = []
    private var deleted: Int32?
    private var view = ""
    private var columnNames: [String] = []
    /// How many values of a column were not of its type.
    private var misfits: [String: Int] = [:]

    init(state: SingerState) { self.state = state }

    func columns(of table: FeedTable) -> [String] { table.columns.map(\.name) }

    mutating func begin(_ table: FeedTable, _ bytes: inout [UInt8]) {
        view = table.view
        columnNames = columns(of: table)
        kinds = table.columns.map(\.kind)
        names = columnNames.enumerated().map {
            Array("\($0 == 0 ? "" : ",")\(JSONWriter.text(.string($1))):".utf8)
        }
        deleted = columnNames.firstIndex(of: "deleted_at").map(Int32.init)
        let stream = JSONWriter.text(.string(table.view))
        beginning = Array("{\"type\":\"RECORD\",\"stream\":\(stream),\"record\":{".utf8)
        bytes += JSONWriter.bytes(Self.schema(of: table))
        bytes.append(0x0A)
    }

    mutating func append(_ row: Statement, _ bytes: inout [UInt8]) {
        bytes += beginning
        for (index, name) in names.enumerated() {
            bytes += name
            append(row, Int32(index), kinds[index], &bytes)
        }
        if let deleted {
            bytes += ",\"_sdc_deleted_at\":".utf8
            row.appendJSONText(at: deleted, to: &bytes)
        }
        bytes += [0x7D, 0x7D, 0x0A]
    }

    mutating func end(_ table: FeedTable, newest: String?, _ bytes: inout [UInt8]) {
        guard let newest else { return }
        state[table.view] = newest
        let message = JSONValue.members(("type", .string("STATE")), ("value", state.json))
        bytes += JSONWriter.bytes(message)
        bytes.append(0x0A)
    }

    var remarks: [String] {
        misfits.sorted { $0.key < $1.key }.map { column, count in
            "\(count) values of \(column) are not of its type and went out as null; payload has them as they came"
        }
    }

    // MARK: Values

    private mutating func append(
        _ row: Statement, _ index: Int32, _ kind: Column.Kind, _ bytes: inout [UInt8]
    ) {
        guard !row.isNull(at: index), kind == .integer || kind == .boolean else {
            return row.appendJSONText(at: index, to: &bytes)
        }
        let fits = row.withBytes(at: index) { text in
            guard kind == .integer ? Self.isInteger(text) : text.count == 1 else { return false }
            if kind == .integer {
                bytes += text
            } else {
                switch text.first {
                case 0x30: bytes += "false".utf8
                case 0x31: bytes += "true".utf8
                default: return false
                }
            }
            return true
        }
        guard !fits else { return }
        bytes += "null".utf8
        // Several platforms write nothing as an empty text.
        if !row.withBytes(at: index, \.isEmpty) {
            misfits["\(view).\(columnNames[Int(index)])", default: 0] += 1
        }
    }

    /// Whether these are the digits of a number that every target can hold: fewer than 19, none of them idle.
    private static func isInteger(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let digits = text.dropFirst(text.first == 0x2D ? 1 : 0)
        guard (1...18).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return false
        }
        return digits.first != 0x30 || text.count == 1
    }

    // MARK: Schema

    static func schema(of table: FeedTable) -> JSONValue {
        let own: [(key: String, value: JSONValue)] = table.columns.map { column in
            let isKey = column.name == "connection" || column.name == "id"
            return (
                key: column.name, value: isKey ? .members(("type", .string("string"))) : type(column.kind)
            )
        }
        let deleted: [(key: String, value: JSONValue)] = [(key: "_sdc_deleted_at", value: type(.time))]
        return .members(
            ("type", .string("SCHEMA")), ("stream", .string(table.view)),
            (
                "schema",
                .members(("type", .string("object")), ("properties", .object(own + deleted)))
            ),
            ("key_properties", .array([.string("connection"), .string("id")])))
    }

    /// Exact digits, money above all, are strings: a JSON number would be read as a fraction of two.
    private static func type(_ kind: Column.Kind) -> JSONValue {
        func orNull(_ name: String) -> (String, JSONValue) {
            ("type", .array([.string(name), .string("null")]))
        }
        switch kind {
        case .integer: return .members(orNull("integer"))
        case .boolean: return .members(orNull("boolean"))
        case .time: return .members(orNull("string"), ("format", .string("date-time")))
        case .text, .exact, .date, .json: return .members(orNull("string"))
        }
    }
}
