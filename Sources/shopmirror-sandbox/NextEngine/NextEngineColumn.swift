/// A field a search selects or filters by, own or of a joined record.
struct NextEngineColumn {
    let field: NextEngineField
    /// `nil` for a field of the entity itself.
    let join: NextEngineEntity.Join?
}
