import JSON
import SQLite

/// Records of a page whose rows are looked for: their keys and payloads.
final class SoughtRecords: RowSource {
    private let page: ScannedPage.Contents
    private var rest: ArraySlice<Int>

    /// - Parameters:
    ///   - page: The page.
    ///   - wanted: Which of its records.
    init(_ page: ScannedPage.Contents, _ wanted: ArraySlice<Int>) {
        self.page = page
        rest = wanted
    }

    func advance(_ row: RowTexts) -> Bool {
        guard let record = rest.popFirst() else { return false }
        row.set(0, page.id(record))
        row.set(1, page.payload(record))
        return true
    }
}
