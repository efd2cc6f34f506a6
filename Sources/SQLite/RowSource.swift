import CSQLite

/// Rows that are made while a statement reads them from the table `rows(a, b, c, d)`, numbered from 0 by their `rowid`.
package protocol RowSource: AnyObject {
    /// Goes to the next row, the first time to the first one, and sets all of its texts.
    ///
    /// - Parameter row: Where they go; their bytes have to stay until the next `advance`.
    /// - Returns: false at the end.
    func advance(_ row: RowTexts) -> Bool
}

/// The four texts of a row of `rows`.
package struct RowTexts {
    fileprivate let texts: UnsafeMutablePointer<csqlite_text>

    /// - Parameters:
    ///   - index: 0 to 3.
    ///   - bytes: nil for NULL.
    package func set(_ index: Int, _ bytes: UnsafeRawBufferPointer?) {
        guard let bytes else {
            texts[index] = csqlite_text(bytes: nil, count: 0)
            return
        }
        let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self) ?? emptyText
        texts[index] = csqlite_text(bytes: start, count: sqlite3_uint64(bytes.count))
    }
}

/// Where the table `rows` of one connection gets its rows from.
final class RowTable {
    private var source: (any RowSource)?
    private let texts = UnsafeMutablePointer<csqlite_text>.allocate(capacity: 4)
    private let pointer = UnsafeMutablePointer<csqlite_rows>.allocate(capacity: 1)

    init() {
        texts.initialize(repeating: csqlite_text(bytes: nil, count: 0), count: 4)
        pointer.initialize(
            to: csqlite_rows(
                context: nil,
                advance: { context in
                    guard let context else { return 0 }
                    return Unmanaged<RowTable>.fromOpaque(context).takeUnretainedValue().advance() ? 1 : 0
                }, texts: texts))
        pointer.pointee.context = Unmanaged.passUnretained(self).toOpaque()
    }

    /// The connection has to be closed by then.
    deinit {
        pointer.deallocate()
        texts.deallocate()
    }

    private func advance() -> Bool { source?.advance(RowTexts(texts: texts)) ?? false }

    func offer(to database: OpaquePointer) -> Int32 { csqlite_offer_rows(database, pointer) }

    func with<Failure: Error>(_ source: any RowSource, _ body: () throws(Failure) -> Void) throws(Failure) {
        self.source = source
        defer { self.source = nil }
        try body()
    }
}
