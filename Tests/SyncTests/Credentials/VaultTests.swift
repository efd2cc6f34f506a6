import Foundation
import SQLite
import Testing

@testable import Sync

/// The file with the tokens.
struct VaultTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "vault-\(UUID().uuidString)")
        .path()
    private var path: String { "\(folder)/private/vault.db" }
    private let now = Timestamp(secondsSinceEpoch: 1_795_000_000)

    private func entry(_ access: String?, _ refresh: String?, seed: String? = nil) -> VaultEntry {
        VaultEntry(
            platform: "aihubmix", tokens: TokenSet(accessToken: access, refreshToken: refresh),
            seedSHA256: seed,
            obtainedAt: now)
    }

    private func mode(_ path: String) -> Int? {
        (try? FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]) as? Int
    }

    @Test func `it is for its owner alone, whatever the umask`() async throws {
        let vault = try Vault(path: path)
        try await vault.store(entry("A", "R"), of: "one")
        #expect(mode(path) == 0o600)
        #expect(mode("\(folder)/private") == 0o700)
    }

    @Test func `one that others can read is not opened`() throws {
        _ = try Vault(path: path)
        chmod(path, 0o640)
        let problem = #expect(throws: Problem.self) { _ = try Vault(path: path) }
        #expect(problem?.code == .storageFailed)
        #expect(problem?.nextStep?.hasPrefix("Run: chmod 600 ") == true)
    }

    @Test func `a newer, a foreign and a damaged one are left as they are`() throws {
        _ = try Vault(path: path)
        try Database(path: path).execute("PRAGMA user_version=99")
        #expect(throws: Problem.self) { _ = try Vault(path: path) }
        try Database(path: path).execute("PRAGMA user_version=1; PRAGMA application_id=7")
        #expect(throws: Problem.self) { _ = try Vault(path: path) }
        let noise = Data(repeating: 0x41, count: 4096)
        try noise.write(to: URL(filePath: path))
        chmod(path, 0o600)
        let problem = #expect(throws: Problem.self) { _ = try Vault(path: path) }
        #expect(problem?.code == .storageFailed)
        #expect(try Data(contentsOf: URL(filePath: path)) == noise)
    }

    @Test func `one that takes no write is found out before a pair is put at risk`() async throws {
        let vault = try Vault(path: path)
        try await vault.confirmWritable(now: 100)
        // SQLite writes to no file that somebody has taken away.
        try FileManager.default.removeItem(atPath: path)
        // Asked once a second, however many connections ask.
        try await vault.confirmWritable(now: 100.9)
        for now in [101, 101.1] {
            let problem = await #expect(throws: Problem.self) { try await vault.confirmWritable(now: now) }
            #expect(problem?.code == .storageFailed)
            #expect(problem?.message.contains("vault \(path)") == true)
        }
    }

    @Test func `after a failed write the next one is tried again at once`() async throws {
        let vault = try Vault(path: path)
        try await vault.confirmWritable(now: 100)
        try FileManager.default.removeItem(atPath: path)
        await #expect(throws: Problem.self) { try await vault.store(entry("A", "R"), of: "one") }
        await #expect(throws: Problem.self) { try await vault.confirmWritable(now: 100.1) }
    }

    @Test func `looking for one makes none`() throws {
        #expect(try Vault.existing(path) == nil)
        #expect(!FileManager.default.fileExists(atPath: folder))
    }

    @Test func `a missing or empty token never erases a stored one, a new sign-in does`() async throws {
        let vault = try Vault(path: path)
        try await vault.store(entry("A", "R"), of: "one")
        try await vault.store(entry("B", ""), of: "one")
        #expect(try await vault.entry("one")?.tokens.refreshToken == "R")
        try await vault.store(entry(nil, nil), of: "one")
        #expect(try await vault.entry("one")?.tokens.accessToken == "B")
        try await vault.replace(entry("C", nil), of: "one")
        let tokens = try await vault.entry("one")?.tokens
        #expect(tokens?.accessToken == "C" && tokens?.refreshToken == nil)
    }

    @Test func `a refusal of an old token does not touch a newer one`() async throws {
        let vault = try Vault(path: path)
        try await vault.store(entry("A", "R"), of: "one")
        try await vault.store(entry("B", "S"), of: "one")
        try await vault.markRefused("A", of: "one", reason: "no")
        #expect(try await vault.entry("one")?.refused == nil)
        try await vault.markRefused("B", of: "one", reason: "no")
        let stored = try await vault.entry("one")
        #expect(stored?.refused == "no" && stored?.tokens.refreshToken == "S")
    }

    @Test func `a nonce lives ten minutes and works once`() async throws {
        let vault = try Vault(path: path)
        try await vault.keep(nonce: "n", of: "one", now: now)
        #expect(try await vault.nonce(of: "one", now: now.adding(seconds: 600)) == "n")
        #expect(try await vault.nonce(of: "one", now: now.adding(seconds: 601)) == nil)
        #expect(try await vault.nonce(of: "two", now: now) == nil)
        #expect(try await !vault.spend(nonce: "other", of: "one"))
        #expect(try await vault.spend(nonce: "n", of: "one"))
        #expect(try await !vault.spend(nonce: "n", of: "one"))
    }

    @Test func `a forgotten token is gone from the file's bytes`() async throws {
        let vault = try Vault(path: path)
        try await vault.store(entry("ACCESS-TO-BE-FORGOTTEN", "R"), of: "one")
        #expect(try await vault.forget("one"))
        #expect(try await !vault.forget("one"))
        await vault.close()
        let bytes = try Data(contentsOf: URL(filePath: path))
        #expect(bytes.range(of: Data("ACCESS-TO-BE".utf8)) == nil)
    }
}
