import Platforms
import Sync

/// `shopmirror export`: what changed in the mirror, as a stream for other programs.
struct ExportCommand {
    let arguments: Arguments
    let context: CommandContext

    init(_ arguments: Arguments) {
        self.arguments = arguments
        context = CommandContext(arguments)
    }

    func run() throws -> ExitCode {
        let form = arguments.value("format").flatMap { Export.Form(rawValue: $0) } ?? .ndjson
        let state = arguments.value("state")
        if state != nil, form != .singer {
            throw UsageError("--state is for --format singer; use --since-run")
        }
        if state != nil, arguments.isOn("since-run") {
            throw UsageError("--state and --since-run exclude each other")
        }
        let config = try context.config()
        let platforms = try platforms(of: config)
        let feed = try ChangeFeed(path: config.storage.mirror)
        let tables = try feed.tables(of: platforms, named: arguments.all("resource"))
        let export = try Export(
            feed, tables, connections: arguments.all("connection"), after: try last(tables, state), as: form)
        let outcome = try export.run { Console.out($0) }
        for remark in outcome.remarks { context.log(.warning, remark) }
        if outcome.isComplete { try feed.close() }
        context.log(
            .info,
            "\(outcome.rows) rows of \(outcome.tables) tables, up to run \(feed.newest ?? "(none yet)")")
        return .success
    }

    /// Where to go on.
    private func last(_ tables: [FeedTable], _ file: String?) throws -> SingerState {
        if let file { return try SingerState(file: file) }
        var state = SingerState()
        for table in tables { state[table.view] = arguments.value("since-run") }
        return state
    }

    /// Whose resources are meant; rows of a connection that left the config are exported too, unless one is named.
    private func platforms(of config: Config) throws(UsageError) -> [Platform] {
        let names = arguments.all("connection")
        for name in names { _ = try context.connection(named: name, in: config) }
        let selected = config.connections.filter { names.isEmpty || names.contains($0.id) }.map(\.platform)
        let all = selected + (names.isEmpty ? Platforms.platforms : [])
        let known = Set(all.flatMap { $0.resources.map(\.name) })
        for name in arguments.all("resource") where !known.contains(name) {
            throw UsageError("unknown resource '\(name)'; \(Nearest.hint(to: name, among: known.sorted()))")
        }
        return all
    }
}
