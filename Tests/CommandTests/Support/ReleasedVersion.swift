import Foundation
import Testing

/// The files of a released version, kept by `jobs/keep-version`.
struct ReleasedVersion: Sendable, CustomStringConvertible {
    let number: String

    var description: String { number }

    static let all: [ReleasedVersion] = {
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path())
        return (names ?? []).sorted().map { ReleasedVersion(number: $0) }
    }()

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fixtures")

    func text(_ name: String) throws -> String {
        try String(contentsOf: Self.folder.appending(path: "\(number)/\(name)"), encoding: .utf8)
    }

    /// Puts mirror, vault, report and config where a program of that version had them.
    func restore(to work: Workplace) throws {
        let address = work.sandbox?.address ?? "http://127.0.0.1:1"
        try work.write(try text("config.toml").replacing("SANDBOX", with: address), to: "config.toml")
        for (name, file) in [("mirror.sql", "data/mirror.db"), ("vault.sql", "private/vault.db")] {
            try work.write("", to: file)
            try MirrorFile(path: work.path(file)).execute(try text(name))
        }
        try #require(chmod(work.path("private"), 0o700) == 0)
        let report = try text("report.json")
        let run = try #require(try Report(report).runID)
        for name in [run, "latest"] { try work.write(report, to: "data/reports/\(name).json") }
    }

    /// The hook that sets the clock to an hour after the last run that these files know of.
    func hook(_ work: Workplace) throws -> String {
        let text = try #require(try work.mirror.text("SELECT max(finished_at) FROM runs"))
        let last = try Date(text, strategy: .iso8601)
        return "clock=\(Int(last.timeIntervalSinceNow) + 3600)"
    }
}
