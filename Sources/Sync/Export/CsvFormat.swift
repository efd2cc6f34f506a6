import SQLite

/// RFC 4180: a header, one record per line, CR LF behind each.
///
/// NULL is an empty field and an empty text is `""`, as PostgreSQL's COPY reads them.
struct CsvFormat: ExportFormat {
    private var count: Int32 = 0

    func columns(of table: FeedTable) -> [String] { table.columns.map(\.name) }

    mutating func begin(_ table: FeedTable, _ bytes: inout [UInt8]) {
        count = Int32(table.columns.count)
        for (index, column) in table.columns.enumerated() {
            if index > 0 { bytes.append(0x2C) }
            var name = column.name
            name.withUTF8 { Self.append($0, &bytes) }
        }
        bytes += [0x0D, 0x0A]
    }

    mutating func append(_ row: Statement, _ bytes: inout [UInt8]) {
        for index in 0..<count {
            if index > 0 { bytes.append(0x2C) }
            guard !row.isNull(at: index) else { continue }
            row.withBytes(at: index) { Self.append($0, &bytes) }
        }
        bytes += [0x0D, 0x0A]
    }

    private static func append(_ text: UnsafeBufferPointer<UInt8>, _ bytes: inout [UInt8]) {
        let isPlain = !text.isEmpty && !text.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
        guard !isPlain else {
            bytes += text
            return
        }
        bytes.append(0x22)
        for byte in text {
            if byte == 0x22 { bytes.append(0x22) }
            bytes.append(byte)
        }
        bytes.append(0x22)
    }
}
