import Foundation
import Glibc
import JSON
import Testing

/// Killed anywhere, the next run ends as if nothing had happened.
///
/// `TORTURE_KILLS` makes it longer and adds kills at a random moment, `TORTURE_SEED` repeats a storm, `TORTURE_TALLY`
/// names a file for what happened.
@Suite(.timeLimit(.minutes(60)))
struct CrashStormTests {
    private struct Random: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    private static let instants = [
        "after-receive", "after-vault-commit", "before-page-commit", "after-page-commit",
        "before-report-rename",
        "after-report-rename",
    ]
    private static let listings = ["orders.json", "products/products.json", "api_v1_master_goods/search"]

    private func configure(_ work: Workplace) throws {
        try work.configure(
            work.shopline(
                "taipei", resources: "store products orders", "[connections.taipei.orders]\nlimit = 4"),
            work.shopline("tainan", store: 2, resources: "orders", "[connections.tainan.orders]\nlimit = 10"),
            work.nextEngine("tokyo", resources: "shops goods", "[connections.tokyo.goods]\nlimit = 12"),
            work.nextEngine("osaka", account: 2, resources: "goods", "[connections.osaka.goods]\nlimit = 30"))
    }

    private func reset(_ sandbox: SandboxServer) throws {
        try sandbox.control(
            #"{"op":"reset"}"#, #"{"op":"expire-access","platform":"next-engine","account":"1"}"#)
    }

    private func pages(_ sandbox: SandboxServer) throws -> Int64 {
        try Self.listings.reduce(0) { try $0 + sandbox.requests(to: $1) }
    }

    @Test func `a storm of kills leaves the mirror as a calm run does`() async throws {
        let environment = ProcessInfo.processInfo.environment
        let kills = environment["TORTURE_KILLS"].flatMap { Int($0) }
        let seed = environment["TORTURE_SEED"].flatMap { UInt64($0) } ?? 1
        let sandbox = try await SandboxServer(kills == nil ? [] : ["--latency-ms", "1"])
        let calm = try Workplace(sandbox)
        try configure(calm)
        try reset(sandbox)
        #expect(try await calm.sync().exitCode == 0)
        let (expected, calmPages) = (try calm.mirror.canonicalDump(), try pages(sandbox))
        #expect(calmPages > 100)
        var tally: [String: Int] = [:]
        for number in 0..<(kills ?? 6) {
            var random = Random(state: seed &* 0x9E37_79B9 &+ UInt64(number))
            _ = random.next()
            let isAnyMoment = kills != nil && Bool.random(using: &random)
            let instant = Self.instants.randomElement(using: &random) ?? ""
            let count = Int.random(
                in: 1...(instant.hasSuffix("rename") ? 1 : instant == "after-vault-commit" ? 5 : 120),
                using: &random)
            let microseconds = UInt32.random(in: 0..<600_000, using: &random)
            let name = isAnyMoment ? "after \(microseconds) us" : "\(instant):\(count)"
            let work = try Workplace(sandbox)
            try configure(work)
            try reset(sandbox)
            let run = try work.start(
                ["sync", "-c", work.path("config.toml")], hooks: isAnyMoment ? "" : "crash=\(name)")
            if isAnyMoment {
                usleep(microseconds)
                run.process.send(SIGKILL)
            }
            // A pull that was over already is followed by an incremental one.
            let isNearEnd = isAnyMoment || instant.hasSuffix("rename") || count > 60
            let wasKilled = try await run.outcome().exit == .killed(9)
            tally[
                "\(isAnyMoment ? "any moment" : instant)\(wasKilled ? "" : ", run over before")", default: 0] +=
                1
            try await goOn(work, sandbox, after: name, &tally)
            #expect(try work.mirror.canonicalDump() == expected, "\(name)")
            #expect(try pages(sandbox) <= calmPages * (isNearEnd || !wasKilled ? 2 : 1) + 8, "\(name)")
            #expect(try work.mirror.text("PRAGMA integrity_check") == "ok", "\(name)")
            #expect(try work.mirror.count("SELECT count(*) FROM pulls") == 0, "\(name)")
            try keep(tally, seed: seed, kills: number + 1)
        }
        print("crash storm: seed \(seed), \(kills ?? 6) runs, \(Self.lines(tally).joined(separator: "; "))")
    }

    private static func lines(_ tally: [String: Int]) -> [String] {
        tally.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
    }

    /// Writes after every kill, so that a storm that was cut short tells how far it came.
    private func keep(_ tally: [String: Int], seed: UInt64, kills: Int) throws {
        guard let path = ProcessInfo.processInfo.environment["TORTURE_TALLY"] else { return }
        let text = "seed \(seed)\n\(kills) runs\n\(Self.lines(tally).joined(separator: "\n"))\n"
        try Data(text.utf8).write(to: URL(filePath: path))
    }

    /// The run after the kill, with the pair that the platform issued last.
    private func goOn(
        _ work: Workplace, _ sandbox: SandboxServer, after name: String, _ tally: inout [String: Int]
    ) async throws {
        let account = try sandbox.account("NE0000042", of: "next-engine")
        let hasVault = work.exists("private/vault.db")
        let held =
            hasVault ? try? work.vault.text("SELECT access_token FROM tokens WHERE connection='tokyo'") : nil
        if let held, held != account["access_token"]?.stringValue, account["refreshes"]?.int64Value ?? 0 > 0 {
            // It died between the answer that rotated the pair and the vault (the connections run side by side, so any
            // kill can): nobody can save that pair.
            tally["pair lost on the way", default: 0] += 1
            try sandbox.control(#"{"op":"reset"}"#)
        }
        let outcome = try await work.sync()
        #expect(outcome.exitCode == 0, "\(name): \(outcome.stderr)")
        let now = try sandbox.account("NE0000042", of: "next-engine")
        #expect(
            try work.vault.text("SELECT access_token FROM tokens WHERE connection='tokyo'")
                == now["access_token"]?.stringValue)
        #expect(now["double_spends"]?.int64Value == 0, "\(name)")
    }
}
