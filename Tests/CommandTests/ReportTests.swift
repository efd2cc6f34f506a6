import Foundation
import Glibc
import JSON
import Reports
import Sync
import Testing

/// Stored reports, rendered.
@Suite(.timeLimit(.minutes(2)))
struct ReportTests {
    private func report(_ work: Workplace, _ words: String...) async throws -> Workplace.Outcome {
        try await work.run(["report"] + words + ["-c", work.path("config.toml")])
    }

    private static let shared = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(
            path: "shared/run-report.schema.json")

    @Test(.enabled(if: FileManager.default.fileExists(atPath: shared.path()), "there is no ../shared"))
    func `the program's own schema says what the shared one says`() throws {
        func normal(_ data: Data) throws -> NSDictionary {
            try #require(try JSONSerialization.jsonObject(with: data) as? NSDictionary)
        }
        #expect(try normal(Data(RunReportSchema.text.utf8)) == normal(Data(contentsOf: Self.shared)))
    }

    @Test func `the schema is printed as JSON`() async throws {
        let outcome = try await Workplace().run(["report", "schema"])
        let schema = try JSONValue.parse(Array(outcome.stdout.utf8))
        #expect(schema["properties"]?["schema"]?["const"]?.stringValue == RunReport.schema)
    }

    @Test func `show prints the latest run, or the one whose id begins so`() async throws {
        let work = try Workplace(try await SandboxServer())
        try work.configure(work.privateApp(resources: "locations orders"))
        try await work.sync()
        try await work.sync()
        let ids = work.reports.map { String($0.dropLast(5)) }
        #expect(try await report(work, "show").stdout.contains("run \(ids[1])"))
        let first = try await report(work, "show", String(ids[0].dropLast(1)))
        #expect(first.stdout.contains("run \(ids[0])") && first.stdout.contains("locations"))
        let unknown = try await report(work, "show", "2001")
        #expect(unknown.exitCode == 2 && unknown.stderr.contains("there is no run '2001'"))
    }

    @Test(arguments: [
        "", "null", "[]", "{", "{\"schema\":\"shopmirror.run-report/2\",\"run_id\":\"a\"}",
        "{\"schema\":\"shopmirror.run-report/1\",\"run_id\":7}",
    ])
    func `what is no report of version 1 is none`(text: String) {
        #expect(StoredReport(reading: Array(text.utf8)) == nil)
    }

    @Test func `a report of wrong types and strange numbers is read as far as it goes`() throws {
        let text = """
            {"schema":"shopmirror.run-report/1","run_id":"20260101T000000Z-0000","status":"<b>","started_at":5,
            "duration_seconds":1e999,"exit_code":-4,"new_key":{"a":[1]},"warnings":[{},7,{"code":"x y"}],
            "error":"no","totals":{"http":{"requests":99999999999999999999999,"retries":-1,"errors":1.5}},
            "connections":[null,{"id":"a","status":"partial","resources":[{"name":"b","records":{
            "inserted":9223372036854775807,"updated":9223372036854775807,"fetched":"x"}},{"records":[]}]}]}
            """
        let report = try #require(StoredReport(reading: Array(text.utf8)))
        #expect(report.status == "failed" && report.exitCode == 0)
        #expect(report.startedAt == Timestamp("2026-01-01T00:00:00Z"))
        #expect(report.connections.count == 2 && report.connections[1].resources.count == 2)
        #expect(report.counts.inserted == 1_000_000_000_000_000)
        #expect(report.warnings.map(\.code) == ["internal", "internal"])
        #expect(report.traffic.requests == 0 && report.duration.isFinite)
    }

    @Test func `no cut or changed byte of a report stops the page`() async throws {
        let work = try Workplace(try await SandboxServer())
        try work.configure(work.privateApp(resources: "locations"))
        try await work.sync()
        let whole = Array(try work.bytes("data/reports/latest.json"))
        let now = Timestamp(secondsSinceEpoch: 1_800_000_000)
        var readable = 0
        for index in stride(from: 0, to: whole.count, by: 7) {
            var changed = whole
            changed[index] = UInt8(truncatingIfNeeded: index &* 31)
            for bytes in [Array(whole[..<index]), changed] {
                guard let report = StoredReport(reading: bytes) else { continue }
                readable += 1
                #expect(
                    !HtmlPage(.init(reports: [report]), status: nil, now: now, version: "1").bytes.isEmpty)
            }
        }
        #expect(readable > 0)
    }

    @Test func `names from outside stay text on the page`() throws {
        let evil = "<script>x</script>\\\"'&\\u0007"
        let text = """
            {"schema":"shopmirror.run-report/1","run_id":"20260101T000000Z-0000","status":"partial","host":"\(evil)",
            "connections":[{"id":"\(evil)","platform":"\(evil)","status":"partial","account":{"id":"\(evil)","name":"\(evil)"},
            "resources":[{"name":"\(evil)","table":"\(evil)","status":"failed","error":{"code":"internal","message":"\(evil)",
            "next_step":"\(evil)","platform_code":"\(evil)","connection":"\(evil)","resource":"\(evil)"}}]}]}
            """
        let report = try #require(StoredReport(reading: Array(text.utf8)))
        let now = Timestamp(secondsSinceEpoch: 1_800_000_000)
        let page = String(
            decoding: HtmlPage(.init(reports: [report, report]), status: nil, now: now, version: "1").bytes,
            as: UTF8.self)
        #expect(page.contains("&lt;script&gt;x&lt;/script&gt;&quot;&#39;&amp;\u{FFFD}"))
        #expect(!page.contains("<script>x") && !page.contains("\u{7}"))
        #expect(page.components(separatedBy: "<script>").count == 2)
    }

    @Test(
        .enabled(
            if: Executable.find("promtool") != nil, "promtool (Debian's package prometheus) is not installed")
    )
    func `promtool accepts the metrics`() async throws {
        let sandbox = try await SandboxServer()
        let work = try Workplace(sandbox)
        try work.configure(
            work.nextEngine(), work.privateApp(resources: "locations orders"),
            storage: "prometheus = \"data/metrics/shopmirror.prom\"")
        try await work.sync()
        let promtool = try #require(Executable.find("promtool"))
        let file = open(work.path("data/metrics/shopmirror.prom"), O_RDONLY | O_CLOEXEC)
        let said = open(work.path("said"), O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        defer { for descriptor in [file, said] { close(descriptor) } }
        let process = try RunningProcess(
            promtool, ["check", "metrics"], environment: [:], in: work.folder,
            streams: [0: file, 1: said, 2: said])
        #expect(await process.next() == .exited(0))
        #expect(try work.bytes("said").isEmpty)
        let metrics = String(decoding: try work.bytes("data/metrics/shopmirror.prom"), as: UTF8.self)
        let rows = try work.mirror.count("SELECT count(*) FROM shopline_orders")
        #expect(
            metrics.contains(
                "shopmirror_table_rows{connection=\"taipei\",table=\"shopline_orders\"} \(rows)\n"))
        #expect(metrics.contains("shopmirror_run_success 1\n"))
    }
}

/// Programs of this machine.
enum Executable {
    static func find(_ name: String) -> String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
