import Foundation
import Platforms
import SQLite
import Sync

/// A temporary folder with config, vault and mirror, and runs over them in this process.
final class TortureMirror {
    let folder: String
    let config: Config
    let connection = "c"

    init(
        _ kind: ShopServer.Kind, limit: Int, fullEvery: String = "2d", settings: String = "max_shrink = 1.0",
        resourceSettings: String = ""
    ) throws {
        let base = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
        folder = "\(base)/torture-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let account =
            kind.isNextEngine
            ? "client_id = \"i\"\nclient_secret = \"s3cret-client\"\naccess_token = \"A-token\"\nrefresh_token = \"R-token\"\nuid = \"u\"\nstate = \"st4te\""
            : "handle = \"open001\"\naccess_token = \"SL-token\""
        let text = """
            [storage]
            mirror = "\(folder)/mirror.db"
            vault = "\(folder)/private/vault.db"
            reports = "\(folder)/reports"
            keep_reports = 3
            [run]
            max_attempts = 3
            full_every = "\(fullEvery)"
            \(settings)
            [connections.c]
            platform = "\(kind.platform)"
            base_url = "http://127.0.0.1:9"
            requests_per_second = 0
            resources = ["\(kind.rawValue)"]
            \(account)
            [connections.c.\(kind.rawValue)]
            limit = \(limit)
            \(resourceSettings)
            """
        config = try ConfigLoader.parse(
            Array(text.utf8), path: "\(folder)/config.toml", mode: 0o600, platforms: platforms)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    var path: String { "\(folder)/mirror.db" }

    func run(
        _ shop: ShopSimulation, _ options: RunOptions = RunOptions(),
        instant: @escaping @Sendable (RunContext.Instant) -> Void = { _ in }
    ) async -> SyncRun.Ending {
        let clock = shop.clock
        let context = RunContext(
            clock: clock, transport: shop,
            control: RunControl(clock: clock, maxSeconds: 6 * 3600 * 24, maxRequests: options.maxRequests),
            pacer: Pacer(),
            redactor: Redactor(), log: Log(level: .error) { _ in }, progress: Progress(), environment: [:],
            random: { 0.5 }, instant: instant)
        return await SyncRun(
            config: config, options: options, context: context, tool: Tool(name: "shopmirror", version: "0")
        ).run()
    }

    // MARK: Killing

    /// Keeps the files as a kill at this moment would leave them.
    func takeImage() {
        for suffix in ["", "-wal"] {
            try? FileManager.default.removeItem(atPath: "\(path).image\(suffix)")
            try? FileManager.default.copyItem(atPath: path + suffix, toPath: "\(path).image\(suffix)")
        }
    }

    /// Puts the files back as they were at the kill.
    func restoreImage() throws {
        for suffix in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: path + suffix)
            if suffix != "-shm", FileManager.default.fileExists(atPath: "\(path).image\(suffix)") {
                try FileManager.default.moveItem(atPath: "\(path).image\(suffix)", toPath: path + suffix)
            }
        }
    }

    // MARK: Reading

    var exists: Bool { FileManager.default.fileExists(atPath: path) }

    func openPulls(_ kind: String? = nil) throws -> Int {
        guard exists else { return 0 }
        let database = try Database(path: path, access: .readWrite)
        guard try database.integer("SELECT count(*) FROM sqlite_master WHERE name='pulls'") == 1 else {
            return 0
        }
        let condition = kind.map { "kind='\($0)'" } ?? "kind<>'backfill'"
        return Int(try database.integer("SELECT count(*) FROM pulls WHERE \(condition)") ?? 0)
    }

    struct Stored {
        var payload: String
        var isDeleted: Bool
        var run: String
    }

    func rows(_ table: String) throws -> [String: Stored] {
        guard exists else { return [:] }
        let database = try Database(path: path, access: .readWrite)
        guard try database.integer("SELECT count(*) FROM sqlite_master WHERE name='\(table)_data'") == 1
        else { return [:] }
        let statement = try database.prepare(
            "SELECT id, payload, deleted_at IS NOT NULL, changed_run FROM \(table)_data")
        var rows: [String: Stored] = [:]
        while try statement.step() {
            rows[statement.text(at: 0) ?? ""] = Stored(
                payload: statement.text(at: 1) ?? "", isDeleted: statement.int64(at: 2) == 1,
                run: statement.text(at: 3) ?? "")
        }
        return rows
    }
}
