import Testing

/// Words that the program does not know, and what it says without being asked to do anything.
@Suite(.timeLimit(.minutes(10)))
struct UsageTests {
    @Test(arguments: [
        ("syncc", "unknown command 'syncc'; did you mean 'sync'?"),
        ("sync --ful", "unknown option '--ful' of 'sync'; did you mean '--full'?"),
        ("sync --fu\u{7}ll", "unknown option '--fu\u{FFFD}ll' of 'sync'; did you mean '--full'?"),
        ("sync --log-format jsn", "'--log-format jsn' is not known; did you mean 'json'?"),
        ("sync --max-requests", "the option '--max-requests' needs a value: N"),
        ("sync --max-requests none", "'--max-requests none' is no number from 1 on"),
        ("sync --max-duration 0s", "'--max-duration 0s' leaves no time for anything"),
        ("sync --max-duration 5", "'--max-duration 5' is no duration; write 90s, 50m or 2h"),
        (
            "sync --since yesterday",
            "'--since yesterday' is no time; write 2026-01-31, 2026-01-31T09:00:00Z or an age such as 36h"
        ),
        (
            "sync --since 2026-02-02 --until 2026-02-01",
            "--since 2026-02-02T00:00:00Z is not before --until 2026-02-01T00:00:00Z"
        ),
        ("sync --full --since 3d", "--full and --since/--until exclude each other"),
        ("sync --shard 3/2", "'--shard 3/2' is no part; write I/N with I from 1 to N, such as 2/8"),
        ("sync --shard 0/2", "'--shard 0/2' is no part; write I/N with I from 1 to N, such as 2/8"),
        ("sync --dry-run=yes", "the option '--dry-run' takes no value"),
        ("sync --report a --report b", "the option '--report' stands twice"),
        ("sync now", "'now' is one word too many; usage: shopmirror sync"),
        ("-q", "a command is missing behind '-q'; see shopmirror --help"),
    ])
    func `a wrong word is answered with one line and exit code 2`(line: String, message: String) async throws
    {
        let work = try Workplace()
        let outcome = try await work.run(line.split(separator: " ").map(String.init))
        #expect(outcome.exitCode == 2)
        #expect(outcome.stderr == "shopmirror: \(message)\n")
        #expect(outcome.stdout == "")
    }

    @Test func `without a command the help goes to stderr with exit code 2`() async throws {
        let outcome = try await Workplace().run([])
        #expect(outcome.exitCode == 2)
        #expect(outcome.stdout == "")
        #expect(outcome.stderr.contains("usage: shopmirror COMMAND"))
    }

    @Test(arguments: [["--help"], ["-h"], ["help"]])
    func `help goes to stdout and names every command and exit code`(words: [String]) async throws {
        let outcome = try await Workplace().run(words)
        #expect(outcome.exitCode == 0)
        #expect(outcome.stderr == "")
        for command in [
            "sync", "check", "authorize", "tokens", "verify", "status", "export", "report", "platforms",
            "help",
        ] {
            #expect(outcome.stdout.contains("\n  \(command)"))
        }
        for code in ["0 ", "1 ", "2 ", "3 ", "4 ", "5 ", "130, 143"] {
            #expect(outcome.stdout.contains("\n  \(code)"))
        }
    }

    @Test(arguments: [["sync", "--help"], ["help", "sync"], ["sync", "-h"]])
    func `help of sync names every option of it`(words: [String]) async throws {
        let outcome = try await Workplace().run(words)
        #expect(outcome.exitCode == 0)
        let options = [
            "connection", "resource", "full", "since", "until", "dry-run", "report", "max-duration",
            "max-requests",
            "shard", "wait", "config", "quiet", "verbose", "log-format", "progress",
        ]
        for option in options { #expect(outcome.stdout.contains("--\(option)")) }
    }

    @Test func `the version goes to stdout with the commit and the libraries in use`() async throws {
        let outcome = try await Workplace().run(["--version"])
        #expect(outcome.exitCode == 0)
        #expect(outcome.stderr == "")
        let start = #/shopmirror [0-9.]+ \(commit ([0-9a-f]{12}(-dirty)?|unknown), libcurl/#
        #expect(outcome.stdout.starts(with: start))
        #expect(outcome.stdout.contains("SQLite 3."))
        #expect(outcome.stdout.hasSuffix("\n"))
    }

    @Test func `an unknown connection and an unknown resource get the nearest name`() async throws {
        let work = try Workplace()
        try work.configure(work.shopline("taipei"))
        let connection = try await work.sync("--connection", "taipeh")
        #expect(connection.exitCode == 2)
        #expect(connection.stderr == "shopmirror: unknown connection 'taipeh'; did you mean 'taipei'?\n")
        let resource = try await work.sync("--resource", "order")
        #expect(resource.exitCode == 2)
        #expect(resource.stderr == "shopmirror: unknown resource 'order'; did you mean 'orders'?\n")
        #expect(!work.exists("data"))
        #expect(!work.exists("private"))
    }

    @Test func `the config is found by option, variable, working directory and user folder, in this order`()
        async throws
    {
        let work = try Workplace()
        let broken = "[connections.x]\nplatform = \"nowhere\"\n"
        let places = ["by-option.toml", "by-variable.toml", "config.toml", "xdg/shopmirror/config.toml"]
        for place in places { try work.write(broken, to: place) }
        let environment = [
            "SHOPMIRROR_CONFIG": work.path("by-variable.toml"), "XDG_CONFIG_HOME": work.path("xdg"),
        ]
        let byOption = try await work.run(
            ["sync", "-c", work.path("by-option.toml")], environment: environment)
        #expect(byOption.stderr.hasPrefix("\(work.path("by-option.toml")):2:12: "))
        let byVariable = try await work.run(["sync"], environment: environment)
        #expect(byVariable.stderr.hasPrefix("\(work.path("by-variable.toml")):2:12: "))
        let inFolder = try await work.run(["sync"], environment: ["XDG_CONFIG_HOME": work.path("xdg")])
        #expect(inFolder.stderr.hasPrefix("config.toml:2:12: "))
        try #require(unlinked(work.path("config.toml")))
        let ofUser = try await work.run(["sync"], environment: ["XDG_CONFIG_HOME": work.path("xdg")])
        #expect(ofUser.stderr.hasPrefix("\(work.path("xdg/shopmirror/config.toml")):2:12: "))
        let none = try await work.run(["sync"])
        #expect(none.exitCode == 2)
        #expect(none.stderr.contains("There is no config file; looked for config.toml, "))
        #expect(none.stderr.contains("/etc/shopmirror/config.toml"))
    }
}
