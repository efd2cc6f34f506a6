import HTTP
import JSON
import Sync

/// `shopmirror tokens`: what is stored, without ever showing it.
struct TokensCommand {
    let arguments: Arguments
    let context: CommandContext

    init(_ arguments: Arguments) {
        self.arguments = arguments
        context = CommandContext(arguments)
    }

    func run() async throws -> ExitCode {
        let word = arguments.words.first
        let id = arguments.words.count > 1 ? arguments.words[1] : nil
        if word == "forget", id == nil {
            throw UsageError("a connection is missing; usage: shopmirror tokens forget ID")
        }
        let config = try context.config()
        let (run, transport) = context.runContext(config)
        defer { transport.shutdown() }
        switch word {
        case "refresh": return try await refresh(id, config, run)
        case "forget": return try await forget(id ?? "", config, run)
        default: return try await list(config, run)
        }
    }

    // MARK: The list

    private func list(_ config: Config, _ run: RunContext) async throws -> ExitCode {
        let looks = try await TokenLook.all(in: config, run)
        let now = context.clock.now()
        if arguments.isOn("json") {
            let value = JSONValue.members(("connections", .array(looks.map { $0.json })))
            Console.out(context.redactor.redact(JSONWriter.text(value, .pretty)) + "\n")
            return .success
        }
        let titles = [
            "connection", "platform", "account", "state", "access ends", "refresh ends", "refreshed", "next",
        ]
        var table = TextTable(columns: titles.map { TextTable.Column(title: $0) })
        for look in looks {
            func shown(_ time: Timestamp?) -> String { time.map { LocalTime.distance($0, from: now) } ?? "-" }
            let outlook = look.outlook
            table.rows.append([
                look.connection.id, look.connection.platform.id, look.account.map { $0.name ?? $0.id } ?? "-",
                look.problem == nil ? Self.name(outlook.state) : "no secret", shown(outlook.accessExpiresAt),
                shown(outlook.refreshExpiresAt), shown(outlook.lastRefreshAt),
                look.problem?.nextStep ?? outlook.nextAction ?? "-",
            ])
        }
        Console.out(context.redactor.redact(table.text(columns: nil)))
        return .success
    }

    static func name(_ state: TokenOutlook.State) -> String {
        switch state {
        case .ok: "ok"
        case .expired: "expired"
        case .refused: "needs authorization"
        case .none: "none"
        case .unusedSeed: "unused seed"
        }
    }

    // MARK: Renewing

    private func refresh(_ id: String?, _ config: Config, _ run: RunContext) async throws -> ExitCode {
        let chosen =
            try id.map { [try context.connection(named: $0, in: config)] }
            ?? config.connections.filter(\.isEnabled)
        let vault = try Vault(path: config.storage.vault)
        let mirror = try MirrorInspection.open(config.storage.mirror)
        let work = chosen.map { (connection: $0, held: mirror?.account(of: $0.id)) }
        let outcomes = await boundedMap(work, limit: config.run.concurrency) { item in
            await TokenKeeper(item.connection, vault: vault, context: run).refresh(held: item.held)
        }
        await vault.close()
        let problems = outcomes.compactMap(\.problem)
        for problem in problems { context.log(.error, problem) }
        if arguments.isOn("json") {
            let items = zip(chosen, outcomes).map { json($0, $1) }
            Console.out(JSONWriter.text(.members(("connections", .array(items))), .pretty) + "\n")
        } else if Console.stderrIsTerminal || arguments.isOn("verbose") {
            let now = context.clock.now()
            for (connection, outcome) in zip(chosen, outcomes) where outcome.problem == nil {
                let end = connection.platform.dialect.expiry(of: outcome.tokens)
                let until = end.map { ", access until \(LocalTime.both($0, now: now))" } ?? ""
                Console.error("\(connection.id)  \(outcome.hasRenewed ? "renewed" : "not due")\(until)\n")
            }
        }
        return ExitCode(problems: problems, signal: run.control.signal)
    }

    private func json(_ connection: Connection, _ outcome: TokenKeeper.Outcome) -> JSONValue {
        .members(
            ("id", .string(connection.id)), ("renewed", .bool(outcome.hasRenewed)),
            ("access_expires_at", .time(connection.platform.dialect.expiry(of: outcome.tokens))),
            ("refresh_expires_at", .time(outcome.tokens.refreshExpiresAt)),
            ("error", outcome.problem.map { $0.json(at: context.clock.now()) } ?? .null))
    }

    // MARK: Forgetting

    private func forget(_ id: String, _ config: Config, _ run: RunContext) async throws -> ExitCode {
        guard let vault = try Vault.existing(config.storage.vault) else {
            _ = try context.connection(named: id, in: config)
            Console.error("There is no vault, so nothing is stored for '\(id)'.\n")
            return .success
        }
        guard let connection = config.connections.first(where: { $0.id == id }) else {
            // A connection that the config no longer has: its tokens can still be dropped.
            guard try await vault.connections().contains(id) else {
                _ = try context.connection(named: id, in: config)
                return .usage
            }
            _ = try await vault.forget(id)
            Console.out("The tokens of '\(id)' are gone from the vault.\n")
            return .success
        }
        let (had, signedOut) = try await TokenKeeper(connection, vault: vault, context: run).forget()
        var text = had ? "The tokens of '\(id)' are gone from the vault" : "Nothing was stored for '\(id)'"
        if let signedOut {
            text += signedOut ? ", and the platform has signed them out" : "; the platform could not be told"
        }
        Console.out(text + ".\n")
        if !connection.seeds.isEmpty {
            Console.error(
                "note: [connections.\(id)] has a token of its own in the config, which the next run will use again.\n"
            )
        }
        return .success
    }
}

/// What is known of one connection's tokens without asking anybody.
struct TokenLook {
    var connection: Connection
    var account: AccountIdentity?
    var outlook: TokenOutlook
    /// A secret that cannot be had.
    var problem: Problem?

    /// Every connection of a config; no file is made.
    static func all(in config: Config, _ run: RunContext) async throws -> [TokenLook] {
        let vault = try Vault.look(at: config.storage.vault).vault
        let mirror = try MirrorInspection.open(config.storage.mirror)
        var looks: [TokenLook] = []
        for connection in config.connections {
            var problem: Problem?
            var fingerprint: String?
            do throws(Problem) {
                fingerprint = TokenSeed.fingerprint(try TokenSeed(connection, run).configured())
                _ = try AccountAccess(opening: connection, context: run)
            } catch {
                problem = error.of(connection.id)
            }
            let entry = try await vault?.entry(connection.id)
            run.redactor.learn(entry?.tokens.secrets ?? [])
            let outlook = TokenOutlook(
                connection, entry: entry, fingerprint: fingerprint, now: run.clock.now())
            looks.append(
                TokenLook(
                    connection: connection, account: mirror?.account(of: connection.id), outlook: outlook,
                    problem: problem))
        }
        await vault?.close()
        return looks
    }

    var json: JSONValue {
        .members(
            ("id", .string(connection.id)), ("platform", .string(connection.platform.id)),
            ("enabled", .bool(connection.isEnabled)),
            ("account", account.map { .members(("id", .string($0.id)), ("name", .text($0.name))) } ?? .null),
            ("state", .string(outlook.state.rawValue)), ("reason", .text(outlook.reason)),
            ("access_expires_at", .time(outlook.accessExpiresAt)),
            ("refresh_expires_at", .time(outlook.refreshExpiresAt)),
            ("last_refresh_at", .time(outlook.lastRefreshAt)), ("deadline", .time(outlook.deadline)),
            ("signs_in_alone", .bool(outlook.signsInAlone)),
            ("next_action", .text(problem?.nextStep ?? outlook.nextAction)))
    }
}
