import TOML

/// Reads one `[connections.NAME.custom.RESOURCE]` table.
struct CustomReader {
    /// Custom resources of the whole file: one name on one platform is one table of the mirror.
    final class Declared {
        struct Entry {
            var resource: CustomResource
            var place: String
        }

        var entries: [String: Entry] = [:]
    }

    let platform: Platform
    let problems: TableReader.Problems
    let declared: Declared
    /// How listings go on unless they say otherwise; only platforms that are declared themselves can be told.
    var pages: Pagination?

    /// - Parameters:
    ///   - entry: The table with its name.
    ///   - table: The same, as a reader; what is a setting of every resource is left to ask for.
    /// - Returns: The resource; nil where it is wrong.
    func resource(_ entry: TOMLTable.Entry, _ table: inout TableReader) -> Resource? {
        let before = problems.all.count
        checkName(entry)
        guard let template = platform.custom else {
            problems.add(
                entry.keyPosition, "\(platform.id) has no custom resources; take [\(table.name)] out")
            return nil
        }
        let path = table.text("path")
        let key = names(&table, "key", of: "the fields of the key")
        if !table.has("path") {
            problems.add(entry.keyPosition, "[\(table.name)] lacks 'path', the call's path")
        }
        if !table.has("key") {
            problems.add(
                entry.keyPosition, "[\(table.name)] lacks 'key', the fields of the key, such as [\"id\"]")
        }
        var custom = CustomResource(name: entry.key, path: path ?? "", key: key ?? [])
        custom.records = fieldName(&table, "records").map { $0.split(separator: ".").map(String.init) }
        custom.cursor = fieldName(&table, "cursor")
        custom.created = fieldName(&table, "created")
        custom.updated = fieldName(&table, "updated")
        custom.columns = columns(&table)
        custom.fields = table.peekTexts("fields")
        custom.limit = table.peekInteger("limit")
        if platform.declared != nil { readCalls(&table, into: &custom) }
        checkPath(path, table)
        guard problems.all.count == before else { return nil }
        do {
            let resource = try template(custom)
            checkColumns(resource, entry)
            checkShared(custom, entry, table.name)
            return resource
        } catch {
            problems.add(table.table[error.key]?.item.position ?? entry.keyPosition, error.problem)
            return nil
        }
    }

    /// What a platform that is known beforehand says by itself: paging, fixed parameters and the cursor's filter.
    private func readCalls(_ table: inout TableReader, into custom: inout CustomResource) {
        custom.pages = PagesReader(problems: problems).pages(&table) ?? pages
        if var inner = table.table("parameters") {
            for entry in inner.table.entries {
                guard PagesReader.isParameter(entry.key) else {
                    problems.add(
                        entry.keyPosition,
                        "the parameter '\(entry.key)' cannot be used; allowed are letters, digits and any of _-.[]"
                    )
                    continue
                }
                guard let value = inner.text(entry.key) else { continue }
                custom.parameters.append(Parameter(entry.key, value))
            }
        }
        custom.cursorSince = parameter(&table, "cursor_since")
        custom.cursorUntil = parameter(&table, "cursor_until")
        guard let text = table.text("cursor_times") else { return }
        custom.cursorTimes = TimeForm.named(text)
        if custom.cursorTimes == nil, let position = table.table["cursor_times"]?.item.position {
            problems.add(
                position,
                "'cursor_times' is \"\(text)\"; \(Nearest.hint(to: text, among: TimeForm.names.map(\.name)))")
        }
    }

    private func parameter(_ table: inout TableReader, _ key: String) -> String? {
        guard let name = table.text(key), let position = table.table[key]?.item.position else { return nil }
        guard PagesReader.isParameter(name) else {
            problems.add(
                position,
                "the parameter '\(name)' cannot be used; allowed are letters, digits and any of _-.[]")
            return nil
        }
        return name
    }

    /// Ends of names that the mirror's own tables and indexes have.
    private static let reservedEnds = ["_data", "_feed", "_gone", "_newest"]

    private func checkName(_ entry: TOMLTable.Entry) {
        let name = entry.key
        let isPlain = name.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 &- 0x30 < 10 || $0 == 0x5F }
        let startsWell = name.utf8.first.map { (0x61...0x7A).contains($0) } ?? false
        let isReserved = Self.reservedEnds.contains { name.hasSuffix($0) }
        guard isPlain, startsWell, name.utf8.count <= 40, !isReserved else {
            return problems.add(
                entry.keyPosition,
                "the custom resource's name '\(name)' cannot be used; allowed are up to 40 of a-z, 0-9 and '_',"
                    + " a letter first, not ending in \(Self.reservedEnds.joined(separator: ", "))")
        }
        if platform.resource(named: name) != nil {
            problems.add(
                entry.keyPosition, "'\(name)' is a resource of \(platform.id) already; choose another name")
        }
        if let owner = platform.resources.first(where: {
            $0.lists.contains { $0.name == name } || $0.history?.name == name
        }) {
            problems.add(
                entry.keyPosition,
                "'\(name)' is a view of '\(owner.name)' of \(platform.id) already; choose another name")
        }
    }

    private func checkPath(_ path: String?, _ table: TableReader) {
        guard let path, let position = table.table["path"]?.item.position else { return }
        let isPlain = path.utf8.allSatisfy {
            $0.isASCIILetterOrDigit || [0x2D, 0x2E, 0x2F, 0x5F].contains($0)
        }
        guard !isPlain || path.isEmpty || path.contains("..") || path.contains("//") else { return }
        problems.add(
            position,
            "the path \"\(path)\" cannot be used; allowed is the path behind the platform's address,"
                + " without host and query")
    }

    // MARK: Names

    private func names(_ table: inout TableReader, _ key: String, of what: String) -> [String]? {
        guard let given = table.texts(key, of: what) else { return nil }
        if given.isEmpty, let item = table.table[key]?.item {
            problems.add(item.position, "'\(key)' is empty; allowed are \(what)")
        }
        var seen: Set<String> = []
        for (name, position) in given {
            check(name, position)
            if !seen.insert(name).inserted {
                problems.add(position, "'\(name)' stands twice in '\(key)'; once is enough")
            }
        }
        return given.map(\.text)
    }

    private func fieldName(_ table: inout TableReader, _ key: String) -> String? {
        guard let name = table.text(key), let position = table.table[key]?.item.position else { return nil }
        check(name, position)
        return name
    }

    private func check(_ name: String, _ position: TOMLPosition) {
        guard !Self.isFieldName(name) else { return }
        problems.add(position, Self.unusableField(name))
    }

    static func unusableField(_ name: String) -> String {
        "the field '\(name)' cannot be used; allowed are letters, digits, '_' and '-', with '.' between members"
    }

    static func isFieldName(_ name: String) -> Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.allSatisfy { part in
            !part.isEmpty && part.utf8.allSatisfy { $0.isASCIILetterOrDigit || $0 == 0x5F || $0 == 0x2D }
        }
    }

    // MARK: Columns

    private func columns(_ table: inout TableReader) -> [Column] {
        guard let columns = table.table("columns") else { return [] }
        let kinds = Column.Kind.allCases.map(\.rawValue)
        return columns.table.entries.compactMap { entry in
            check(entry.key, entry.keyPosition)
            guard case .string(let text) = entry.item.value, let kind = Column.Kind(rawValue: text) else {
                let found =
                    if case .string(let text) = entry.item.value { "\"\(text)\"" } else {
                        entry.item.value.typeName
                    }
                problems.add(
                    entry.item.position,
                    "the column '\(entry.key)' is \(found); allowed are \(kinds.joined(separator: ", "))")
                return nil
            }
            let name = entry.key.replacing(".", with: "_").replacing("-", with: "_")
            return Column(name, kind, at: entry.key)
        }
    }

    /// Two columns of one name would hide each other in the view.
    private func checkColumns(_ resource: Resource, _ entry: TOMLTable.Entry) {
        var seen: Set<String> = []
        for (name, _) in MirrorSchema.columns(of: resource) where !seen.insert(name.lowercased()).inserted {
            problems.add(
                entry.keyPosition, "two columns of '\(entry.key)' are called '\(name)'; name each once")
        }
    }

    private func checkShared(_ custom: CustomResource, _ entry: TOMLTable.Entry, _ place: String) {
        let name = "\(platform.tablePrefix) \(entry.key)"
        guard let first = declared.entries[name] else {
            declared.entries[name] = Declared.Entry(resource: custom, place: place)
            return
        }
        var same = custom
        same.limit = first.resource.limit
        same.fields = first.resource.fields
        guard same != first.resource else { return }
        problems.add(
            entry.keyPosition,
            "'\(entry.key)' is declared otherwise in [\(first.place)]; both are one table of the mirror, so give"
                + " them the same path, key and columns, or different names")
    }
}
