import TOML

/// Reads one table of the config: every key is asked for once, what was not asked for is unknown, and every problem
/// is kept with its place.
struct TableReader {
    /// Problems of the whole file, gathered.
    final class Problems {
        var all: [TOMLError] = []

        func add(_ position: TOMLPosition, _ problem: String) {
            all.append(TOMLError(position: position, problem: problem))
        }
    }

    let table: TOMLTable
    /// `connections.tokyo`, for messages; empty for the root.
    let name: String
    let position: TOMLPosition
    let problems: Problems
    private(set) var asked: [String] = []

    init(_ table: TOMLTable, name: String, at position: TOMLPosition, problems: Problems) {
        self.table = table
        self.name = name
        self.position = position
        self.problems = problems
    }

    mutating func item(_ key: String) -> TOMLItem? {
        asked.append(key)
        return table[key]?.item
    }

    func has(_ key: String) -> Bool { table[key] != nil }

    /// The texts of a list that is read for good later; nil for anything else.
    func peekTexts(_ key: String) -> [String]? {
        guard case .array(let items)? = table[key]?.item.value else { return nil }
        return items.compactMap { item in
            if case .string(let text) = item.value { text } else { nil }
        }
    }

    /// A number that is read for good later; nil for anything else.
    func peekInteger(_ key: String) -> Int? {
        guard case .integer(let number)? = table[key]?.item.value else { return nil }
        return Int(exactly: number)
    }

    mutating func text(_ key: String, allowed: String = "text in quotes") -> String? {
        guard let item = item(key) else { return nil }
        guard case .string(let text) = item.value else { return wrong(key, item, allowed) }
        return text
    }

    /// The name of a file or folder.
    mutating func path(_ key: String) -> String? {
        guard let path = text(key) else { return nil }
        if path.isEmpty, let item = table[key]?.item {
            problems.add(item.position, "'\(key)' is empty; allowed is the name of a file or folder")
        }
        return path.isEmpty ? nil : path
    }

    mutating func flag(_ key: String) -> Bool? {
        guard let item = item(key) else { return nil }
        guard case .boolean(let flag) = item.value else { return wrong(key, item, "true or false") }
        return flag
    }

    mutating func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let item = item(key) else { return nil }
        let allowed = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        guard case .integer(let number) = item.value else { return wrong(key, item, allowed) }
        guard let value = Int(exactly: number), range.contains(value) else {
            problems.add(item.position, "'\(key)' is \(number); allowed is \(allowed)")
            return nil
        }
        return value
    }

    mutating func number(_ key: String, in range: ClosedRange<Double>) -> Double? {
        guard let item = item(key) else { return nil }
        let allowed = "a number from \(range.lowerBound) to \(range.upperBound)"
        let value: Double
        switch item.value {
        case .float(let number): value = number
        case .integer(let number): value = Double(number)
        default: return wrong(key, item, allowed)
        }
        guard range.contains(value) else {
            problems.add(item.position, "'\(key)' is \(value); allowed is \(allowed)")
            return nil
        }
        return value
    }

    mutating func seconds(_ key: String, atLeast least: Int64 = 0) -> Int64? {
        guard let item = item(key) else { return nil }
        let allowed = "a duration such as \"90s\", \"50m\", \"2h\" or \"7d\""
        guard case .string(let text) = item.value else { return wrong(key, item, allowed) }
        guard let seconds = Quantity.seconds(text), seconds >= least else {
            problems.add(
                item.position,
                "'\(key)' is \"\(text)\"; allowed is \(allowed)\(least > 0 ? ", not zero" : "")")
            return nil
        }
        return seconds
    }

    mutating func bytes(_ key: String) -> Int? {
        guard let item = item(key) else { return nil }
        let allowed = "a size such as \"512KiB\" or \"16MiB\", at least \"1KiB\" and at most \"1GiB\""
        guard case .string(let text) = item.value else { return wrong(key, item, allowed) }
        guard let bytes = Quantity.bytes(text), (1024...(1 << 30)).contains(bytes) else {
            problems.add(item.position, "'\(key)' is \"\(text)\"; allowed is \(allowed)")
            return nil
        }
        return bytes
    }

    mutating func texts(_ key: String, of what: String) -> [(text: String, position: TOMLPosition)]? {
        guard let item = item(key) else { return nil }
        let allowed = "a list of \(what), such as [\"a\", \"b\"]"
        guard case .array(let items) = item.value else { return wrong(key, item, allowed) }
        var result: [(String, TOMLPosition)] = []
        for element in items {
            guard case .string(let text) = element.value else {
                problems.add(
                    element.position,
                    "an element of '\(key)' is \(element.value.typeName); allowed is \(allowed)")
                continue
            }
            result.append((text, element.position))
        }
        return result
    }

    /// A moment: a TOML date or date-time, or the same as text.
    mutating func moment(_ key: String) -> Timestamp? {
        guard let item = item(key) else { return nil }
        let allowed = "a date (midnight UTC) such as 2025-01-01, or a time with its zone"
        let text: String
        switch item.value {
        case .localDate(let date): text = date.text + "T00:00:00Z"
        case .offsetDateTime(let time): text = time.text
        case .string(let written): text = written.utf8.count == 10 ? written + "T00:00:00Z" : written
        default: return wrong(key, item, allowed)
        }
        guard let moment = Timestamp(text) else { return wrong(key, item, allowed) }
        return moment
    }

    /// A secret: text, `{ env = "NAME" }` or `{ file = "path" }`.
    mutating func secret(_ key: String, folder: String) -> SecretSource? {
        guard let item = item(key) else { return nil }
        let allowed = "a secret: text, { env = \"NAME\" } or { file = \"path\" }"
        switch item.value {
        case .string(let text):
            return .literal(text)
        case .table(let table):
            guard table.entries.count == 1, let entry = table.entries.first else {
                return wrong(key, item, allowed)
            }
            guard ["env", "file"].contains(entry.key) else {
                let hint = Nearest.hint(to: entry.key, among: ["env", "file"])
                problems.add(entry.keyPosition, "unknown key '\(entry.key)' in '\(key)'; \(hint)")
                return nil
            }
            guard case .string(let value) = entry.item.value, !value.isEmpty else {
                return wrong(key, item, allowed)
            }
            return entry.key == "env" ? .environment(value) : .file(Paths.absolute(value, in: folder))
        default: return wrong(key, item, allowed)
        }
    }

    /// A table below this one.
    mutating func table(_ key: String) -> TableReader? {
        guard let item = item(key) else { return nil }
        guard case .table(let table) = item.value else { return wrong(key, item, "a table") }
        let inner = name.isEmpty ? key : "\(name).\(key)"
        return TableReader(
            table, name: inner, at: table.entries.first?.keyPosition ?? item.position, problems: problems)
    }

    /// Every key that nobody asked for is a problem that names the nearest known one.
    func finish(known extra: [String] = []) {
        let known = Array(Set(asked + extra)).sorted()
        for entry in table.entries where !known.contains(entry.key) {
            let place = name.isEmpty ? "at the top" : "in [\(name)]"
            problems.add(
                entry.keyPosition,
                "unknown key '\(entry.key)' \(place); \(Nearest.hint(to: entry.key, among: known))")
        }
    }

    private func wrong<Value>(_ key: String, _ item: TOMLItem, _ allowed: String) -> Value? {
        problems.add(item.position, "'\(key)' is \(item.value.typeName); allowed is \(allowed)")
        return nil
    }
}
