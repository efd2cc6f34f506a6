/// The part of a record that is kept; the rest follows from it and the seed.
struct RecordRow {
    /// Unique in its table; records are listed in ascending order of it.
    let identifier: Int
    /// References to other tables, by their identifiers.
    var first = 0
    var second = 0
    let created: Int
    var updated: Int
    var revision = 0
    var isDeleted = false
}
