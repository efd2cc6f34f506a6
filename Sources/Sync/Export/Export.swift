/// One walk through the change feed, in one of three forms.
package struct Export {
    package enum Form: String, Sendable, CaseIterable { case ndjson, csv, singer }

    /// What came of it.
    package struct Outcome: Sendable, Equatable {
        package var rows = 0
        package var tables = 0
        /// Whether the reader was still there at the end.
        package var isComplete = true
        /// What did not fit into the form.
        package var remarks: [String] = []
    }

    private let feed: ChangeFeed
    private let tables: [FeedTable]
    private let connections: [String]
    private let last: SingerState
    private let form: Form

    /// Checks that the form can hold the tables and that every run to go on from is the mirror's own.
    ///
    /// - Parameters:
    ///   - feed: The mirror.
    ///   - tables: What to export.
    ///   - connections: Only theirs; none means all.
    ///   - last: The last run that is known already, by table; tables that are not in it are exported whole.
    ///   - form: How it is written.
    /// - Throws: `Problem` with `usage`.
    package init(
        _ feed: ChangeFeed, _ tables: [FeedTable], connections: [String], after last: SingerState,
        as form: Form
    ) throws(Problem) {
        if form == .csv, tables.count != 1 { throw Wording.oneTableNeeded(tables.map(\.view)) }
        for run in Set(tables.compactMap { last[$0.view] }).sorted() {
            guard try feed.hasFinished(run) else { throw Wording.unknownRun(run, newest: feed.newest) }
        }
        self.feed = feed
        self.tables = tables
        self.connections = connections
        self.last = last
        self.form = form
    }

    /// Walks all tables.
    ///
    /// - Parameter write: Takes a piece at a time; false says that nobody wants more.
    /// - Returns: What came of it.
    /// - Throws: `Problem` with `storage_failed`.
    package func run(_ write: ([UInt8]) -> Bool) throws(Problem) -> Outcome {
        switch form {
        case .ndjson: return try run(NdjsonFormat(), write)
        case .csv: return try run(CsvFormat(), write)
        case .singer: return try run(SingerFormat(state: last), write)
        }
    }

    private func run(
        _ format: some ExportFormat, _ write: ([UInt8]) -> Bool
    ) throws(Problem) -> Outcome {
        var format = format
        var outcome = Outcome()
        var bytes: [UInt8] = []
        bytes.reserveCapacity(2 * Self.piece)
        func flush() {
            outcome.isComplete = bytes.isEmpty || write(bytes)
            bytes.removeAll(keepingCapacity: bytes.capacity <= 16 * Self.piece)
        }
        for table in tables {
            format.begin(table, &bytes)
            if table.isPresent {
                outcome.tables += 1
                try feed.rows(
                    of: table, format.columns(of: table), after: last[table.view], connections: connections
                ) { row in
                    format.append(row, &bytes)
                    outcome.rows += 1
                    if bytes.count >= Self.piece { flush() }
                    return outcome.isComplete
                }
                if outcome.isComplete { format.end(table, newest: feed.newest, &bytes) }
            }
            if outcome.isComplete { flush() }
            guard outcome.isComplete else { break }
        }
        outcome.remarks = format.remarks
        if outcome.isComplete { outcome.remarks += try leftOut() }
        return outcome
    }

    /// Who takes an export for the whole table has to know that rows are missing.
    private func leftOut() throws(Problem) -> [String] {
        var remarks: [String] = []
        for table in tables where table.isPresent && last[table.view] == nil {
            let count = try feed.unfinished(of: table, connections: connections)
            if count > 0 { remarks.append(Wording.leftOut(table.view, count)) }
        }
        return remarks
    }

    /// Bytes that are written at a time, as a rule.
    private static let piece = 65_536
}
