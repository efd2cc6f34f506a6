/// A resource that a config declares by itself; its platform makes a `Resource` of it.
package struct CustomResource: Sendable, Equatable {
    package var name: String
    package var path: String
    /// Dotted paths of the key's parts inside a record.
    package var key: [String]
    /// Members from the root of the answer to the records; nil leaves it to the platform.
    package var records: [String]?
    /// Fields to ask for.
    package var fields: [String]?
    /// The field by which changes are asked for.
    package var cursor: String?
    package var created: String?
    package var updated: String?
    package var limit: Int?
    package var columns: [Column]
    /// How the listing goes on, where the platform does not know it.
    package var pages: Pagination?
    /// What goes with every call.
    package var parameters: [Parameter] = []
    /// The parameters that ask by the cursor, and how times are written in them.
    package var cursorSince: String?
    package var cursorUntil: String?
    package var cursorTimes: TimeForm?

    package init(name: String, path: String, key: [String]) {
        self.name = name
        self.path = path
        self.key = key
        columns = []
    }

    /// Makes the resource, or says what the platform cannot do.
    package typealias Template = @Sendable (CustomResource) throws(Refusal) -> Resource

    /// What is wrong with a declaration.
    package struct Refusal: Error, Sendable, Equatable {
        /// The key of the declaration that it is about.
        package var key: String
        /// What is wrong; what is allowed.
        package var problem: String

        package init(_ key: String, _ problem: String) {
            self.key = key
            self.problem = problem
        }
    }

    /// The declared columns, and every field that is asked for or needed beside them.
    package var allColumns: [Column] {
        var columns = columns
        func add(_ path: String?, _ kind: Column.Kind) {
            guard let path, !columns.contains(where: { $0.path == path }) else { return }
            columns.append(Column(path.replacing(".", with: "_"), kind, at: path))
        }
        for path in key { add(path, .exact) }
        for path in [cursor, created, updated] { add(path, .time) }
        for path in fields ?? [] { add(path, .text) }
        return columns
    }
}
