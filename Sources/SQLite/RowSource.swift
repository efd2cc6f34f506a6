import CSQLite

/// Rows that are made while a statement reads them from the table `rows(a, b, c, d)`.
package protocol RowSource: AnyObject {
    /// Goes to the next row, the first time to the first one.
    ///
    /// - Returns: false at the end.
    func advance() -> Bool

    /// A text of the current row, nil for NULL; the bytes have to stay until the next `advance`.
    func column(_ index: Int) -> UnsafeRawBufferPointer?
}

/// Where the table `rows` of one connection gets its rows from.
final class RowTable {
    private var source: (any RowSource)?
    private let pointer = UnsafeMutablePointer<csqlite_rows>.allocate(capacity: 1)

    init() {
        pointer.initialize(
            to: csqlite_rows(
                context: nil,
                advance: { context in
                    guard let source = RowTable.from(context)?.source else { return 0 }
                    return source.advance() ? 1 : 0
                },
                column: { context, index, count in
                    guard let bytes = RowTable.from(context)?.source?.column(Int(index)) else { return nil }
                    count?.pointee = sqlite3_uint64(bytes.count)
                    return bytes.baseAddress?.assumingMemoryBound(to: CChar.self) ?? emptyText
                }))
        pointer.pointee.context = Unmanaged.passUnretained(self).toOpaque()
    }

    /// The connection has to be closed by then.
    deinit { pointer.deallocate() }

    private static func from(_ context: UnsafeMutableRawPointer?) -> RowTable? {
        context.map { Unmanaged<RowTable>.fromOpaque($0).takeUnretainedValue() }
    }

    func offer(to database: OpaquePointer) -> Int32 { csqlite_offer_rows(database, pointer) }

    func with<Failure: Error>(_ source: any RowSource, _ body: () throws(Failure) -> Void) throws(Failure) {
        self.source = source
        defer { self.source = nil }
        try body()
    }
}
