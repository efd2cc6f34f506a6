import Glibc
import HTTP
import JSON
import Sync

/// `shopmirror check`: whether the next run can work, without changing anything.
struct CheckCommand {
    let arguments: Arguments
    let context: CommandContext

    init(_ arguments: Arguments) {
        self.arguments = arguments
        context = CommandContext(arguments)
    }

    /// One thing that was looked at.
    private struct Finding {
        var name: String
        var detail: String
        /// What the next sync will do to it.
        var migration: String?
        var problem: Problem?
    }

    /// One connection that was looked at.
    private struct Verdict {
        var look: TokenLook
        var online: TokenKeeper.Outcome?
        var problem: Problem?
        var warning: Problem?
    }

    func run() async throws -> ExitCode {
        let config = try context.config()
        var options = RunOptions()
        options.connections = arguments.all("connection")
        try context.checkNames(options, in: config)
        let (run, transport) = context.runContext(config)
        defer { transport.shutdown() }
        let vault = await vault(config)
        let files = [vault, mirror(config), reports(config)]
        var verdicts: [Verdict] = []
        if vault.problem == nil { verdicts = try await self.verdicts(config, options, run) }
        if arguments.isOn("online"), vault.problem == nil { try await ask(&verdicts, config, run) }
        let problems = files.compactMap(\.problem) + verdicts.compactMap(\.problem)
        if arguments.isOn("json") {
            let text = JSONWriter.text(json(config, files, verdicts), .pretty)
            Console.out(context.redactor.redact(text) + "\n")
        } else {
            print(config, files, verdicts)
        }
        if problems.contains(where: { $0.code == .configInvalid }) { return .usage }
        return ExitCode(problems: problems, signal: run.control.signal)
    }

    // MARK: Files

    private func vault(_ config: Config) async -> Finding {
        let path = config.storage.vault
        var finding = Finding(name: "vault", detail: path)
        do throws(Problem) {
            let (vault, migration) = try Vault.look(at: path)
            finding.migration = migration
            if let vault {
                finding.detail += " (mode 0600, \(try await vault.connections().count) connections)"
                await vault.close()
            } else {
                finding.detail += " (none yet)"
            }
            try checkFolder(of: path, what: "vault")
        } catch {
            finding.problem = error
        }
        return finding
    }

    private func mirror(_ config: Config) -> Finding {
        let path = config.storage.mirror
        var finding = Finding(name: "mirror", detail: path)
        do throws(Problem) {
            if let mirror = try MirrorInspection.open(path) {
                try mirror.check()
                finding.migration = mirror.migration
                finding.detail += " (schema \(mirror.version ?? 0), sound)"
            } else {
                finding.detail += " (none yet)"
            }
            try checkFolder(of: path, what: "mirror")
        } catch {
            finding.problem = error
        }
        return finding
    }

    private func reports(_ config: Config) -> Finding {
        var finding = Finding(name: "reports", detail: config.storage.reports)
        do throws(Problem) {
            try checkFolder(of: config.storage.reports + "/latest.json", what: "report")
        } catch {
            finding.problem = error
        }
        return finding
    }

    /// A folder, or where it is still to be made the one above it, has to be ours to write.
    private func checkFolder(of path: String, what: String) throws(Problem) {
        var folder = Paths.folder(of: path)
        while access(folder, F_OK) != 0, folder != "/", folder != "." { folder = Paths.folder(of: folder) }
        guard access(folder, W_OK | X_OK) != 0 else { return }
        throw Wording.file("\(what)'s folder", folder, errno)
    }

    // MARK: Connections

    private func verdicts(_ config: Config, _ options: RunOptions, _ run: RunContext) async throws
        -> [Verdict]
    {
        let now = context.clock.now()
        let spacing = ((try? MirrorInspection.open(config.storage.mirror)) ?? nil)?.runSpacing
        return try await TokenLook.all(in: config, run).filter { look in
            options.connections.isEmpty || options.connections.contains(look.connection.id)
        }.map { look in
            var verdict = Verdict(look: look)
            guard look.connection.isEnabled else { return verdict }
            verdict.problem = look.problem
            verdict.warning = look.outlook.warning(now: now, spacing: spacing)
            if look.problem == nil, !look.outlook.isUnattended {
                let connection = look.connection
                let reason =
                    look.outlook.state == .expired
                    ? "its tokens have expired" : "there is no token for it yet"
                verdict.problem =
                    look.outlook.reason.map { Wording.stillRefused(connection, $0) }
                    ?? Wording.authorization(connection, reason: reason)
                verdict.problem?.connection = connection.id
            }
            return verdict
        }
    }

    private func ask(_ verdicts: inout [Verdict], _ config: Config, _ run: RunContext) async throws {
        let indexes = verdicts.indices.filter {
            verdicts[$0].look.connection.isEnabled && verdicts[$0].look.problem == nil
        }
        guard !indexes.isEmpty else { return }
        let vault = try Vault(path: config.storage.vault)
        let asked = indexes.map { verdicts[$0].look }.map { (connection: $0.connection, held: $0.account) }
        let outcomes = await boundedMap(asked, limit: config.run.concurrency) { item in
            await TokenKeeper(item.connection, vault: vault, context: run).identify(held: item.held)
        }
        await vault.close()
        for (index, outcome) in zip(indexes, outcomes) {
            // What the platform says now beats what was expected.
            verdicts[index].online = outcome
            verdicts[index].problem = outcome.problem
            if outcome.problem == nil {
                verdicts[index].look.account = outcome.identity ?? verdicts[index].look.account
            }
        }
    }

    // MARK: Telling

    private func print(_ config: Config, _ files: [Finding], _ verdicts: [Verdict]) {
        var table = TextTable(columns: ["what", "state", "detail"].map { TextTable.Column(title: $0) })
        table.rows = [["config", "ok", "\(config.path) (\(config.connections.count) connections)"]]
        for file in files {
            table.rows.append([file.name, file.problem == nil ? "ok" : "failed", file.detail])
        }
        for verdict in verdicts {
            table.rows.append([verdict.look.connection.id, state(verdict), detail(verdict)])
        }
        Console.out(context.redactor.redact(table.text(columns: nil)))
        for migration in files.compactMap(\.migration) { Console.out(migration + "\n") }
        for problem in files.compactMap(\.problem) + verdicts.compactMap(\.problem) {
            context.log(.error, problem)
        }
        for warning in verdicts.compactMap(\.warning) { context.log(.warning, warning) }
    }

    private func state(_ verdict: Verdict) -> String {
        if !verdict.look.connection.isEnabled { return "off" }
        return verdict.problem == nil ? verdict.warning == nil ? "ok" : "soon" : "failed"
    }

    private func detail(_ verdict: Verdict) -> String {
        let outlook = verdict.look.outlook
        var parts: [String] = []
        if let account = verdict.look.account {
            parts.append(account.name.map { "\($0) (\(account.id))" } ?? account.id)
        }
        guard verdict.look.connection.isEnabled else { return "enabled = false" }
        if let problem = verdict.problem {
            parts.append(problem.code.rawValue)
        } else if let deadline = outlook.deadline {
            parts.append("needs nobody until \(LocalTime.both(deadline, now: context.clock.now()))")
        } else if let action = outlook.nextAction {
            parts.append(action)
        } else {
            parts.append(
                outlook.signsInAlone ? "needs nobody: signs in by itself" : "needs nobody, as far as is known"
            )
        }
        return parts.joined(separator: ", ")
    }

    private func json(_ config: Config, _ files: [Finding], _ verdicts: [Verdict]) -> JSONValue {
        let now = context.clock.now()
        func error(_ problem: Problem?) -> JSONValue { problem.map { $0.json(at: now) } ?? .null }
        let storage: [(key: String, value: JSONValue)] = files.map {
            (
                key: $0.name,
                value: .members(
                    ("ok", .bool($0.problem == nil)), ("detail", .string($0.detail)),
                    ("migration", .text($0.migration)),
                    ("error", error($0.problem)))
            )
        }
        let connections = verdicts.map { verdict in
            let isUnattended =
                verdict.problem == nil && (verdict.online != nil || verdict.look.outlook.isUnattended)
            return JSONValue.members(
                ("id", .string(verdict.look.connection.id)), ("status", .string(state(verdict))),
                ("unattended", .bool(isUnattended)),
                ("unattended_until", .time(verdict.look.outlook.deadline)),
                ("asked_online", .bool(verdict.online != nil)), ("token", verdict.look.json),
                ("warning", error(verdict.warning)), ("error", error(verdict.problem)))
        }
        let head: [(key: String, value: JSONValue)] = [(key: "config", value: .string(config.path))]
        return .object(head + storage + [(key: "connections", value: .array(connections))])
    }
}
