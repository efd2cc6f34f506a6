/// What became of the records of a page, a pull or a run.
package struct RecordCounts: Sendable, Equatable {
    package var fetched = 0
    package var inserted = 0
    package var updated = 0
    package var unchanged = 0
    package var deleted = 0
    package var restored = 0
    /// Records whose key came again later in the same page.
    package var duplicate = 0

    package init() {}

    package static func += (left: inout RecordCounts, right: RecordCounts) {
        left.fetched += right.fetched
        left.inserted += right.inserted
        left.updated += right.updated
        left.unchanged += right.unchanged
        left.deleted += right.deleted
        left.restored += right.restored
        left.duplicate += right.duplicate
    }

    /// Leaves out the records that were met a second time and were still the same.
    mutating func forgetUnchanged(since before: RecordCounts) {
        fetched -= unchanged - before.unchanged
        unchanged = before.unchanged
    }

    /// Whether the mirror differs from before.
    package var changedAnything: Bool { inserted + updated + deleted + restored > 0 }
}
