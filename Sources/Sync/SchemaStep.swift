package import SQLite

/// What leads one of our files from a version of its schema to the next.
///
/// Steps are only ever added at the end: a new file goes through all of them, an older one through those that it lacks,
/// in one transaction. What a step makes, it makes `IF NOT EXISTS`.
package struct SchemaStep: Sendable {
    /// What it does, for people, such as `adds the table of past prices`.
    package var summary: String
    private let change: @Sendable (Database) throws -> Void

    package init(_ summary: String, _ change: @escaping @Sendable (Database) throws -> Void) {
        self.summary = summary
        self.change = change
    }

    /// What an older file lacks.
    struct Migration: Sendable {
        var from: Int64
        var to: Int64
        var steps: [SchemaStep]

        /// Runs what is lacking, inside the caller's transaction.
        func run(in database: Database) throws {
            for step in steps { try step.change(database) }
            try database.execute("PRAGMA user_version=\(to)")
        }
    }
}

extension [SchemaStep] {
    /// The version that all of them lead to.
    package var version: Int64 { Int64(count) }

    /// What a file of ours lacks; nil when it has everything, or more than we know.
    func migration(of database: Database) throws(SQLiteError) -> SchemaStep.Migration? {
        let found = try database.integer("PRAGMA user_version") ?? 0
        guard (0..<version).contains(found) else { return nil }
        return SchemaStep.Migration(from: found, to: version, steps: Array(self[Int(found)...]))
    }
}
