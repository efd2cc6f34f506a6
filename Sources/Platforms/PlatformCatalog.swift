package import JSON
package import Sync

/// The registry as people and programs read it: what `shopmirror platforms` prints and the README shows.
package struct PlatformCatalog: Sendable {
    let platforms: [Platform]

    package init(_ listed: [Platform] = Platforms.platforms) { platforms = listed }

    // MARK: Markdown

    /// A table of every resource.
    package var markdown: String {
        let head =
            "| platform | resource | table | key | asked for changes by | permission |\n| --- | --- | --- | --- | --- | --- |\n"
        return head + platforms.flatMap { platform in platform.resources.map { row($0, platform) } }.joined()
    }

    private func row(_ resource: Resource, _ platform: Platform) -> String {
        let name = platform.defaultResources.contains(resource.name) ? "**\(resource.name)**" : resource.name
        let views = resource.lists.map { ", `\(viewName($0, platform))`" }.joined()
        let cells = [
            platform.id, name, "`\(MirrorSchema.view(of: resource, on: platform))`\(views)",
            resource.key.map { "`\($0)`" }.joined(separator: ", "), cursor(resource).map { "`\($0)`" } ?? "",
            resource.permission ?? "",
        ]
        return "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n"
    }

    // MARK: Text

    /// Every resource with its columns, for a terminal.
    package var text: String {
        platforms.map { platform in
            var resources = platform.resources.map { text($0, platform) }.joined(separator: "\n")
            if platform.declared != nil {
                resources =
                    "  Its resources are declared in the config, as [connections.ID.custom.NAME]; their tables are\n"
                    + "  \(platform.tablePrefix)_ID_NAME. README.md, 'Any REST API', tells how.\n"
            }
            return "\(platform.id) - \(platform.title)\n\n\(resources)"
        }.joined(separator: "\n")
    }

    private func text(_ resource: Resource, _ platform: Platform) -> String {
        let isDefault = platform.defaultResources.contains(resource.name)
        var lines = ["  \(resource.name) - \(resource.summary)\(isDefault ? " (default)" : "")"]
        lines.append("    table       \(MirrorSchema.view(of: resource, on: platform))")
        lines.append("    key         \(resource.key.joined(separator: ", "))")
        lines.append("    cursor      \(cursor(resource) ?? "none: always pulled in full")")
        if let permission = resource.permission { lines.append("    permission  \(permission)") }
        lines.append("    columns")
        lines += MirrorSchema.columns(of: resource).map { line($0.name, $0.column) }
        for list in resource.lists {
            lines.append("    view        \(viewName(list, platform)) (each element of \(list.path))")
            lines += MirrorSchema.columns(of: list).map { line($0.name, $0.column) }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func line(_ name: String, _ column: Column) -> String {
        let gap = String(repeating: " ", count: max(1, 46 - name.utf8.count))
        return "      \(name)\(gap)\(column.kind.rawValue)\(column.meaning.map { "  \($0)" } ?? "")"
    }

    // MARK: JSON

    /// Every resource with its columns, for programs.
    package var json: JSONValue {
        .object([
            ("schema", .string("shopmirror.platforms/1")), ("platforms", .array(platforms.map { json($0) })),
        ])
    }

    private func json(_ platform: Platform) -> JSONValue {
        .object([
            ("platform", .string(platform.id)), ("title", .string(platform.title)),
            ("resources", .array(platform.resources.map { json($0, platform) })),
        ])
    }

    private func json(_ resource: Resource, _ platform: Platform) -> JSONValue {
        let columns = MirrorSchema.columns(of: resource).map { json($0.name, $0.column) }
        let views = resource.lists.map { list in
            JSONValue.object([
                ("table", .string(viewName(list, platform))), ("list", .string(list.path)),
                ("parent", .string(list.parent)),
                ("columns", .array(MirrorSchema.columns(of: list).map { json($0.name, $0.column) })),
            ])
        }
        return .object([
            ("resource", .string(resource.name)), ("summary", .string(resource.summary)),
            ("table", .string(MirrorSchema.view(of: resource, on: platform))),
            ("default", .bool(platform.defaultResources.contains(resource.name))),
            ("key", .array(resource.key.map { .string($0) })), ("cursor", optional(cursor(resource))),
            ("permission", optional(resource.permission)), ("columns", .array(columns)),
            ("views", .array(views)),
        ])
    }

    private func json(_ name: String, _ column: Column) -> JSONValue {
        .object([
            ("name", .string(name)), ("type", .string(column.kind.rawValue)),
            ("meaning", optional(column.meaning)),
        ])
    }

    private func optional(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

    // MARK: Names

    private func cursor(_ resource: Resource) -> String? { resource.cursor == nil ? nil : resource.updated }

    private func viewName(_ list: ListView, _ platform: Platform) -> String {
        "\(platform.tablePrefix)_\(SQLName.identifier(list.name))"
    }
}
