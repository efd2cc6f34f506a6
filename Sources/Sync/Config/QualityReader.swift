import JSON
import TOML

/// Reads what a resource's rows have to be like: `min_rows`, `not_null`, `unique`.
struct QualityReader {
    static let keys = ["min_rows", "not_null", "unique"]

    /// The resource's plan, its other settings read already.
    let plan: ResourcePlan

    func quality(_ table: inout TableReader) -> Quality {
        var quality = Quality()
        quality.minimumRows = table.integer("min_rows", in: 0...1_000_000_000)
        quality.notNull = columns("not_null", &table)
        quality.unique = columns("unique", &table)
        return quality
    }

    private func columns(_ key: String, _ table: inout TableReader) -> [Column] {
        var columns: [Column] = []
        for (name, position) in table.texts(key, of: "columns") ?? [] {
            guard let column = column(name, key, position, table) else { continue }
            if columns.contains(where: { $0.name == name }) {
                table.problems.add(position, "'\(name)' stands twice in '\(key)'; once is enough")
            }
            columns.append(column)
        }
        return columns
    }

    /// A column of the view by its name there, or a path inside the record such as `$.customer.email`.
    private func column(_ name: String, _ key: String, _ position: TOMLPosition, _ table: TableReader)
        -> Column?
    {
        if name.hasPrefix("$") { return path(name, key, position, table) }
        let shown = MirrorSchema.columns(of: plan.resource)
        let own = MirrorSchema.checkedColumns
        if own.contains(name) { return Column(name, .text, at: "") }
        guard let column = shown.first(where: { $0.name == name })?.column else {
            table.problems.add(
                position,
                "unknown column '\(name)' of '\(plan.resource.name)' in '\(key)'; "
                    + Nearest.hint(to: name, among: shown.map(\.name) + own))
            return nil
        }
        guard isAskedFor(column) else {
            table.problems.add(
                position,
                "the column '\(name)' in '\(key)' is not asked for, so it has no value; add it to 'fields', or set"
                    + " personal_data = true if it names a person")
            return nil
        }
        return Column(name, column.kind, at: column.path)
    }

    private func path(_ text: String, _ key: String, _ position: TOMLPosition, _ table: TableReader)
        -> Column?
    {
        let names: [String]? = (try? JSONPath(text))?.components.reduce(into: [String]?([])) {
            names, component in
            if case .member(let name) = component, !name.contains("."), !name.contains("\"") {
                names?.append(name)
            } else {
                names = nil
            }
        }
        guard let names else {
            table.problems.add(
                position,
                "the path '\(text)' in '\(key)' cannot be used; allowed is a column, or a path of single members"
                    + " such as $.customer.email")
            return nil
        }
        return Column(text, .text, at: names.joined(separator: "."))
    }

    private func isAskedFor(_ column: Column) -> Bool {
        if plan.withheld.contains(column.path) { return false }
        guard let fields = plan.fields else { return true }
        let member = column.path.split(separator: ".").first.map(String.init) ?? column.path
        return fields.contains(column.path) || fields.contains(member)
    }
}
