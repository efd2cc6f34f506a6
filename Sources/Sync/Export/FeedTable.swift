/// A resource's view, as one stream of changes.
package struct FeedTable: Sendable {
    package struct Column: Sendable, Equatable {
        package var name: String
        package var kind: Sync.Column.Kind
    }

    package var platform: String
    package var resource: String
    /// `shopline_orders`.
    package var view: String
    /// As the view in the mirror has them, or will have them after the first pull.
    package var columns: [Column]
    /// Whether it was ever pulled.
    package var isPresent = false

    init(_ resource: Resource, on platform: Platform) {
        self.platform = platform.id
        self.resource = resource.name
        view = MirrorSchema.view(of: resource, on: platform)
        let declared = MirrorSchema.columns(of: resource).map { Column(name: $0.name, kind: $0.column.kind) }
        columns = Self.first + declared + Self.last
    }

    /// Takes the columns that the view has now: an older program may have made it.
    mutating func adopt(_ names: [String]) {
        guard !names.isEmpty else { return }
        isPresent = true
        let known = Dictionary(columns.map { ($0.name, $0.kind) }) { kind, _ in kind }
        columns = names.map { Column(name: $0, kind: known[$0] ?? .text) }
    }

    private static let first = [
        Column(name: "connection", kind: .exact), Column(name: "id", kind: .exact),
        Column(name: "created_at", kind: .time), Column(name: "updated_at", kind: .time),
    ]

    private static let last = [
        Column(name: "first_seen_at", kind: .time), Column(name: "changed_at", kind: .time),
        Column(name: "changed_run", kind: .exact), Column(name: "change", kind: .exact),
        Column(name: "deleted_at", kind: .time), Column(name: "payload", kind: .text),
    ]
}
