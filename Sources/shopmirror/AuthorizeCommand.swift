import HTTP
import JSON
import Sync

/// `shopmirror authorize`.
struct AuthorizeCommand {
    let arguments: Arguments
    let context: CommandContext

    /// The port that is put into a callback address which nobody listens on, where the config names none.
    private static let usualPort = 8976

    init(_ arguments: Arguments) {
        self.arguments = arguments
        context = CommandContext(arguments)
    }

    func run() async throws -> ExitCode {
        let port = try checkOptions()
        let config = try context.config()
        let connection = try context.connection(named: arguments.words[0], in: config)
        let (run, transport) = context.runContext(config)
        defer { transport.shutdown() }
        do {
            return try await authorize(connection, config, run, port: port)
        } catch var problem as Problem {
            problem.message = context.redactor.redact(problem.message)
            throw problem
        }
    }

    /// - Returns: The port to listen on.
    private func checkOptions() throws(UsageError) -> Int? {
        let ways = ["callback", "listen", "import", "print-url"].filter { arguments.isOn($0) }
        guard ways.count <= 1 else {
            throw UsageError("--\(ways[0]) and --\(ways[1]) exclude each other")
        }
        if let value = arguments.value("callback"), value != "-" {
            throw UsageError(
                "a callback holds a secret and does not belong on a command line; use --callback - and stdin")
        }
        guard let port = try arguments.number("listen", atLeast: 0) else { return nil }
        guard port <= 65_535 else { throw UsageError("'--listen \(port)' is no port from 0 to 65535") }
        return port
    }

    private func authorize(
        _ connection: Connection, _ config: Config, _ run: RunContext, port: Int?
    ) async throws -> ExitCode {
        if !arguments.isOn("print-url") {
            // A sign-in can be finished once only.
            do throws(TransportError) { try CurlTransport.load() } catch { throw Wording.noLibrary(error) }
        }
        let listener = try port.map { try CallbackListener(port: $0) }
        let signIn = connection.platform.dialect.signIn
        let isImport = arguments.isOn("import")
        let account = try Authorization.account(
            for: connection, context: run,
            callback: signIn.callbackAddress(port: listener?.port ?? Self.usualPort), signsIn: !isImport)
        if let listener { try checkAddress(account["redirect_uri"], listener, connection) }
        let vault = try Vault(path: config.storage.vault)
        let authorization = try Authorization(connection, account: account, vault: vault, context: run)
        let held = try MirrorInspection.open(config.storage.mirror)?.account(of: connection.id)
        if isImport {
            let text = try TerminalInput.standard(isLine: false, control: run.control)
            let tokens = try TokenImport.tokens(in: text, for: connection)
            return tell(try await authorization.take(tokens, held: held), connection)
        }
        guard let callback = try await callback(authorization, account, listener, run) else {
            return .success
        }
        return tell(try await authorization.finish(callback, held: held), connection)
    }

    /// The port has to be the one that the platform sends the browser to.
    private func checkAddress(_ address: String, _ listener: CallbackListener, _ connection: Connection)
        throws
    {
        let parts = URLParts.parse(address)
        if let parts, parts.scheme == "http", parts.isLoopback, (parts.port ?? 80) == listener.port { return }
        throw UsageError(
            "redirect_uri of '\(connection.id)' is \(address), where --listen \(listener.port) hears nothing;"
                + " it would have to be http://localhost:\(listener.port)/..., or paste the callback without --listen"
        )
    }

    // MARK: The callback

    /// - Returns: nil when only the address was asked for.
    private func callback(
        _ authorization: Authorization, _ account: AccountAccess, _ listener: CallbackListener?,
        _ run: RunContext
    ) async throws -> String? {
        if arguments.isOn("callback") {
            return try TerminalInput.standard(isLine: true, control: run.control)
        }
        let page = try await authorization.page()
        if arguments.isOn("print-url") {
            Console.out(page + "\n")
            return nil
        }
        Console.error(
            "Open this address in a browser and sign in to the account for '\(account.connection)':\n\n")
        Console.out(page + "\n")
        guard let listener else { return try ask(run, account.connection) }
        Console.error(
            "\nWaiting on port \(listener.port) for the browser to come back, ten minutes at most.\n")
        let path = URLParts.parse(account["redirect_uri"])?.path ?? ""
        let target = try listener.wait(for: path.isEmpty ? "/" : path, clock: run.clock, control: run.control)
        guard let target else {
            throw Problem(
                .needsAuthorization,
                "Nobody came back from the sign-in within ten minutes. Nothing was changed.",
                next: "Run again: shopmirror authorize \(account.connection)")
        }
        return target
    }

    private func ask(_ run: RunContext, _ connection: String) throws -> String {
        let question =
            "\nThe browser ends at an address that may not load; that does no harm."
            + " Copy the whole of it from the address bar.\nPaste it here: "
        if let line = try TerminalInput.line(question, control: run.control) { return line }
        throw UsageError(
            "there is no terminal to paste the callback at; finish with:"
                + " shopmirror authorize \(connection) --callback -   and the address on stdin, within ten minutes"
        )
    }

    // MARK: The end

    private func tell(_ outcome: Authorization.Outcome, _ connection: Connection) -> ExitCode {
        let now = context.clock.now()
        let tokens = outcome.tokens
        let who = outcome.identity.map { account in account.name.map { "\($0) (\(account.id))" } ?? account.id
        }
        var text = "'\(connection.id)' is authorized: \(who ?? "the app may not ask whose account it is")\n"
        let needed = Authorization.needed(by: connection)
        if !outcome.granted.isEmpty {
            text += "  scopes granted   \(outcome.granted.joined(separator: " "))\n"
            text += "  scopes needed    \(needed.joined(separator: " "))\n"
        }
        let access = connection.platform.dialect.expiry(of: tokens)
        text +=
            "  access token     \(access.map { "until " + LocalTime.both($0, now: now) } ?? "its end is not known")\n"
        if tokens.refreshToken != nil {
            let end = tokens.refreshExpiresAt
            text +=
                "  refresh token    \(end.map { "until " + LocalTime.both($0, now: now) } ?? "its end is not known")\n"
        }
        Console.out(text)
        if !outcome.missing.isEmpty {
            Console.error(
                "warning [\(connection.id)] not granted: \(outcome.missing.joined(separator: " ")); the resources that"
                    + " need it will fail\n  next: Grant it to the app, then run: shopmirror authorize \(connection.id)\n"
            )
        }
        guard let doubt = outcome.doubt else { return .success }
        context.log(.error, doubt)
        Console.error(
            "  The tokens are stored; the next sync asks whose account it is before it writes anything.\n")
        return .failed
    }
}
