/// What a resource's rows have to be like; a breach is a warning.
package struct Quality: Sendable, Equatable {
    /// The fewest rows that exist; nil asks for none.
    package var minimumRows: Int?
    /// Columns that have a value in every row.
    package var notNull: [Column] = []
    /// Columns whose value stands in one row only, each by itself; NULL is no value.
    package var unique: [Column] = []

    package init() {}

    package var isEmpty: Bool { self == Quality() }
}
