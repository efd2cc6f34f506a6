import TOML

/// Reads the `[stock]` table.
struct StockReader {
    let connections: [Connection]

    func settings(_ table: inout TableReader) -> StockSettings {
        var settings = StockSettings()
        settings.ignoresCase = table.flag("ignore_case") ?? false
        settings.ignoresWidth = table.flag("ignore_width") ?? false
        for (prefix, position) in table.texts("strip_prefix", of: "beginnings of SKUs") ?? [] {
            if prefix.isEmpty {
                table.problems.add(position, "a prefix in 'strip_prefix' is empty; take it out")
            }
            settings.stripPrefixes.append(prefix)
        }
        if let map = table.table("map") { settings.map = self.map(map) }
        settings.pairs = pairs(&table)
        return settings
    }

    private func map(_ table: TableReader) -> [String: String] {
        var map: [String: String] = [:]
        for entry in table.table.entries {
            guard case .string(let text) = entry.item.value, !text.isEmpty, !entry.key.isEmpty else {
                table.problems.add(
                    entry.item.position,
                    "'\(entry.key)' in [\(table.name)] is no pair of SKUs; allowed is \"ONE\" = \"OTHER\"")
                continue
            }
            map[entry.key] = text
        }
        return map
    }

    private func pairs(_ table: inout TableReader) -> [StockSettings.Pair]? {
        guard let item = table.item("pairs") else { return nil }
        let allowed = "a list of pairs of connections, such as [[\"tokyo\", \"taipei\"]]"
        guard case .array(let items) = item.value else {
            table.problems.add(item.position, "'pairs' is \(item.value.typeName); allowed is \(allowed)")
            return nil
        }
        return items.compactMap { element in
            guard case .array(let names) = element.value, names.count == 2,
                case .string(let first) = names[0].value, case .string(let second) = names[1].value
            else {
                table.problems.add(
                    element.position, "an element of 'pairs' is no pair; allowed is \(allowed)")
                return nil
            }
            return pair((first, names[0].position), (second, names[1].position), table)
        }
    }

    private typealias Named = (name: String, position: TOMLPosition)

    /// The two in either order, one of each side.
    private func pair(_ one: Named, _ other: Named, _ table: TableReader) -> StockSettings.Pair? {
        guard let first = side(one, table), let second = side(other, table) else { return nil }
        guard first != second else {
            let found = connections.first { $0.id == one.name }?.platform.id ?? ""
            table.problems.add(
                other.position,
                "'\(one.name)' and '\(other.name)' are both of \(found) or its kind;"
                    + " a pair names the connection that keeps the stock and one that sells from it")
            return nil
        }
        return first == .kept
            ? StockSettings.Pair(kept: one.name, sold: other.name)
            : StockSettings.Pair(kept: other.name, sold: one.name)
    }

    private func side(_ named: Named, _ table: TableReader) -> StockSource.Side? {
        guard let connection = connections.first(where: { $0.id == named.name }) else {
            table.problems.add(
                named.position,
                "unknown connection '\(named.name)' in 'pairs'; \(Nearest.hint(to: named.name, among: connections.map(\.id)))"
            )
            return nil
        }
        guard let stock = connection.platform.stock else {
            table.problems.add(
                named.position,
                "'\(named.name)' in 'pairs' has no stock: \(connection.platform.id) tells of none")
            return nil
        }
        return stock.side
    }
}
