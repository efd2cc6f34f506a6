/// A page cut into records.
///
/// Everything is handed out as bytes of the page itself, or of one buffer beside it.
package struct ScannedPage: Sendable {
    struct Record: Sendable {
        /// A range of the page's bytes.
        let payload: Range<Int>
        /// Ranges of the text beside it.
        let id: Range<Int>
        let created: Range<Int>?
        let updated: Range<Int>?
    }

    private let bytes: [UInt8]
    private let text: [UInt8]
    private let records: [Record]
    private let envelope: [JSONScalar?]
    /// How many records had an escaped lone surrogate, which was replaced by `\ufffd`.
    package let repairedTexts: Int

    init(_ bytes: consuming [UInt8], _ collector: RecordCollector) {
        self.bytes = bytes
        text = collector.text
        records = collector.records
        envelope = collector.envelope
        repairedTexts = collector.repairedTexts
    }

    /// The number of records.
    package var count: Int { records.count }

    /// The record as JSON: the bytes that came, without insignificant whitespace and what was to be dropped.
    package func withPayload<R, E: Error>(
        _ index: Int, _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        try Self.with(records[index].payload, of: bytes, body)
    }

    /// The key as text: a string's characters or an integer's digits.
    ///
    /// The parts of a composite key are joined with `/`, after `%` -> `%25` and `/` -> `%2F` in each part.
    package func withID<R, E: Error>(
        _ index: Int, _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        try Self.with(records[index].id, of: text, body)
    }

    /// The creation time as text, nil when the member is missing, null, or neither string nor number.
    package func withCreated<R, E: Error>(
        _ index: Int, _ body: (UnsafeRawBufferPointer?) throws(E) -> R
    ) throws(E) -> R {
        try Self.withOptional(records[index].created, of: text, body)
    }

    /// The modification time as text, nil when the member is missing, null, or neither string nor number.
    package func withUpdated<R, E: Error>(
        _ index: Int, _ body: (UnsafeRawBufferPointer?) throws(E) -> R
    ) throws(E) -> R {
        try Self.withOptional(records[index].updated, of: text, body)
    }

    /// All of the page's bytes at once, for a walk over its records.
    package struct Contents {
        fileprivate let bytes: UnsafeRawBufferPointer
        fileprivate let text: UnsafeRawBufferPointer
        fileprivate let records: UnsafeBufferPointer<Record>

        package var count: Int { records.count }
        package func payload(_ index: Int) -> UnsafeRawBufferPointer {
            UnsafeRawBufferPointer(rebasing: bytes[records[index].payload])
        }
        package func id(_ index: Int) -> UnsafeRawBufferPointer {
            UnsafeRawBufferPointer(rebasing: text[records[index].id])
        }
        package func created(_ index: Int) -> UnsafeRawBufferPointer? {
            records[index].created.map { UnsafeRawBufferPointer(rebasing: text[$0]) }
        }
        package func updated(_ index: Int) -> UnsafeRawBufferPointer? {
            records[index].updated.map { UnsafeRawBufferPointer(rebasing: text[$0]) }
        }
    }

    /// Lends the page's bytes; they are gone when `body` returns.
    package func withContents<R, E: Error>(_ body: (Contents) throws(E) -> R) throws(E) -> R {
        try bytes.withUnsafeBufferPointer { (bytes) throws(E) -> R in
            try text.withUnsafeBufferPointer { (text) throws(E) -> R in
                try records.withUnsafeBufferPointer { (records) throws(E) -> R in
                    try body(
                        Contents(
                            bytes: UnsafeRawBufferPointer(bytes), text: UnsafeRawBufferPointer(text),
                            records: records))
                }
            }
        }
    }

    /// The value at a path of the layout's `envelope`; the last one when a member stands twice, nil when it is missing.
    package func envelope(_ index: Int) -> JSONScalar? { envelope[index] }

    private static func with<R, E: Error>(
        _ range: Range<Int>, of bytes: [UInt8], _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        try bytes.withUnsafeBufferPointer { (all: UnsafeBufferPointer<UInt8>) throws(E) -> R in
            try body(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: all[range])))
        }
    }

    private static func withOptional<R, E: Error>(
        _ range: Range<Int>?, of bytes: [UInt8], _ body: (UnsafeRawBufferPointer?) throws(E) -> R
    ) throws(E) -> R {
        guard let range else { return try body(nil) }
        return try with(range, of: bytes) { (found: UnsafeRawBufferPointer) throws(E) -> R in
            try body(UnsafeRawBufferPointer?.some(found))
        }
    }
}
