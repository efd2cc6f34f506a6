import Glibc
import HTTP
import Platforms
import Sync

/// What every command with a config needs.
struct CommandContext {
    let arguments: Arguments
    let environment: [String: String]
    let hooks: TestHooks
    let clock: Clock
    let redactor = Redactor()
    let screen = ProgressScreen()

    init(_ arguments: Arguments) {
        self.arguments = arguments
        environment = SystemFile.environment
        hooks = TestHooks(environment["SHOPMIRROR_TEST"])
        clock = hooks.clock
    }

    /// The config file in force: `--config`, `$SHOPMIRROR_CONFIG`, the working directory, the user's, the system's.
    func configPath() throws(Problem) -> String {
        if let path = arguments.value("config") { return path }
        if let path = environment["SHOPMIRROR_CONFIG"], !path.isEmpty { return path }
        let home = environment["HOME"].map { "\($0)/.config" }
        let user = environment["XDG_CONFIG_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? home
        let places = [
            "config.toml", user.map { "\($0)/shopmirror/config.toml" }, "/etc/shopmirror/config.toml",
        ].compactMap { $0 }
        if let found = places.first(where: { access($0, F_OK) == 0 }) { return found }
        throw Problem(
            .configInvalid, "There is no config file; looked for \(places.joined(separator: ", ")).",
            next: "Copy config.example.toml to ./config.toml and fill it in, or name one with --config.")
    }

    func config() throws -> Config {
        try ConfigLoader.load(try configPath(), platforms: platforms)
    }

    /// Colours of stderr.
    var style: TerminalStyle {
        TerminalStyle(isTerminal: Console.stderrIsTerminal, environment: environment)
    }

    var isLoggingJSON: Bool { arguments.value("log-format") == "json" }

    var log: Log {
        let verbose = arguments.count("verbose")
        let level: Log.Level =
            arguments.isOn("quiet") ? .error : verbose >= 2 ? .debug : verbose == 1 ? .info : .warning
        let isJSON = isLoggingJSON
        let (redactor, clock, style, screen) = (redactor, clock, style, screen)
        return Log(level: level) { entry in
            let columns = Console.stderrIsTerminal ? Console.columns : nil
            let text =
                isJSON
                ? Output.json(entry, at: clock.now()) : Output.line(entry, style: style, columns: columns)
            screen.print(redactor.redact(text))
        }
    }

    /// - Parameters:
    ///   - config: The config.
    ///   - options: What the command line limits.
    ///   - progress: Where progress is told.
    ///   - processors: How many the machine has.
    /// - Returns: Everything a run depends on; its transport has to be shut down.
    func runContext(
        _ config: Config, options: RunOptions = RunOptions(), progress: Progress = Progress(),
        processors: Int = Host.processors
    ) -> (RunContext, CurlTransport) {
        // The variables by which curl and OpenSSL are told of other authorities, behind a company's proxy for example.
        let authorities = ["CURL_CA_BUNDLE", "SSL_CERT_FILE"].compactMap { environment[$0] }.first {
            !$0.isEmpty
        }
        let transport = CurlTransport(
            maximumConnections: max(16, config.run.concurrency + 8), certificateAuthorityFile: authorities)
        let control = RunControl(
            clock: clock, maxSeconds: options.maxDurationSeconds ?? config.run.maxDurationSeconds,
            maxRequests: options.maxRequests)
        Signals.forward(to: control)
        let context = RunContext(
            clock: clock, transport: transport, control: control, pacer: Pacer(), redactor: redactor,
            log: log,
            progress: progress, environment: environment, random: { Double.random(in: 0..<1) },
            besideWriting: { processors == 1 ? transport.executor : nil }, instant: hooks.instant)
        return (context, transport)
    }

    /// The connection that a command names.
    func connection(named id: String, in config: Config) throws(UsageError) -> Connection {
        let ids = config.connections.map(\.id)
        guard let connection = config.connections.first(where: { $0.id == id }) else {
            throw UsageError("unknown connection '\(id)'; \(Nearest.hint(to: id, among: ids))")
        }
        return connection
    }

    /// Every name on the command line must be known.
    func checkNames(_ options: RunOptions, in config: Config) throws(UsageError) {
        let ids = config.connections.map(\.id)
        for id in options.connections {
            guard let connection = config.connections.first(where: { $0.id == id }) else {
                throw UsageError("unknown connection '\(id)'; \(Nearest.hint(to: id, among: ids))")
            }
            guard connection.isEnabled else {
                throw UsageError("the connection '\(id)' has enabled = false in the config")
            }
        }
        let connections = config.connections.filter {
            options.connections.isEmpty || options.connections.contains($0.id)
        }
        let names = connections.flatMap { $0.platform.resources.map(\.name) }
        for name in options.resources {
            guard names.contains(name) else {
                throw UsageError(
                    "unknown resource '\(name)'; \(Nearest.hint(to: name, among: Array(Set(names)).sorted()))"
                )
            }
            let found = connections.flatMap(\.platform.resources).filter { $0.name == name }
            if options.isBackfill, found.allSatisfy({ $0.cursor == nil }) {
                throw UsageError(
                    "'\(name)' has no modification time to ask by, so --since and --until cannot be used for it"
                )
            }
        }
    }
}
