import JSON
import SQLite

/// Records of a page on their way into a table, until one turns out to be there already.
final class NewRecords: RowSource {
    /// How many of them were inserted; the next one, if any, was there.
    private(set) var inserted = 0

    private let page: ScannedPage.Contents
    private let wanted: ArraySlice<Int>
    private let zone: TimeReader.Zone
    private let database: Database
    private var next: Int
    /// Of the current record.
    private var updated: Timestamp?
    private var unreadable = 0
    private var rows: [Int64] = []
    private var high: Timestamp?
    private var unreadableTimes = 0
    /// The two times of the current record as text.
    private let texts = UnsafeMutableRawBufferPointer.allocate(
        byteCount: 2 * Timestamp.textLength, alignment: 1)

    /// - Parameters:
    ///   - page: The page.
    ///   - wanted: Which of its records.
    ///   - zone: How its times are read.
    ///   - database: Where they go.
    init(
        _ page: ScannedPage.Contents, _ wanted: ArraySlice<Int>, zone: TimeReader.Zone, in database: Database
    ) {
        self.page = page
        self.wanted = wanted
        self.zone = zone
        self.database = database
        next = wanted.startIndex
        rows.reserveCapacity(wanted.count)
    }

    deinit { texts.deallocate() }

    func advance(_ row: RowTexts) -> Bool {
        if next > wanted.startIndex, !settle() { return false }
        guard next < wanted.endIndex else { return false }
        let record = wanted[next]
        next += 1
        var times = RecordTimes()
        unreadable = times.readUpdated(page.updated(record), zone)
        unreadable += times.readCreated(page.created(record), zone)
        updated = times.updated
        row.set(0, page.id(record))
        row.set(1, page.payload(record))
        row.set(2, text(of: times.created, at: 0))
        row.set(3, text(of: times.updated, at: Timestamp.textLength))
        // Row numbers begin with 1.
        database.lastInsertedRow = 0
        return true
    }

    private func text(of time: Timestamp?, at start: Int) -> UnsafeRawBufferPointer? {
        guard let time else { return nil }
        let text = UnsafeMutableRawBufferPointer(rebasing: texts[start..<start + Timestamp.textLength])
        time.write(into: text)
        return UnsafeRawBufferPointer(text)
    }

    /// - Returns: Whether the record before was inserted.
    private func settle() -> Bool {
        let row = database.lastInsertedRow
        guard row != 0 else { return false }
        rows.append(row)
        inserted += 1
        unreadableTimes += unreadable
        if let updated, high.map({ $0 < updated }) ?? true { high = updated }
        return true
    }

    /// Adds what was inserted to what the page did.
    func count(in outcome: inout Upsert.Outcome) {
        outcome.counts.inserted += inserted
        outcome.changedRows += inserted
        outcome.rows += rows
        outcome.unreadableTimes += unreadableTimes
        outcome.reach(high)
    }
}
