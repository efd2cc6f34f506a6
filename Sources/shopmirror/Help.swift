/// Help texts, made from the command table.
enum Help {
    static var overview: String {
        var text = """
            shopmirror mirrors shops, products and orders of several platforms into a local SQLite file.

            usage: shopmirror COMMAND [OPTIONS]


            """
        text += rows(
            CommandTable.commands.map { ($0.name + ($0.words.isEmpty ? "" : " \($0.words)"), $0.summary) })
        text += "\noptions of every command:\n" + rows(CommandTable.common.map { (shown($0), $0.help) })
        text += rows([("    --version", "print the version and the libraries'")])
        text += "\nexit codes:\n" + rows(exitCodes)
        return text + "\nshopmirror help COMMAND explains one command.\n"
    }

    static func command(_ command: CommandSpec) -> String {
        let words = command.words.isEmpty ? "" : " \(command.words)"
        var text = "usage: shopmirror \(command.name)\(words) [OPTIONS]\n\n\(command.summary)\n"
        if !command.subcommands.isEmpty {
            text += "\n" + rows(command.subcommands.map { ($0.name, $0.summary) })
        }
        if !command.options.isEmpty {
            text += "\noptions:\n" + rows(command.options.map { (shown($0), $0.help) })
        }
        text += "\noptions of every command:\n" + rows(CommandTable.common.map { (shown($0), $0.help) })
        if !command.notes.isEmpty { text += "\n\(command.notes)\n" }
        return text + "\nexit codes:\n" + rows(exitCodes)
    }

    static let exitCodes = [
        ("0", "every selected connection and resource succeeded"),
        ("1", "something failed; what could be mirrored was mirrored; the report says what"),
        ("2", "wrong usage or invalid config; nobody was contacted, nothing was changed"),
        ("3", "a connection needs a person to authorize it again, or its token is another account's"),
        ("4", "another run holds the lock; nothing was done"),
        ("5", "mirror, vault or report cannot be used or written"),
        ("130, 143", "interrupted by SIGINT, SIGTERM; run it again to go on"),
    ]

    private static func shown(_ option: OptionSpec) -> String {
        (option.letter.map { "-\($0), " } ?? "    ") + "--\(option.name)"
            + (option.value.map { " \($0)" } ?? "")
    }

    private static func rows(_ rows: [(String, String)]) -> String {
        let width = min(34, rows.map(\.0.count).max() ?? 0)
        return rows.map { name, help in
            let gap =
                name.count > width
                ? "\n" + String(repeating: " ", count: width + 2)
                : String(repeating: " ", count: width - name.count)
            return "  \(name)\(gap)  \(help)\n"
        }.joined()
    }
}
