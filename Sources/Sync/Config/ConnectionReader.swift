import HTTP
import TOML

/// Reads one `[connections.NAME]` table.
struct ConnectionReader {
    let loader: ConfigLoader
    let folder: String

    private var problems: TableReader.Problems { loader.problems }

    /// - Returns: The connection, or nothing where its platform is not known.
    func connection(_ entry: TOMLTable.Entry, run: RunSettings) -> [Connection] {
        guard case .table(let inner) = entry.item.value else {
            problems.add(
                entry.keyPosition,
                "'\(entry.key)' in [connections] is \(entry.item.value.typeName); allowed is a table [connections.\(entry.key)]"
            )
            return []
        }
        checkName(entry)
        var table = TableReader(
            inner, name: "connections.\(entry.key)", at: entry.keyPosition, problems: problems)
        guard let platform = platform(&table) else { return [] }
        var connection = Connection(
            id: entry.key, platform: platform, resources: [], baseURL: platform.address, signInURL: "",
            run: loader.settings(&table, from: run), settings: [:], seeds: [:], line: entry.keyPosition.line)
        connection.isEnabled = table.flag("enabled") ?? true
        readSettings(&table, into: &connection)
        readAddresses(&table, into: &connection)
        readPace(&table, into: &connection)
        ResourceReader(loader: loader).read(&table, into: &connection)
        table.finish()
        return [connection]
    }

    private func checkName(_ entry: TOMLTable.Entry) {
        let isPlain = entry.key.utf8.allSatisfy {
            $0.isASCIILetterOrDigit || $0 == 0x2D || $0 == 0x5F || $0 == 0x2E
        }
        let startsWell = entry.key.utf8.first?.isASCIILetterOrDigit ?? false
        guard !isPlain || !startsWell || entry.key.utf8.count > 64 else { return }
        problems.add(
            entry.keyPosition,
            "the connection's name '\(entry.key)' cannot be used; allowed are up to 64 letters, digits, '-', '_' and '.'"
        )
    }

    private func platform(_ table: inout TableReader) -> Platform? {
        let known = loader.platforms.map(\.id)
        guard let item = table.item("platform") else {
            problems.add(
                table.position,
                "[\(table.name)] has no platform; allowed are \(known.joined(separator: ", "))")
            return nil
        }
        guard case .string(let name) = item.value else {
            problems.add(
                item.position,
                "'platform' is \(item.value.typeName); allowed are \(known.joined(separator: ", "))")
            return nil
        }
        guard let platform = loader.platforms.first(where: { $0.id == name }) else {
            problems.add(item.position, "unknown platform '\(name)'; \(Nearest.hint(to: name, among: known))")
            return nil
        }
        return platform
    }

    private func readSettings(_ table: inout TableReader, into connection: inout Connection) {
        for seed in connection.platform.seeds {
            connection.seeds[seed] = table.secret(seed, folder: folder)
        }
        for setting in connection.platform.settings {
            let key = setting.name
            switch setting.kind {
            case .secret: connection.settings[key] = table.secret(key, folder: folder).map { .secret($0) }
            case .text: connection.settings[key] = table.text(key).map { .text($0) }
            case .flag: connection.settings[key] = table.flag(key).map { .flag($0) }
            case .list: connection.settings[key] = table.texts(key, of: "texts").map { .list($0.map(\.text)) }
            }
            let isGiven = table.table[key] != nil
            let other: String? = if case .requiredUnless(let name) = setting.need { name } else { nil }
            let isNeeded = setting.need == .required || other.map { table.table[$0] == nil } ?? false
            if isNeeded, !isGiven {
                let instead = other.map { " (or \($0) alone)" } ?? ""
                problems.add(
                    table.position,
                    "[\(table.name)] lacks '\(key)'\(instead), which \(connection.platform.id) needs")
            }
            if case .text(let text) = connection.settings[key], let wrong = setting.check?(text) {
                problems.add(
                    table.table[key]?.item.position ?? table.position, "'\(key)' is \"\(text)\"; \(wrong)")
            }
            if connection.settings[key] == nil, let fallback = setting.fallback {
                connection.settings[key] = .text(fallback)
            }
        }
    }

    private func readAddresses(_ table: inout TableReader, into connection: inout Connection) {
        connection.baseURL = address(&table, "base_url") ?? connection.standardURL
        let standard = connection.platform.signInAddress.map { filled($0, connection) }
        let override = table.table["base_url"] == nil ? nil : connection.baseURL
        connection.signInURL = address(&table, "sign_in_url") ?? override ?? standard ?? connection.baseURL
    }

    private func filled(_ template: String, _ connection: Connection) -> String {
        var address = template
        for (name, value) in connection.settings {
            if case .text(let text) = value { address = address.replacing("{\(name)}", with: text) }
        }
        return address
    }

    private func address(_ table: inout TableReader, _ key: String) -> String? {
        guard let text = table.text(key, allowed: "an https address in quotes"),
            let position = table.table[key]?.item.position
        else { return nil }
        let allowed =
            "allowed is an https:// address; plain http:// only for this machine (127.0.0.1, localhost)"
        guard let parts = URLParts.parse(text), parts.query == nil, parts.fragment == nil, !parts.host.isEmpty
        else {
            problems.add(position, "'\(key)' is no usable address; \(allowed)")
            return nil
        }
        guard parts.scheme == "https" || (parts.scheme == "http" && parts.isLoopback) else {
            problems.add(
                position, "'\(key)' would send tokens over \(parts.scheme):// to \(parts.host); \(allowed)")
            return nil
        }
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }

    private func readPace(_ table: inout TableReader, into connection: inout Connection) {
        let rate = table.number("requests_per_second", in: 0...10_000)
        let burst = table.integer("burst", in: 1...100_000)
        guard rate != nil || burst != nil else { return }
        let standard = connection.platform.pace
        connection.pace = Pace(perSecond: rate ?? standard.perSecond, burst: burst ?? standard.burst)
    }
}
