/// A value and where it stands.
package struct TOMLItem: Hashable, Sendable {
    package var value: TOMLValue
    /// The first character of the value; of a table made by a header, the header's bracket.
    ///
    /// A table that no header and no brace names, as `a` in `a.b = 1`, stands at its key.
    package var position: TOMLPosition

    package init(value: TOMLValue, position: TOMLPosition) {
        self.value = value
        self.position = position
    }
}
