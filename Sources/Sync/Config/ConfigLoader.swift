import Digest
import Glibc
package import TOML

/// What is wrong with a config, every problem of it at once.
package struct ConfigError: Error, Sendable {
    package var path: String
    package var problems: [TOMLError]

    /// One line a problem: `config.toml:LINE:COLUMN: what is wrong; what is allowed`.
    package var lines: [String] {
        problems.map { "\(path):\($0.position.line):\($0.position.column): \($0.problem)" }
    }
}

/// Reads a config file into a `Config`, or into all of its problems.
package struct ConfigLoader {
    let path: String
    let platforms: [Platform]
    let problems = TableReader.Problems()
    let customs = CustomReader.Declared()

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - path: The file, relative to the working directory or absolute.
    ///   - platforms: Every platform there is.
    /// - Returns: The config, checked.
    /// - Throws: `Problem` when the file cannot be read, `ConfigError` when it is wrong.
    package static func load(_ path: String, platforms: [Platform]) throws -> Config {
        guard let bytes = SystemFile.bytes(at: path, limit: 64 << 20) else {
            throw Problem(
                .configInvalid, "The config file \(path) cannot be read: \(SystemFile.failure).",
                next: "Name a readable file with --config, or copy config.example.toml to ./config.toml.")
        }
        return try ConfigLoader(path: path, platforms: platforms).config(
            from: bytes, mode: Self.mode(of: path))
    }

    /// Reads a file's content.
    ///
    /// - Parameters:
    ///   - bytes: The content.
    ///   - path: The file's name, for messages and relative paths.
    ///   - mode: Its permission bits.
    ///   - platforms: Every platform there is.
    /// - Returns: The config, checked.
    /// - Throws: `ConfigError`.
    package static func parse(
        _ bytes: [UInt8], path: String, mode: UInt32, platforms: [Platform]
    ) throws -> Config {
        try ConfigLoader(path: path, platforms: platforms).config(from: bytes, mode: mode)
    }

    private static func mode(of path: String) -> UInt32 {
        var info = stat()
        return stat(path, &info) == 0 ? info.st_mode & 0o777 : 0o600
    }

    private var folder: String { Paths.folder(of: Paths.absolute(path, in: ".")) }

    private func config(from bytes: [UInt8], mode: UInt32) throws -> Config {
        let document = TOMLParser.parse(bytes)
        problems.all = document.errors
        let start = TOMLPosition(line: 1, column: 1)
        var root = TableReader(document.root, name: "", at: start, problems: problems)
        let storage = storage(root.table("storage"))
        let mirror = mirror(root.table("mirror"))
        var run = RunSettings()
        var ending = EndingSettings()
        if var table = root.table("run") {
            run = settings(&table, from: run)
            ending = EndingReader(folder: folder).settings(&table)
            table.finish()
        }
        var connections: [Connection] = []
        if let table = root.table("connections") {
            for entry in table.table.entries {
                connections += ConnectionReader(loader: self, folder: folder).connection(entry, run: run)
            }
        }
        var stock = StockSettings()
        if var table = root.table("stock") {
            stock = StockReader(connections: connections).settings(&table)
            table.finish()
        }
        root.finish()
        TableNames(problems: problems).check(connections)
        if connections.isEmpty, problems.all.isEmpty {
            problems.add(start, "there is no connection; add one as [connections.NAME] with a platform")
        }
        refuseReadableSecrets(connections, mode: mode)
        guard problems.all.isEmpty else {
            throw ConfigError(path: path, problems: problems.all.sorted { $0.position < $1.position })
        }
        let sha256 = Hex.encode(SHA256.hash(bytes))
        return Config(
            path: path, sha256: sha256, storage: storage, mirror: mirror, run: run, ending: ending,
            stock: stock,
            connections: connections, platforms: platforms)
    }

    private func storage(_ table: TableReader?) -> StorageSettings {
        func path(_ text: String?, _ fallback: String) -> String {
            Paths.absolute(text ?? fallback, in: folder)
        }
        guard var table else {
            return StorageSettings(
                mirror: path(nil, "data/mirror.db"), vault: path(nil, "private/vault.db"),
                reports: path(nil, "data/reports"))
        }
        var storage = StorageSettings(
            mirror: path(table.path("mirror"), "data/mirror.db"),
            vault: path(table.path("vault"), "private/vault.db"),
            reports: path(table.path("reports"), "data/reports"))
        storage.keepReports = table.integer("keep_reports", in: 0...1_000_000) ?? storage.keepReports
        storage.snapshot = table.path("snapshot").map { path($0, "") }
        storage.html = table.path("html").map { path($0, "") }
        storage.prometheus = table.path("prometheus").map { path($0, "") }
        let named = [storage.mirror, storage.vault, storage.snapshot, storage.html, storage.prometheus]
        let files = named.compactMap { $0 }
        if Set(files).count < files.count {
            problems.add(
                table.position,
                "two of mirror, vault, snapshot, html and prometheus name the same file; each needs its own")
        }
        table.finish()
        return storage
    }

    private func mirror(_ table: TableReader?) -> MirrorSettings {
        var mirror = MirrorSettings()
        guard var table else { return mirror }
        mirror.history = table.integer("history", in: 0...1000) ?? mirror.history
        table.finish()
        return mirror
    }

    /// The keys of `[run]`, which a connection may repeat.
    func settings(_ table: inout TableReader, from base: RunSettings) -> RunSettings {
        var run = base
        run.concurrency = table.integer("concurrency", in: 1...1024) ?? run.concurrency
        run.timeoutSeconds = table.seconds("timeout", atLeast: 1) ?? run.timeoutSeconds
        run.maxAttempts = table.integer("max_attempts", in: 1...100) ?? run.maxAttempts
        run.maxDurationSeconds = table.seconds("max_duration", atLeast: 1) ?? run.maxDurationSeconds
        run.overlapSeconds = table.seconds("overlap") ?? run.overlapSeconds
        run.fullEverySeconds = table.seconds("full_every") ?? run.fullEverySeconds
        run.maxShrink = table.number("max_shrink", in: 0...1) ?? run.maxShrink
        run.maxResponse = table.bytes("max_response") ?? run.maxResponse
        run.maxRecord = table.bytes("max_record") ?? run.maxRecord
        run.freshWithinSeconds = table.seconds("fresh_within", atLeast: 1) ?? run.freshWithinSeconds
        return run
    }

    /// A file with a secret in it is for its owner alone.
    private func refuseReadableSecrets(_ connections: [Connection], mode: UInt32) {
        guard mode & 0o044 != 0 else { return }
        let literal = connections.first { connection in
            let values = connection.settings.values.compactMap { value -> SecretSource? in
                if case .secret(let source) = value { return source }
                return nil
            }
            return (values + connection.seeds.values).contains {
                if case .literal = $0 { return true }
                return false
            }
        }
        guard let literal else { return }
        problems.add(
            TOMLPosition(line: literal.line, column: 1),
            "[connections.\(literal.id)] holds a secret as plain text and the file can be read by group or others"
                + " (mode 0\(String(mode, radix: 8))); run: chmod 600 \(path)")
    }
}
