import Foundation
import Glibc
import JSON
import Testing

/// A folder with a config of its own, in which one test runs the program.
final class Workplace: Sendable {
    let folder: String
    let sandbox: SandboxServer?

    /// A workplace without a platform to call.
    init() throws {
        folder = try Self.newFolder()
        sandbox = nil
    }

    init(_ sandbox: SandboxServer) throws {
        folder = try Self.newFolder()
        self.sandbox = sandbox
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private static func newFolder() throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(path: "shopmirror-\(UUID().uuidString)")
            .path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return folder
    }

    // MARK: Files

    var mirror: MirrorFile { MirrorFile(path: "\(folder)/data/mirror.db") }
    var vault: MirrorFile { MirrorFile(path: "\(folder)/private/vault.db", isWritable: true) }

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

    func write(_ text: String, to name: String, mode: mode_t = 0o600) throws {
        try FileManager.default.createDirectory(
            at: URL(filePath: path(name)).deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: path(name)))
        try #require(chmod(path(name), mode) == 0)
    }

    func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(filePath: path(name))) }

    func mode(of name: String) -> mode_t {
        var info = stat()
        return stat(path(name), &info) == 0 ? info.st_mode & 0o777 : 0
    }

    /// Names of the stored reports, oldest first, without `latest.json`.
    var reports: [String] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: path("data/reports"))) ?? []
        return all.filter { $0 != "latest.json" }.sorted()
    }

    func latestReport() throws -> Report { try Report(bytes("data/reports/latest.json")) }

    // MARK: Config

    /// Writes a config with these connections.
    func configure(
        _ connections: String..., storage: String = "", run: String = "", mode: mode_t = 0o600,
        file: String = "config.toml"
    ) throws {
        let text = "[storage]\n\(storage)\n[run]\n\(run)\n" + connections.joined(separator: "\n")
        try write(text, to: file, mode: mode)
    }

    /// A connection of a store of the simulated SHOPLINE.
    ///
    /// - Parameters:
    ///   - id: Its name.
    ///   - store: The store's number.
    ///   - resources: What is mirrored.
    ///   - more: Further lines of its table, tables of resources included.
    /// - Returns: TOML.
    func shopline(_ id: String = "taipei", store: Int = 1, resources: String = "orders", _ more: String = "")
        -> String
    {
        """
        [connections.\(id)]
        platform = "shopline"
        handle = "open00\(store)"
        app_key = { env = "SL_KEY" }
        app_secret = { env = "SL_SECRET" }
        access_token = { env = "SL_TOKEN_\(store)" }
        base_url = "\(sandbox?.address ?? "http://127.0.0.1:1")/open00\(store)"
        \(Self.list(resources))
        \(more)

        """
    }

    /// A private app of a store, with a token that is never renewed.
    func privateApp(
        _ id: String = "taipei", store: Int = 1, resources: String = "orders", _ more: String = ""
    ) -> String {
        """
        [connections.\(id)]
        platform = "shopline"
        handle = "open00\(store)"
        access_token = { env = "SL_STATIC_\(store)" }
        base_url = "\(sandbox?.address ?? "http://127.0.0.1:1")/open00\(store)"
        \(Self.list(resources))
        \(more)

        """
    }

    /// A connection of an account of the simulated Next Engine.
    func nextEngine(
        _ id: String = "tokyo", account: Int = 1, resources: String = "shops", _ more: String = ""
    ) -> String {
        """
        [connections.\(id)]
        platform = "next-engine"
        client_id = { env = "NE_ID" }
        client_secret = { env = "NE_SECRET" }
        access_token = { env = "NE_ACCESS_\(account)" }
        refresh_token = { env = "NE_REFRESH_\(account)" }
        uid = { env = "NE_UID_\(account)" }
        state = { env = "NE_STATE" }
        redirect_uri = "https://localhost:3000/callback"
        base_url = "\(sandbox?.address ?? "http://127.0.0.1:1")"
        requests_per_second = 0
        \(Self.list(resources))
        \(more)

        """
    }

    private static func list(_ resources: String) -> String {
        "resources = [\(resources.split(separator: " ").map { "\"\($0)\"" }.joined(separator: ", "))]"
    }

    /// Every secret of the simulated platforms, by the name that the configs above use.
    static let secrets: [String: String] = {
        var values = [
            "SL_KEY": "sandbox-app-key", "SL_SECRET": "sandbox-app-secret", "NE_ID": "sandbox-client",
            "NE_SECRET": "sandbox-secret", "NE_STATE": "S-from-a-login",
        ]
        for number in 1...3 {
            let suffix = number == 1 ? "" : "-\(number)"
            values["SL_TOKEN_\(number)"] = "SL-ACCESS-1-open00\(number)"
            values["SL_STATIC_\(number)"] = "SL-STATIC-open00\(number)"
            values["NE_ACCESS_\(number)"] = "NE-ACCESS-1\(suffix)"
            values["NE_REFRESH_\(number)"] = "NE-REFRESH-1\(suffix)"
            values["NE_UID_\(number)"] = "U-77\(suffix)"
        }
        return values
    }()

    // MARK: Running

    /// What the program left behind.
    struct Outcome: Sendable {
        var exit: RunningProcess.Event?
        var stdout: String
        var stderr: String

        var exitCode: Int32? {
            if case .exited(let code) = exit { return code }
            return nil
        }
    }

    /// Runs the program to its end.
    ///
    /// - Parameters:
    ///   - arguments: Its command line.
    ///   - hooks: Further words of `SHOPMIRROR_TEST`.
    ///   - environment: Variables beside the secrets; an empty value removes one.
    /// - Returns: What it left behind.
    /// - Throws: An issue when it cannot be started.
    func run(_ arguments: [String], hooks: String = "", environment: [String: String] = [:]) async throws
        -> Outcome
    {
        try await start(arguments, hooks: hooks, environment: environment).outcome()
    }

    /// Runs `shopmirror sync` to its end.
    @discardableResult
    func sync(_ arguments: String..., hooks: String = "", environment: [String: String] = [:]) async throws
        -> Outcome
    {
        try await run(
            ["sync", "-c", path("config.toml")] + arguments, hooks: hooks, environment: environment)
    }

    /// Starts the program and lets it run.
    func start(
        _ arguments: [String], hooks: String = "", environment: [String: String] = [:]
    ) throws -> StartedRun {
        var all = Self.secrets.merging(["HOME": folder, "SHOPMIRROR_TEST": "skip-waits,\(hooks)"]) { $1 }
        for (name, value) in environment { all[name] = value.isEmpty ? nil : value }
        let number = UUID().uuidString
        let (out, err) = (path(".out-\(number)"), path(".err-\(number)"))
        let descriptors = [out, err].map { (path: String) in open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        }
        let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer { for descriptor in descriptors + [null] { close(descriptor) } }
        let process = try RunningProcess(
            Programs.path("shopmirror"), arguments, environment: all, in: folder,
            streams: [0: null, 1: descriptors[0], 2: descriptors[1]])
        return StartedRun(process: process, stdout: out, stderr: err)
    }

    /// Starts `shopmirror sync` and waits until it has stopped itself at an instant.
    func startSync(_ arguments: String..., stoppingAt instant: String, environment: [String: String] = [:])
        async throws -> StartedRun
    {
        let run = try start(
            ["sync", "-c", path("config.toml")] + arguments, hooks: "stop=\(instant)",
            environment: environment)
        let event = await run.process.next()
        try #require(event == .stopped, "it did not come to \(instant): \(run.text(run.stderr))")
        return run
    }
}

/// A run of the program that is not over yet.
struct StartedRun: Sendable {
    let process: RunningProcess
    let stdout: String
    let stderr: String

    func text(_ path: String) -> String {
        String(decoding: (try? Data(contentsOf: URL(filePath: path))) ?? Data(), as: UTF8.self)
    }

    func outcome() async throws -> Workplace.Outcome {
        let event = await process.next()
        return Workplace.Outcome(exit: event, stdout: text(stdout), stderr: text(stderr))
    }

    /// Lets a stopped run go on and waits for its end.
    func goOn(_ signals: Int32...) async throws -> Workplace.Outcome {
        for signal in signals { process.send(signal) }
        process.send(SIGCONT)
        return try await outcome()
    }
}

/// Whether the file could be removed.
func unlinked(_ path: String) -> Bool { unlink(path) == 0 }
