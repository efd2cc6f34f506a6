import Foundation
import Sync
import SyncTestSupport
import Testing

struct VaultFileTests {
    let folder: TemporaryFolder
    let now = Timestamp("2026-11-20T03:00:00Z") ?? Timestamp(secondsSinceEpoch: 0)

    init() throws { folder = try TemporaryFolder() }

    private func vault() throws -> Vault { try Vault(path: folder.file("private/vault.db")) }

    private func entry(_ access: String?, _ refresh: String?, uid: String? = nil, seed: String? = nil)
        -> VaultEntry
    {
        VaultEntry(
            platform: "sample", tokens: TokenSet(accessToken: access, refreshToken: refresh, uid: uid),
            seedSHA256: seed,
            obtainedAt: now)
    }

    @Test func `tokens come back as they were stored, after a reopening too`() async throws {
        let first = try vault()
        var stored = entry("A", "R", uid: "U", seed: "seed")
        stored.tokens.accessExpiresAt = now.adding(seconds: 60)
        stored.tokens.refreshExpiresAt = now.adding(seconds: 3600)
        stored.tokens.state = "S"
        stored.tokens.scope = "read"
        stored.refreshedAt = now
        try await first.store(stored, of: "main")
        await first.close()
        let second = try vault()
        let found = try await second.entry("main")
        #expect(found?.tokens == stored.tokens)
        #expect(found?.seedSHA256 == "seed")
        #expect(found?.platform == "sample")
        #expect(found?.obtainedAt == now)
        #expect(try await second.entry("other") == nil)
    }

    @Test(arguments: [String?.none, ""])
    func `an empty or missing token never erases a stored one`(nothing: String?) async throws {
        let vault = try vault()
        try await vault.store(entry("A", "R", uid: "U"), of: "main")
        try await vault.store(entry(nothing, nothing), of: "main")
        let tokens = try await vault.entry("main")?.tokens
        #expect(tokens?.accessToken == "A")
        #expect(tokens?.refreshToken == "R")
        #expect(tokens?.uid == "U")
        try await vault.store(entry("B", nothing), of: "main")
        #expect(try await vault.entry("main")?.tokens.accessToken == "B")
        #expect(try await vault.entry("main")?.tokens.refreshToken == "R")
    }

    @Test func `connections do not touch each other`() async throws {
        let vault = try vault()
        try await vault.store(entry("A", "R"), of: "one")
        try await vault.store(entry("B", "S"), of: "two")
        #expect(try await vault.forget("one"))
        #expect(try await !vault.forget("one"))
        #expect(try await vault.entry("one") == nil)
        #expect(try await vault.entry("two")?.tokens.accessToken == "B")
    }

    @Test func `what was replaced is gone from the file`() async throws {
        let vault = try vault()
        let old = "OLD-\(String(repeating: "o", count: 300))"
        try await vault.store(entry(old, "R"), of: "main")
        #expect(try Data(folder.bytes("private/vault.db")).range(of: Data(old.utf8)) != nil)
        try await vault.store(entry("NEW", "R"), of: "main")
        #expect(try Data(folder.bytes("private/vault.db")).range(of: Data(old.utf8)) == nil)
        #expect(!FileManager.default.fileExists(atPath: folder.file("private/vault.db-wal")))
        #expect(!FileManager.default.fileExists(atPath: folder.file("private/vault.db-journal")))
        #expect(try await vault.forget("main"))
        #expect(try Data(folder.bytes("private/vault.db")).range(of: Data("NEW".utf8)) == nil)
    }

    @Test func `a nonce lives ten minutes and is spent once`() async throws {
        let vault = try vault()
        try await vault.keep(nonce: "n1", of: "main", now: now)
        #expect(try await vault.nonce(of: "main", now: now.adding(seconds: 599)) == "n1")
        #expect(try await vault.nonce(of: "main", now: now.adding(seconds: 601)) == nil)
        #expect(try await vault.nonce(of: "other", now: now) == nil)
        #expect(try await vault.spend(nonce: "n1", of: "main"))
        #expect(try await !vault.spend(nonce: "n1", of: "main"))
        #expect(try await vault.nonce(of: "main", now: now) == nil)
    }

    @Test func `printing tokens shows none`() {
        let tokens = TokenSet(accessToken: "A-secret", refreshToken: "R-secret", state: "S-secret")
        var dumped = ""
        dump(tokens, to: &dumped)
        for text in ["\(tokens)", String(reflecting: tokens), dumped] { #expect(!text.contains("secret")) }
        #expect(tokens.secrets == ["A-secret", "R-secret", "S-secret"])
    }

    @Test func `a seed's digest changes with any of its parts`() {
        let sets = [
            TokenSet(accessToken: "A"), TokenSet(accessToken: "B"), TokenSet(refreshToken: "A"),
            TokenSet(uid: "A"),
            TokenSet(state: "A"), TokenSet(accessToken: "A", refreshToken: "A"),
        ]
        let digests = sets.compactMap { TokenSeed.fingerprint($0) }
        #expect(Set(digests).count == sets.count)
        #expect(digests.allSatisfy { $0.count == 64 && !$0.contains("A") })
        #expect(TokenSeed.fingerprint(nil) == nil)
    }
}
