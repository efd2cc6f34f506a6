import Sync

/// A wrong command line: one line, and exit code 2.
struct UsageError: Error {
    var message: String

    init(_ message: String) { self.message = message }
}

/// The words of a command line, sorted by the command table.
struct Arguments {
    var command: CommandSpec
    var words: [String] = []
    private var values: [String: [String]] = [:]

    /// - Parameter arguments: Everything behind the program's name; the first word is the command.
    /// - Returns: The words in their places.
    /// - Throws: `UsageError` naming what is unknown and the nearest known name.
    static func parse(_ arguments: [String]) throws(UsageError) -> Arguments {
        var rest = arguments[...]
        var leading: [String] = []
        // Common options may stand before the command.
        while let word = rest.first, word.hasPrefix("-"), word != "-" {
            leading.append(word)
            rest = rest.dropFirst()
            guard takesValue(word, CommandTable.common), let value = rest.first else { continue }
            leading.append(value)
            rest = rest.dropFirst()
        }
        guard let name = rest.first else {
            if let option = leading.first {
                var probe = Arguments(command: CommandSpec(name: "", summary: "", options: []))
                try probe.read(leading[...])
                if probe.isOn("help"), let help = CommandTable.command(named: "help") {
                    return Arguments(command: help)
                }
                throw UsageError("a command is missing behind '\(option)'; see shopmirror --help")
            }
            throw UsageError("a command is missing; see shopmirror --help")
        }
        guard let command = CommandTable.command(named: name) else {
            let known = CommandTable.commands.map(\.name)
            throw UsageError("unknown command '\(name)'; \(Nearest.hint(to: name, among: known))")
        }
        var parsed = Arguments(command: command)
        try parsed.read(leading[...])
        try parsed.read(rest.dropFirst())
        if !parsed.isOn("help") { try parsed.checkWords() }
        return parsed
    }

    private init(command: CommandSpec) { self.command = command }

    private static func takesValue(_ word: String, _ options: [OptionSpec]) -> Bool {
        options.contains { ("--\($0.name)" == word || $0.letter.map { "-\($0)" } == word) && $0.value != nil }
    }

    private var options: [OptionSpec] { CommandTable.common + command.options }

    private mutating func read(_ arguments: ArraySlice<String>) throws(UsageError) {
        var rest = arguments
        while let word = rest.popFirst() {
            if word == "--" {
                words += rest
                return
            }
            if word.hasPrefix("--") {
                try readLong(word, &rest)
            } else if word.hasPrefix("-"), word != "-" {
                try readShort(word, &rest)
            } else {
                words.append(word)
            }
        }
    }

    private mutating func readLong(_ word: String, _ rest: inout ArraySlice<String>) throws(UsageError) {
        let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts.first.map(String.init) ?? ""
        guard let option = options.first(where: { $0.name == name }) else {
            let known = options.map { "--\($0.name)" }
            let place = command.name.isEmpty ? "" : " of '\(command.name)'"
            throw UsageError(
                "unknown option '--\(name)'\(place); \(Nearest.hint(to: "--\(name)", among: known))")
        }
        try take(option, inline: parts.count > 1 ? String(parts[1]) : nil, &rest)
    }

    private mutating func readShort(_ word: String, _ rest: inout ArraySlice<String>) throws(UsageError) {
        var letters = word.dropFirst()
        while let letter = letters.popFirst() {
            guard let option = options.first(where: { $0.letter == String(letter) }) else {
                throw UsageError("unknown option '-\(letter)'; see shopmirror \(command.name) --help")
            }
            if option.value != nil {
                try take(option, inline: letters.isEmpty ? nil : String(letters), &rest)
                return
            }
            try take(option, inline: nil, &rest)
        }
    }

    private mutating func take(
        _ option: OptionSpec, inline: String?, _ rest: inout ArraySlice<String>
    ) throws(UsageError) {
        if values[option.name] != nil, !option.isRepeatable {
            throw UsageError("the option '--\(option.name)' stands twice")
        }
        guard let shape = option.value else {
            guard inline == nil else { throw UsageError("the option '--\(option.name)' takes no value") }
            values[option.name, default: []].append("")
            return
        }
        guard let value = inline ?? rest.popFirst() else {
            throw UsageError("the option '--\(option.name)' needs a value: \(shape)")
        }
        let choices = shape.split(separator: "|").map(String.init)
        if choices.count > 1, !choices.contains(value) {
            throw UsageError(
                "'--\(option.name) \(value)' is not known; \(Nearest.hint(to: value, among: choices))")
        }
        values[option.name, default: []].append(value)
    }

    private func checkWords() throws(UsageError) {
        let usage = "usage: shopmirror \(command.name)\(command.words.isEmpty ? "" : " \(command.words)")"
        guard words.count >= command.wordCount.lowerBound else {
            throw UsageError("a word is missing; \(usage)")
        }
        if words.count > command.wordCount.upperBound {
            // An address may be a callback with a code in it, which is never repeated.
            let word = words[command.wordCount.upperBound]
            let shown = word.contains("://") ? "an address" : "'\(word)'"
            throw UsageError("\(shown) is one word too many; \(usage)")
        }
        if let first = words.first, !command.subcommands.isEmpty {
            let known = command.subcommands.map(\.name)
            guard known.contains(first) else {
                throw UsageError(
                    "unknown word '\(first)' after '\(command.name)'; \(Nearest.hint(to: first, among: known))"
                )
            }
        }
    }

    // MARK: Reading

    func isOn(_ name: String) -> Bool { values[name] != nil }
    func count(_ name: String) -> Int { values[name]?.count ?? 0 }
    func value(_ name: String) -> String? { values[name]?.last }
    func all(_ name: String) -> [String] { values[name] ?? [] }

    func seconds(_ name: String) throws(UsageError) -> Int64? {
        guard let text = value(name) else { return nil }
        guard let seconds = Quantity.seconds(text) else {
            throw UsageError("'--\(name) \(text)' is no duration; write 90s, 50m or 2h")
        }
        return seconds
    }

    func moment(_ name: String, now: Timestamp) throws(UsageError) -> Timestamp? {
        guard let text = value(name) else { return nil }
        guard let moment = Quantity.moment(text, now: now) else {
            throw UsageError(
                "'--\(name) \(text)' is no time; write 2026-01-31, 2026-01-31T09:00:00Z or an age such as 36h"
            )
        }
        return moment
    }

    func number(_ name: String, atLeast least: Int = 1) throws(UsageError) -> Int? {
        guard let text = value(name) else { return nil }
        guard let number = Int(text), number >= least else {
            throw UsageError("'--\(name) \(text)' is no number from \(least) on")
        }
        return number
    }

    func shard() throws(UsageError) -> Shard? {
        guard let text = value("shard") else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let index = parts[0], let count = parts[1], count >= 1,
            (1...count).contains(index)
        else {
            throw UsageError("'--shard \(text)' is no part; write I/N with I from 1 to N, such as 2/8")
        }
        return Shard(index: index, count: count)
    }
}
