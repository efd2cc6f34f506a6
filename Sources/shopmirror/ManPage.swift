/// The manual page, made from the command table.
enum ManPage {
    static var text: String {
        var text = ".TH SHOPMIRROR 1 \"\" \"shopmirror \(Version.number)\" \"User Commands\"\n"
        text +=
            ".SH NAME\nshopmirror \\- mirror shops, products and orders of several platforms into SQLite\n"
        text += ".SH SYNOPSIS\n.B shopmirror\n.I COMMAND\n[\\fIOPTIONS\\fR]\n"
        text +=
            ".SH DESCRIPTION\nReads a config of connections, keeps their tokens alive, pulls their records page by page\n"
        text +=
            "into a local SQLite mirror, writes a JSON run report, and exits. Cron starts it.\n.SH COMMANDS\n"
        for command in CommandTable.commands { text += section(command) }
        text += ".SH OPTIONS\nThese go with every command.\n" + CommandTable.common.map(option).joined()
        text += ".TP\n.B \\-\\-version\nprint the version and the libraries'\n"
        text += ".SH EXIT STATUS\n"
        for (code, meaning) in Help.exitCodes { text += ".TP\n.B \(escaped(code))\n\(escaped(meaning))\n" }
        text +=
            ".SH ENVIRONMENT\n.TP\n.B SHOPMIRROR_CONFIG\nthe config file, where \\-\\-config does not name one\n"
        text += ".TP\n.B NO_COLOR\nany value but an empty one turns colours off\n"
        text +=
            ".SH FILES\n.TP\n.I ./config.toml, $XDG_CONFIG_HOME/shopmirror/config.toml, /etc/shopmirror/config.toml\n"
        return text + "the config, the first one that exists\n"
    }

    private static func section(_ command: CommandSpec) -> String {
        var text = ".SS \"\(escaped(command.name + (command.words.isEmpty ? "" : " \(command.words)")))\"\n"
        text += escaped(command.summary) + "\n"
        for word in command.subcommands {
            text += ".TP\n.B \(escaped(word.name))\n\(escaped(word.summary))\n"
        }
        text += command.options.map(option).joined()
        if !command.notes.isEmpty {
            text +=
                ".PP\n"
                + command.notes.split(separator: "\n").map { escaped(String($0)) }.joined(
                    separator: "\n.br\n") + "\n"
        }
        return text
    }

    private static func option(_ option: OptionSpec) -> String {
        let names =
            (option.letter.map { ["\\fB\\-\($0)\\fR"] } ?? []) + ["\\fB\\-\\-\(escaped(option.name))\\fR"]
        let value = option.value.map { " \\fI\(escaped($0))\\fR" } ?? ""
        return ".TP\n\(names.joined(separator: ", "))\(value)\n\(escaped(option.help))\n"
    }

    /// A backslash, a hyphen and a leading dot or quote mean something to troff.
    private static func escaped(_ text: String) -> String {
        let plain = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
        return plain.hasPrefix(".") || plain.hasPrefix("'") ? "\\&" + plain : plain
    }
}
