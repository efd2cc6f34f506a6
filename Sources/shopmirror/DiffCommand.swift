import JSON
import Sync

/// `shopmirror diff`: what changed in the mirror between two runs, one record at a time.
struct DiffCommand {
    let arguments: Arguments
    let context: CommandContext

    init(_ arguments: Arguments) {
        self.arguments = arguments
        context = CommandContext(arguments)
    }

    /// A resource of a connection with changes.
    struct Part {
        var connection: String
        var resource: String
        var table: MirrorChanges.ChangedTable
        var counts: ChangeCounts
    }

    func run() throws -> ExitCode {
        var options = RunOptions()
        options.connections = arguments.all("connection")
        options.resources = arguments.all("resource")
        let limit = try arguments.number("limit", atLeast: 0) ?? 20
        let since = try arguments.moment("since", now: context.clock.now())
        guard since == nil || arguments.words.isEmpty else {
            throw UsageError("--since and the name of a run exclude each other")
        }
        let config = try context.config()
        try context.checkNames(options, in: config)
        let changes = try MirrorChanges(path: config.storage.mirror)
        let span = try changes.span(arguments.words, since: since)
        let parts = try parts(config, options, changes, span)
        let shown = limit == 0 ? Int.max : limit
        if arguments.isOn("json") {
            try DiffJSON(changes: changes, span: span, history: config.mirror.history, limit: shown)
                .write(parts)
        } else {
            let style = TerminalStyle(isTerminal: Console.stdoutIsTerminal, environment: context.environment)
            try DiffText(
                changes: changes, span: span, history: config.mirror.history, limit: shown, style: style
            ).write(parts)
        }
        return .success
    }

    /// Counts first, so that they stand above the records; nothing but the counts is kept.
    private func parts(
        _ config: Config, _ options: RunOptions, _ changes: MirrorChanges, _ span: RunSpan
    ) throws(Problem) -> [Part] {
        var changed: [String: MirrorChanges.ChangedTable] = [:]
        var parts: [Part] = []
        for connection in config.connections
        where options.connections.isEmpty || options.connections.contains(connection.id) {
            for resource in connection.platform.resources
            where options.resources.isEmpty || options.resources.contains(resource.name) {
                let view = MirrorSchema.view(of: resource, on: connection.platform)
                if changed[view] == nil {
                    changed[view] = try changes.changed(in: view, after: span.from?.id)
                }
                guard let table = changed[view], table.connections.contains(connection.id) else { continue }
                var counts = ChangeCounts()
                counts.later = try changes.each(of: table, connection: connection.id, in: span) { change in
                    counts.add(change)
                    return true
                }
                guard !counts.isEmpty else { continue }
                parts.append(
                    Part(connection: connection.id, resource: resource.name, table: table, counts: counts))
            }
        }
        return parts
    }
}

extension RecordChange {
    /// The members that differ; nil where what stood there before is not known.
    func differences() -> (named: [JSONDifference], more: Int)? {
        guard let old, kind == .updated || kind == .restored, let before = try? JSONValue.parse(old),
            let now = try? JSONValue.parse(new)
        else { return nil }
        return JSONDifference.all(from: before, to: now)
    }
}
