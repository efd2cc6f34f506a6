import JSON
import TOML

/// Reads which resources a connection pulls, and how: `resources`, the tables named after them, and `custom`.
struct ResourceReader {
    let loader: ConfigLoader

    private var problems: TableReader.Problems { loader.problems }

    /// Fills in the connection's plans; its custom resources join those of its platform.
    func read(_ table: inout TableReader, into connection: inout Connection) {
        let customs = readCustom(&table, into: &connection.platform)
        let names = readNames(&table, connection.platform)
        for resource in connection.platform.resources {
            var plan = connection.plan(of: resource)
            plan.isSelected = names.contains(resource.name) || customs[resource.name] != nil
            var settings = customs[resource.name]
            if settings != nil, let entry = table.table[resource.name] {
                _ = table.item(resource.name)
                problems.add(
                    entry.keyPosition,
                    "the settings of '\(resource.name)' stand in [\(table.name).custom.\(resource.name)]; move them there"
                )
            } else if settings == nil {
                settings = table.table(resource.name)
            }
            if let settings { read(settings, into: &plan, of: connection) }
            if customs[resource.name] != nil { askForColumns(&plan) }
            if plan.isSelected || settings != nil { connection.resources.append(plan) }
        }
        checkSources(table, connection)
        checkDeclared(table, connection)
    }

    /// A platform that is known from the config alone has nothing but what is declared.
    private func checkDeclared(_ table: TableReader, _ connection: Connection) {
        guard connection.platform.declared != nil, connection.platform.resources.isEmpty,
            !table.has("custom")
        else { return }
        problems.add(
            table.position,
            "[\(table.name)] declares no resource; add one as [\(table.name).custom.NAME] with 'path' and 'key'"
        )
    }

    /// The custom resources' tables by name; the resources are added to the platform.
    private func readCustom(_ table: inout TableReader, into platform: inout Platform) -> [String:
        TableReader]
    {
        guard platform.custom != nil || table.has("custom"), let custom = table.table("custom") else {
            return [:]
        }
        var reader = CustomReader(platform: platform, problems: problems, declared: loader.customs)
        if platform.declared != nil { reader.pages = PagesReader(problems: problems).pages(&table) }
        var tables: [String: TableReader] = [:]
        for entry in custom.table.entries {
            guard case .table(let inner) = entry.item.value else {
                problems.add(
                    entry.keyPosition,
                    "'\(entry.key)' in [\(custom.name)] is \(entry.item.value.typeName);"
                        + " allowed is a table [\(custom.name).\(entry.key)]")
                continue
            }
            var settings = TableReader(
                inner, name: "\(custom.name).\(entry.key)", at: entry.keyPosition, problems: problems)
            guard let resource = reader.resource(entry, &settings) else {
                settings.finish(
                    known: ["since", "drop", "fields", "limit", "full_every", "fresh_within"]
                        + QualityReader.keys)
                continue
            }
            platform.resources.append(resource)
            tables[resource.name] = settings
        }
        return tables
    }

    private func readNames(_ table: inout TableReader, _ platform: Platform) -> [String] {
        guard let given = table.texts("resources", of: "resources") else { return platform.defaultResources }
        let all = platform.resources.map(\.name)
        var names: [String] = []
        for (name, position) in given {
            if !all.contains(name) {
                problems.add(
                    position,
                    "unknown resource '\(name)' of \(platform.id); \(Nearest.hint(to: name, among: all))")
            } else if names.contains(name) {
                problems.add(position, "the resource '\(name)' stands twice in 'resources'; once is enough")
            } else {
                names.append(name)
            }
        }
        if given.isEmpty, let item = table.table["resources"]?.item {
            problems.add(
                item.position, "'resources' is empty; name some, or leave it out for the default list")
        }
        return names
    }

    /// A custom resource's columns are asked for like its fields.
    private func askForColumns(_ plan: inout ResourcePlan) {
        if case .required = plan.resource.fields { plan.fields = plan.fields ?? [] }
        guard let fields = plan.fields else { return }
        let columns = plan.resource.columns.compactMap {
            $0.path.split(separator: ".").first.map(String.init)
        }
        var seen: Set<String> = []
        plan.fields = (fields + columns).filter { seen.insert($0).inserted }
    }

    /// A resource whose ids come from another one would find none without it.
    private func checkSources(_ table: TableReader, _ connection: Connection) {
        let selected = connection.resources.filter(\.isSelected).map(\.resource)
        for resource in selected {
            guard case .identifiers(_, let source, _, _) = resource.pagination,
                !selected.contains(where: { $0.name == source })
            else { continue }
            problems.add(
                table.table["resources"]?.item.position ?? table.position,
                "'\(resource.name)' takes its ids from '\(source)', which is not in 'resources'; add \"\(source)\""
            )
        }
    }

    // MARK: Settings of one resource

    private func read(_ table: TableReader, into plan: inout ResourcePlan, of connection: Connection) {
        var table = table
        let resource = plan.resource
        plan.since = table.moment("since")
        if plan.since != nil, resource.cursor == nil, let position = table.table["since"]?.keyPosition {
            problems.add(
                position,
                "'since' cannot be used for '\(resource.name)'; it has no modification time to ask by")
        }
        for (text, position) in table.texts("drop", of: "paths such as \"$.customer.email\"") ?? [] {
            do {
                plan.drop.append(try JSONPath(text))
            } catch {
                problems.add(position, "in 'drop', \(error)")
            }
        }
        if let fields = table.texts("fields", of: "field names") {
            readFields(
                fields, position: table.table["fields"]?.keyPosition ?? table.position, into: &plan,
                of: connection)
        }
        plan.limit = table.integer("limit", in: 1...resource.maximumLimit) ?? plan.limit
        plan.fullEverySeconds = table.seconds("full_every") ?? plan.fullEverySeconds
        plan.freshWithinSeconds = table.seconds("fresh_within", atLeast: 1)
        plan.quality = QualityReader(plan: plan).quality(&table)
        table.finish()
    }

    private func readFields(
        _ fields: [(text: String, position: TOMLPosition)], position: TOMLPosition,
        into plan: inout ResourcePlan, of connection: Connection
    ) {
        guard plan.resource.fields != .none else {
            problems.add(
                position,
                "'fields' cannot be used for '\(plan.resource.name)'; the platform sends whole records")
            return
        }
        let needed = plan.resource.key + [plan.resource.updated, plan.resource.created].compactMap { $0 }
        var names = needed.compactMap { $0.split(separator: ".").first.map(String.init) }
        let persons = connection.platform.resources.reduce(into: Set<String>()) { $0.formUnion($1.personal) }
        for (name, position) in fields {
            let isPlain =
                !name.isEmpty && name.utf8.allSatisfy { $0.isASCIILetterOrDigit || $0 == 0x5F || $0 == 0x2D }
            if !isPlain {
                problems.add(
                    position, "the field '\(name)' cannot be used; allowed are letters, digits, '_' and '-'")
            } else if persons.contains(name), connection.settings["personal_data"] != .flag(true) {
                problems.add(
                    position,
                    "the field '\(name)' is personal data; set personal_data = true under"
                        + " [connections.\(connection.id)] to ask for it")
            } else {
                names.append(name)
            }
        }
        var seen: Set<String> = []
        plan.fields = names.filter { seen.insert($0).inserted }
    }
}
