/// One option of a command.
struct OptionSpec: Sendable {
    /// `--config` and, where it has one, the letter `c`.
    var name: String
    var letter: String?
    /// What follows it, in capitals; nil for a switch.
    var value: String?
    var help: String
    var isRepeatable = false

    init(
        _ name: String, _ letter: String? = nil, _ value: String? = nil, _ help: String,
        isRepeatable: Bool = false
    ) {
        self.name = name
        self.letter = letter
        self.value = value
        self.help = help
        self.isRepeatable = isRepeatable
    }
}

/// One command: the only place that knows its words.
///
/// Parser, help, completions and man page are made from it.
struct CommandSpec: Sendable {
    var name: String
    var summary: String
    /// Words behind the command, as usage shows them: `[refresh|forget] [ID]`.
    var words: String = ""
    /// How many words it takes.
    var wordCount: ClosedRange<Int> = 0...0
    /// What the first word may be; empty for anything.
    var subcommands: [(name: String, summary: String)] = []
    var options: [OptionSpec] = []
    /// Paragraphs of its help below the options.
    var notes: String = ""
}

enum CommandTable {
    static let common: [OptionSpec] = [
        OptionSpec("config", "c", "FILE", "the config file (else $SHOPMIRROR_CONFIG, ./config.toml, ...)"),
        OptionSpec("quiet", "q", nil, "print problems only"),
        OptionSpec("verbose", "v", nil, "print what happens; twice for request lines", isRepeatable: true),
        OptionSpec("log-format", nil, "text|json", "form of the messages on stderr"),
        OptionSpec("progress", nil, "auto|always|never", "the live lines on stderr"),
        OptionSpec("help", "h", nil, "print help and exit"),
    ]

    static let selection: [OptionSpec] = [
        OptionSpec("connection", nil, "ID", "only this connection (repeatable)", isRepeatable: true)
    ]

    static let json = OptionSpec("json", nil, nil, "print JSON")

    static let commands: [CommandSpec] = [
        CommandSpec(
            name: "sync", summary: "pull every connection into the mirror, write the run report",
            options: selection + [
                OptionSpec("resource", nil, "NAME", "only this resource (repeatable)", isRepeatable: true),
                OptionSpec("full", nil, nil, "pull everything, not only what changed; finds deletions"),
                OptionSpec("since", nil, "T", "backfill: records modified from T on"),
                OptionSpec("until", nil, "T", "backfill: records modified before T"),
                OptionSpec("dry-run", nil, nil, "do everything, keep nothing but tokens"),
                OptionSpec("report", nil, "FILE", "write the report there too; - is stdout"),
                OptionSpec("max-duration", nil, "D", "stop at a page boundary after this time"),
                OptionSpec("max-requests", nil, "N", "stop after this many requests"),
                OptionSpec("shard", nil, "I/N", "only the connections of part I of N"),
                OptionSpec("wait", nil, "D", "wait this long for another run to end"),
            ],
            notes: "T is a time (2026-01-31T09:00:00+09:00), a date (midnight UTC), or an age (36h, 30d).\n"
                + "D is a duration: 90s, 50m, 2h.\n"
                + "A window (--since, --until) never marks anything deleted and leaves the cursor alone."),
        CommandSpec(
            name: "check", summary: "validate config, secrets, vault and mirror without calling anyone",
            options: selection + [OptionSpec("online", nil, nil, "also ask each platform who we are"), json]),
        CommandSpec(
            name: "authorize", summary: "get a first token for a connection", words: "ID", wordCount: 1...1,
            options: [
                OptionSpec("callback", nil, "-", "take the callback URL from stdin instead of a prompt"),
                OptionSpec("listen", nil, "PORT", "wait for the callback on this loopback port"),
                OptionSpec("import", nil, nil, "read a token set as JSON from stdin"),
                OptionSpec("print-url", nil, nil, "print the sign-in URL and exit; finish with --callback -"),
            ],
            notes:
                "Prints the sign-in URL, takes the address that the browser was sent back to, exchanges it for tokens,\n"
                + "asks the platform whose account it is, and stores them. No token is ever printed."),
        CommandSpec(
            name: "tokens", summary: "list, renew or drop tokens; never shows them",
            words: "[refresh [ID] | forget ID]",
            wordCount: 0...2,
            subcommands: [
                ("refresh", "renew what is due, without pulling anything"),
                ("forget", "drop a connection's tokens, signing out where the platform can"),
            ], options: [json]),
        CommandSpec(
            name: "verify", summary: "ask again for a random sample of mirrored records and compare",
            options: selection + [
                OptionSpec("resource", nil, "NAME", "only this resource (repeatable)", isRepeatable: true),
                OptionSpec("sample", nil, "N", "records per resource (200)"),
                OptionSpec("seed", nil, "N", "makes the sample repeatable"), json,
            ]),
        CommandSpec(
            name: "status",
            summary: "last success, cursor, rows, token expiry and next action, per connection",
            options: selection + [json]),
        CommandSpec(
            name: "export", summary: "stream what changed in the mirror to stdout, for other programs",
            options: [
                OptionSpec(
                    "format", nil, "ndjson|csv|singer",
                    "one object per line (the default), a table, or a Singer tap"),
                OptionSpec("since-run", nil, "RUN", "only what later runs changed; everything without it"),
                OptionSpec("state", nil, "FILE", "singer: go on from the last line that the target printed"),
                OptionSpec("resource", nil, "NAME", "only this resource (repeatable)", isRepeatable: true),
            ] + selection,
            notes:
                "Finished runs only, deletions included, all tables as of one moment; no platform is called.\n"
                + "The largest changed_run that came is the next --since-run; if nothing came, the last one stays.\n"
                + "Use what came only if the exit code is 0. csv needs one table: --resource orders --connection ID."
        ),
        CommandSpec(
            name: "report", summary: "render stored reports", words: "html|prometheus|schema|show [RUN]",
            wordCount: 1...2,
            subcommands: [
                ("html", "one self-contained page"),
                ("prometheus", "metrics for the node_exporter textfile collector"),
                ("schema", "the JSON Schema of a report"),
                ("show", "one run for people; the latest unless named"),
            ], options: [OptionSpec("output", "o", "FILE", "write there instead of stdout")]),
        CommandSpec(
            name: "platforms", summary: "what can be mirrored: platforms, resources, keys, cursors, columns",
            words: "[PLATFORM]", wordCount: 0...1, options: [json]),
        CommandSpec(
            name: "help", summary: "explain a command", words: "[COMMAND]", wordCount: 0...1,
            options: [
                OptionSpec("completion", nil, "bash|zsh|fish", "print that shell's completion script"),
                OptionSpec("man", nil, nil, "print the manual page (try: man -l -)"),
            ]),
    ]

    static func command(named name: String) -> CommandSpec? { commands.first { $0.name == name } }
}
