/// What became of one record between two runs.
package struct RecordChange: Sendable {
    package enum Kind: String, Sendable, CaseIterable { case inserted, updated, deleted, restored }

    package var kind: Kind
    package var id: String
    /// Of its last change in the span.
    package var changedRun: String
    /// The record at the start of the span; nil where there was none, or where it is not kept.
    package var old: [UInt8]?
    /// The record at the end of the span.
    package var new: [UInt8]
    /// Whether what it was like at the start is known.
    package var isOldKnown: Bool
}

/// How many records of a resource changed.
package struct ChangeCounts: Sendable, Equatable {
    package var byKind: [RecordChange.Kind: Int] = [:]
    /// Changed records whose state at the start is not kept.
    package var unknown = 0
    /// Records that changed after the span; whether they changed in it as well is not kept.
    package var later = 0

    package init() {}

    package var total: Int { byKind.values.reduce(0, +) }
    package var isEmpty: Bool { total == 0 && later == 0 }

    package mutating func add(_ change: RecordChange) {
        byKind[change.kind, default: 0] += 1
        if !change.isOldKnown { unknown += 1 }
    }
}
