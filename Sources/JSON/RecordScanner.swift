/// Cuts a page into records in one strict pass that validates the whole text and builds no value per field.
///
/// Strict means RFC 8259 and valid UTF-8, no byte order mark, nothing behind the document, at most
/// `JSONError.maximumDepth` levels. An escaped lone surrogate, which is valid JSON but no text, becomes `\ufffd`.
package enum RecordScanner {
    /// Scans a page in place: no copy is made when the array is handed over and has room for eight bytes more.
    ///
    /// - Throws: `JSONError`. When the text is valid but its records are not usable, the envelope in it is complete.
    package static func scan(
        _ bytes: consuming [UInt8], layout: PageLayout
    ) throws(JSONError) -> ScannedPage {
        var buffer = consume bytes
        var collector = RecordCollector(layout)
        let fault = withPadding(&buffer) { start, count in
            layout.tree.withView { tree in
                var walk = DocumentWalk(tree, layout.form, collector, start: start, count: count)
                let fault = walk.run()
                collector = walk.collector
                return fault
            }
        }
        if let fault = fault ?? nil {
            let names = layout.salvageable
            if !names.isEmpty { collector.salvage(salvage(buffer, names: names.map(\.name)), names) }
            throw JSONError(fault, envelope: collector.envelope)
        }
        if layout.records != nil, !collector.hasRecords { collector.missRecords() }
        if let refusal = collector.refusal {
            throw JSONError(refusal.kind, refusal.problem, envelope: collector.envelope)
        }
        return ScannedPage(buffer, collector)
    }

    /// Calls `body` with the bytes and what `ByteScanner` needs behind them.
    static func withPadding<R>(
        _ bytes: inout [UInt8], _ body: (ByteScanner.Cursor, Int) -> R?
    ) -> R? {
        let count = bytes.count
        bytes.reserveCapacity(count + ByteScanner.padding)
        bytes.append(contentsOf: repeatElement(0, count: ByteScanner.padding))
        defer { bytes.removeLast(ByteScanner.padding) }
        return bytes.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { body($0, count) }
        }
    }

    /// Searches broken or truncated bytes for strings at the top level, so that a rotated token in them is not lost.
    ///
    /// Best effort: only complete, valid, non-empty strings that belong to the outermost object are found, the last
    /// one of each name.
    package static func salvage(_ bytes: [UInt8], names: [String]) -> [String: String] {
        var copy = bytes
        return withPadding(&copy) { start, count in
            var search = Salvage(start: start, count: count, names: names)
            return search.run()
        } ?? [:]
    }
}
