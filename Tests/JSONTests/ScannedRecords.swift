import JSON

/// A scanned page as plain values, for comparison.
struct ScannedRecords: Equatable {
    struct Record: Equatable {
        var id: String
        var payload: String
        var created: String?
        var updated: String?
    }

    var records: [Record]
    var repairedTexts: Int

    var payloads: [String] { records.map(\.payload) }
    var ids: [String] { records.map(\.id) }

    init(_ page: ScannedPage) {
        repairedTexts = page.repairedTexts
        records = (0..<page.count).map { index in
            Record(
                id: page.withID(index) { String(decoding: $0, as: UTF8.self) },
                payload: page.withPayload(index) { String(decoding: $0, as: UTF8.self) },
                created: page.withCreated(index) { $0.map { String(decoding: $0, as: UTF8.self) } },
                updated: page.withUpdated(index) { $0.map { String(decoding: $0, as: UTF8.self) } })
        }
    }
}

/// Scans a text whose records are at `data` and have the key `id`, unless told otherwise.
func scan(
    _ text: String, records: [String]? = ["data"], form: PageLayout.RecordsForm = .array,
    key: [[String]] = [["id"]], created: [String]? = nil, updated: [String]? = nil, drop: [String] = [],
    maximumRecordBytes: Int = .max
) throws -> ScannedRecords {
    let layout = PageLayout(
        records: records, form: form, key: key, created: created, updated: updated,
        drop: try drop.map { try JSONPath($0) }, envelope: [], maximumRecordBytes: maximumRecordBytes)
    return ScannedRecords(try RecordScanner.scan(Array(text.utf8), layout: layout))
}

/// Why a text is refused; nil when it is accepted.
func refusal(
    _ bytes: [UInt8], records: [String]? = ["data"], form: PageLayout.RecordsForm = .array,
    key: [[String]] = [["id"]], drop: [JSONPath] = [], envelope: [[String]] = [],
    maximumRecordBytes: Int = .max
) -> JSONError? {
    let layout = PageLayout(
        records: records, form: form, key: key, drop: drop, envelope: envelope,
        maximumRecordBytes: maximumRecordBytes)
    do throws(JSONError) {
        _ = try RecordScanner.scan(bytes, layout: layout)
        return nil
    } catch {
        return error
    }
}

/// Why a text is refused; nil when it is accepted.
func refusal(
    _ text: String, records: [String]? = ["data"], form: PageLayout.RecordsForm = .array,
    key: [[String]] = [["id"]], drop: [JSONPath] = [], envelope: [[String]] = [],
    maximumRecordBytes: Int = .max
) -> JSONError? {
    refusal(
        Array(text.utf8), records: records, form: form, key: key, drop: drop, envelope: envelope,
        maximumRecordBytes: maximumRecordBytes)
}

/// Whether a text is accepted when nothing is wanted of it.
func isAccepted(_ bytes: [UInt8]) -> Bool { refusal(bytes, records: nil) == nil }

func isAccepted(_ text: String) -> Bool { isAccepted(Array(text.utf8)) }
