import TOML

/// Makes sure that no two declared resources meet in one table of the mirror.
///
/// `a-b` and `a.b` are one name in SQL, as are upper and lower case, and the connection `a` with `b_c` meets `a_b` with `c`.
struct TableNames {
    let problems: TableReader.Problems

    /// What the mirror makes beside a resource's view.
    private static let ends = ["", "_data", "_feed", "_gone"]

    func check(_ connections: [Connection]) {
        var owners: [String: String] = [:]
        for connection in connections where connection.platform.declared != nil {
            var own: [String] = []
            for resource in connection.platform.resources {
                let view = MirrorSchema.view(of: resource, on: connection.platform).lowercased()
                own += Self.ends.map { view + $0 }
                guard let owner = own.suffix(Self.ends.count).compactMap({ owners[$0] }).first else {
                    continue
                }
                problems.add(
                    TOMLPosition(line: connection.line, column: 1),
                    "the table \(view) of [connections.\(connection.id)] meets one of [connections.\(owner)] in the"
                        + " mirror; rename one of the connections or the resource '\(resource.name)'")
            }
            for name in own { owners[name] = connection.id }
        }
    }
}
