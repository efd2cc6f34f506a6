import Foundation
import JSON
import Testing

/// Somebody who follows the change feed and keeps what came, as a database target does.
struct Consumer {
    /// The last change of each record.
    private(set) var records: [String: String] = [:]
    /// The last run that it knows of.
    private(set) var last: String?
    private(set) var lines = 0

    /// Asks for what is new, and keeps it.
    mutating func follow(_ work: Workplace) async throws {
        let since = last.map { ["--since-run", $0] } ?? []
        let outcome = try await work.run(["export", "-c", work.path("config.toml")] + since)
        #expect(outcome.exitCode == 0 && outcome.stderr == "", "\(outcome.stderr)")
        let lines = outcome.stdout.split(separator: "\n")
        for line in lines {
            let object = try JSONValue.parse(Array(line.utf8))
            func text(_ name: String) -> String { object[name]?.stringValue ?? "NULL" }
            let start = try #require(line.range(of: ",\"record\":"))
            let payload = line[start.upperBound...].dropLast()
            let key = "\(text("platform")) \(text("resource"))|\(text("connection"))|\(text("id"))"
            records[key] = "\(text("change"))|\(text("changed_run"))|\(text("deleted_at"))|\(payload)"
            last = max(last ?? "", text("changed_run"))
        }
        self.lines = lines.count
    }

    /// What somebody who missed nothing would have.
    static func everything(in work: Workplace, _ views: [(name: String, title: String)]) throws -> [String:
        String]
    {
        var all: [String: String] = [:]
        for view in views {
            let rows = try work.mirror.rows(
                "SELECT connection, id, change, changed_run, coalesce(deleted_at, 'NULL'), payload FROM \(view.name)"
            ).map { $0.map { $0 ?? "NULL" } }
            for row in rows {
                all["\(view.title)|\(row[0])|\(row[1])"] = row[2...].joined(separator: "|")
            }
        }
        return all
    }
}
