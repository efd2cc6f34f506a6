/// Where a resource's pages keep what matters: the records, their keys and times, and the envelope's values.
///
/// Built once per resource. Names are compared decoded, so `"\u0069d"` is `id`, byte by byte.
package struct PageLayout: Sendable {
    package enum RecordsForm: Sendable, Hashable {
        /// The member is a list of records.
        case array
        /// The member is one record: `{"data": {...}}`.
        case object
        case arrayOrObject
    }

    let records: [String]?
    let form: RecordsForm
    let key: [[String]]
    package let envelopeCount: Int
    let maximumRecordBytes: Int
    let tree: PathTree
    /// The names of the envelope's values at the top level, and their indexes.
    let salvageable: [(name: String, index: Int)]

    /// Describes the pages of a resource.
    ///
    /// - Parameters:
    ///   - records: The names from the root to the records; empty when the document itself is them; nil when there are
    ///     none and only the envelope is wanted.
    ///   - form: What the records' member holds.
    ///   - key: One path inside the record per part of the key. Without any, the ids are empty.
    ///   - created: The path of the record's creation time, inside the record.
    ///   - updated: The path of the record's modification time, inside the record.
    ///   - drop: What is cut out of the records' payload; key and times are read all the same.
    ///   - envelope: Paths whose values are captured outside (and, with `.object`, inside) the records.
    ///   - maximumRecordBytes: The most a record's payload may have, compacted and without what is dropped.
    package init(
        records: [String]?, form: RecordsForm = .array, key: [[String]] = [], created: [String]? = nil,
        updated: [String]? = nil, drop: [JSONPath] = [], envelope: [[String]] = [],
        maximumRecordBytes: Int = .max
    ) {
        self.records = records
        self.form = form
        self.key = key
        self.maximumRecordBytes = maximumRecordBytes
        envelopeCount = envelope.count
        salvageable = envelope.enumerated().compactMap { index, path in
            path.count == 1 ? path.first.map { ($0, index) } : nil
        }

        var tree = PathTree()
        func addRecord(at base: Int) {
            for (part, path) in key.enumerated() {
                tree.add(.key(part), at: tree.node(at: path.map { .member($0) }, below: base))
            }
            if let created { tree.add(.created, at: tree.node(at: created.map { .member($0) }, below: base)) }
            if let updated { tree.add(.updated, at: tree.node(at: updated.map { .member($0) }, below: base)) }
            for path in drop { tree.drop(path, below: base) }
        }
        if let records {
            let node = tree.node(at: records.map { .member($0) })
            tree.markRecords(at: node)
            if form != .array { addRecord(at: node) }
            if form != .object {
                let element = tree.element(of: node)
                tree.markRecord(at: element)
                addRecord(at: element)
            }
        }
        for (index, path) in envelope.enumerated() {
            tree.add(.envelope(index), at: tree.node(at: path.map { .member($0) }))
        }
        self.tree = tree
    }
}
