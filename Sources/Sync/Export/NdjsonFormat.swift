import JSON
import SQLite

/// One JSON object per line: where the record is from, how it changed, and the record itself, byte for byte.
struct NdjsonFormat: ExportFormat {
    private static let marks = [
        "connection", "id", "change", "changed_at", "changed_run", "deleted_at", "created_at", "updated_at",
    ]
    private static let names = marks.map { Array(",\"\($0)\":".utf8) }
    private static let record = Array(",\"record\":".utf8)
    private var beginning: [UInt8] = []
    private var resource: [UInt8] = []

    func columns(of table: FeedTable) -> [String] { Self.marks + ["payload"] }

    mutating func begin(_ table: FeedTable, _ bytes: inout [UInt8]) {
        beginning = Array("{\"platform\":\(JSONWriter.text(.string(table.platform)))".utf8)
        resource = Array(",\"resource\":\(JSONWriter.text(.string(table.resource)))".utf8)
    }

    mutating func append(_ row: Statement, _ bytes: inout [UInt8]) {
        bytes += beginning
        for (index, name) in Self.names.enumerated() {
            // The resource stands behind the connection, as people say it.
            if index == 1 { bytes += resource }
            bytes += name
            row.appendJSONText(at: Int32(index), to: &bytes)
        }
        bytes += Self.record
        row.withBytes(at: Int32(Self.names.count)) { bytes += $0 }
        bytes += [0x7D, 0x0A]
    }
}

extension Statement {
    /// Appends a text column as a JSON string, or `null`.
    func appendJSONText(at index: Int32, to bytes: inout [UInt8]) {
        guard !isNull(at: index) else {
            bytes += "null".utf8
            return
        }
        withBytes(at: index) { JSONWriter.append(text: $0, to: &bytes) }
    }
}
