/// Completion for shells, made from the command table.
enum CompletionScript {
    static let shells = ["bash", "zsh", "fish"]

    static func text(for shell: String) -> String {
        switch shell {
        case "bash": bash
        case "zsh": zsh
        default: fish
        }
    }

    private static var names: [String] { CommandTable.commands.map(\.name) }

    private static func choices(_ option: OptionSpec) -> [String] {
        let parts = (option.value ?? "").split(separator: "|").map(String.init)
        return parts.count > 1 ? parts : []
    }

    private static func isFile(_ option: OptionSpec) -> Bool { option.value == "FILE" }

    private static func spellings(_ option: OptionSpec) -> [String] {
        ["--\(option.name)"] + (option.letter.map { ["-\($0)"] } ?? [])
    }

    private static func words(of command: CommandSpec) -> [String] {
        command.name == "help" ? names : command.subcommands.map(\.name)
    }

    // MARK: bash

    private static var bash: String {
        let all = CommandTable.common + CommandTable.commands.flatMap(\.options)
        var values: [String] = []
        var seen: Set<String> = []
        for option in all where option.value != nil && seen.insert(option.name).inserted {
            let pattern = spellings(option).joined(separator: "|")
            let reply =
                isFile(option)
                ? "COMPREPLY=($(compgen -f -- \"$current\"))"
                : "COMPREPLY=($(compgen -W '\(choices(option).joined(separator: " "))' -- \"$current\"))"
            values.append("        \(pattern)) \(reply); return ;;")
        }
        let cases = CommandTable.commands.map { command in
            let options = (CommandTable.common + command.options).flatMap(spellings)
            return
                "        \(command.name)) words='\((words(of: command) + options).joined(separator: " "))' ;;"
        }
        let first = (names + CommandTable.common.flatMap(spellings) + ["--version"]).joined(separator: " ")
        return """
            # bash completion for shopmirror; made by: shopmirror help --completion bash
            _shopmirror() {
                local current=${COMP_WORDS[COMP_CWORD]} previous= command= word words
                [ "$COMP_CWORD" -gt 0 ] && previous=${COMP_WORDS[COMP_CWORD - 1]}
                case $previous in
            \(values.joined(separator: "\n"))
                esac
                for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
                    case $word in \(names.joined(separator: "|"))) command=$word; break ;; esac
                done
                words='\(first)'
                case $command in
            \(cases.joined(separator: "\n"))
                esac
                COMPREPLY=($(compgen -W "$words" -- "$current"))
            }
            complete -o filenames -F _shopmirror shopmirror

            """
    }

    // MARK: zsh

    private static var zsh: String {
        let cases = CommandTable.commands.map { command in
            var lines = (CommandTable.common + command.options).flatMap(zshOption)
            let words = words(of: command)
            if !words.isEmpty { lines.append("'1:word:(\(words.joined(separator: " ")))'") }
            return "        \(command.name))\n            _arguments -s \\\n                "
                + lines.joined(separator: " \\\n                ") + " ;;"
        }
        let described = CommandTable.commands.map { "        \(quoted("\($0.name):\($0.summary)"))" }
        return """
            #compdef shopmirror
            # zsh completion for shopmirror; made by: shopmirror help --completion zsh
            _shopmirror() {
                local context state state_descr line
                typeset -A opt_args
                local -a commands
                commands=(
            \(described.joined(separator: "\n"))
                )
                _arguments -C -s \\
                    \(CommandTable.common.flatMap(zshOption).joined(separator: " \\\n        ")) \\
                    '--version[print the version]' '1:command:->command' '*::word:->word'
                if [[ $state == command ]]; then
                    _describe command commands
                    return
                fi
                case $line[1] in
            \(cases.joined(separator: "\n"))
                esac
            }
            if [ "$funcstack[1]" = _shopmirror ]; then _shopmirror "$@"; else compdef _shopmirror shopmirror; fi

            """
    }

    private static func zshOption(_ option: OptionSpec) -> [String] {
        let action =
            option.value.map { value in
                isFile(option)
                    ? ":file:_files"
                    : ":\(value.replacing("|", with: " ")):(\(choices(option).joined(separator: " ")))"
            } ?? ""
        let help = option.help.replacing("[", with: "\\[").replacing("]", with: "\\]").replacing(
            ":", with: "\\:")
        return spellings(option).map { quoted("\(option.isRepeatable ? "*" : "")\($0)[\(help)]\(action)") }
    }

    private static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "'\\''") + "'" }

    // MARK: fish

    private static var fish: String {
        var lines = [
            "# fish completion for shopmirror; made by: shopmirror help --completion fish",
            "complete -c shopmirror -f",
        ]
        for option in CommandTable.common { lines.append(fishOption(option, when: nil)) }
        lines.append("complete -c shopmirror -n __fish_use_subcommand -l version -d 'print the version'")
        for command in CommandTable.commands {
            lines.append(
                "complete -c shopmirror -n __fish_use_subcommand -a \(command.name) -d \(quoted(command.summary))"
            )
            let when = "'__fish_seen_subcommand_from \(command.name)'"
            for option in command.options { lines.append(fishOption(option, when: when)) }
            if command.name == "help" {
                lines.append("complete -c shopmirror -n \(when) -a '\(names.joined(separator: " "))'")
            }
            for word in command.subcommands {
                lines.append("complete -c shopmirror -n \(when) -a \(word.name) -d \(quoted(word.summary))")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func fishOption(_ option: OptionSpec, when: String?) -> String {
        var line = "complete -c shopmirror" + (when.map { " -n \($0)" } ?? "") + " -l \(option.name)"
        if let letter = option.letter { line += " -s \(letter)" }
        if option.value != nil {
            line += isFile(option) ? " -r -F" : " -x"
            if !choices(option).isEmpty { line += " -a '\(choices(option).joined(separator: " "))'" }
        }
        return line + " -d \(quoted(option.help))"
    }
}
