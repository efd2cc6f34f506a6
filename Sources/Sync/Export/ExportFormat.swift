import SQLite

/// A form in which changes leave the program, as bytes behind one another.
protocol ExportFormat {
    /// The columns of a table that it shows, in its order.
    func columns(of table: FeedTable) -> [String]
    mutating func begin(_ table: FeedTable, _ bytes: inout [UInt8])
    /// One row of those columns.
    mutating func append(_ row: Statement, _ bytes: inout [UInt8])
    /// After a table's last row.
    mutating func end(_ table: FeedTable, newest: String?, _ bytes: inout [UInt8])
    /// What did not fit into the form, for people; asked once, at the end.
    var remarks: [String] { get }
}

extension ExportFormat {
    mutating func end(_ table: FeedTable, newest: String?, _ bytes: inout [UInt8]) {}
    var remarks: [String] { [] }
}
