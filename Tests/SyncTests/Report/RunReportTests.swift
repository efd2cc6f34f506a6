import JSON
import Sync
import SyncTestSupport
import Testing

struct RunReportTests {
    private let now = Timestamp("2026-11-20T03:00:00Z") ?? Timestamp(secondsSinceEpoch: 0)

    private func report(_ change: (inout RunReport) -> Void = { _ in }) -> RunReport {
        var report = RunReport(
            tool: Tool(name: "shopmirror", version: "1"), host: "h", options: RunOptions(), config: nil,
            startedAt: now,
            suffix: "7f3a")
        change(&report)
        report.close(signal: nil)
        return report
    }

    private func result(_ id: String, _ statuses: [ResourceResult.Status], _ problem: Problem? = nil)
        -> ConnectionResult
    {
        var connection = ConnectionResult(id: id, platform: "sample")
        connection.startedAt = now
        connection.problem = problem
        connection.resources = statuses.enumerated().map { index, status in
            var resource = ResourceResult(name: "r\(index)", table: "sample_r\(index)")
            resource.status = status
            if status == .failed { resource.problem = Problem(.networkFailed, "x\(index)") }
            return resource
        }
        return connection
    }

    private func keys(_ value: JSONValue?) -> [String] { value?.objectValue?.map(\.key) ?? [] }

    @Test func `the keys of a report are these, in this order`() {
        let json = report { $0.connections = [result("a", [.succeeded])] }.json
        #expect(
            keys(json) == [
                "schema", "run_id", "tool", "host", "mode", "dry_run", "window", "shard", "status",
                "exit_code", "started_at",
                "finished_at", "duration_seconds", "config", "totals", "connections", "warnings", "error",
            ])
        #expect(
            keys(json["totals"]) == [
                "connections", "connections_succeeded", "connections_failed", "needs_authorization",
                "resources",
                "resources_failed", "http", "records",
            ])
        let connection = json["connections"]?[0]
        #expect(
            keys(connection) == [
                "id", "platform", "status", "account", "started_at", "finished_at", "duration_seconds",
                "token", "http",
                "resources", "error",
            ])
        let resource = Set(keys(connection?["resources"]?[0]))
        let wanted = [
            "name", "table", "status", "mode", "pages", "records", "cursor", "resumed", "duration_seconds",
            "error",
            "complete", "listed",
        ]
        #expect(resource.isSuperset(of: wanted))
        #expect(
            keys(connection?["http"]) == [
                "requests", "retries", "throttled", "errors", "bytes_received", "latency_ms",
            ])
        #expect(
            keys(connection?["resources"]?[0]?["records"])
                == ["fetched", "inserted", "updated", "unchanged", "deleted", "restored", "duplicate"])
    }

    @Test func `an error has all of its keys, null where there is nothing`() {
        let json = report { $0.problem = Problem(.storageFailed, "full") }.json["error"]
        #expect(
            Set(keys(json)).isSuperset(of: [
                "code", "message", "next_step", "platform_code", "http_status", "retryable", "at",
            ]))
        #expect(json?["code"]?.stringValue == "storage_failed")
        #expect(json?["platform_code"]?.isNull == true)
        #expect(json?["at"]?.stringValue == "2026-11-20T03:00:00Z")
    }

    @Test(arguments: [
        ([[ResourceResult.Status.succeeded, .succeeded]], "succeeded", Int32(0)),
        ([[.succeeded, .failed]], "partial", 1),
        ([[.failed], [.succeeded]], "partial", 1), ([[.failed, .failed]], "failed", 1), ([], "succeeded", 0),
    ])
    func `a run is what its resources are`(statuses: [[ResourceResult.Status]], status: String, code: Int32) {
        let report = report { report in
            report.connections = statuses.enumerated().map { result("c\($0)", $1) }
        }
        #expect(report.status == status)
        #expect(report.exitCode.rawValue == code)
    }

    @Test func `totals tell succeeded and failed, partial is neither`() {
        let totals = report { report in
            report.connections = [
                result("a", [.succeeded, .succeeded]), result("b", [.succeeded, .failed]),
                result("c", [.failed]),
                result("d", [.skipped], Problem(.needsAuthorization, "x")),
            ]
        }.json["totals"]
        #expect(totals?["connections"]?.int64Value == 4)
        #expect(totals?["connections_succeeded"]?.int64Value == 1)
        #expect(totals?["connections_failed"]?.int64Value == 2)
        #expect(totals?["needs_authorization"]?.int64Value == 1)
        #expect(totals?["resources_failed"]?.int64Value == 2)
    }

    @Test func `a connection whose tokens are in use elsewhere is a failure of its own`() {
        let locked = Problem(.locked, "in use")
        let partial = report {
            $0.connections = [result("a", [.succeeded]), result("b", [.skipped], locked)]
        }
        #expect(partial.exitCode == .failed)
        #expect(partial.status == "partial")
        let refused = report { $0.problem = locked }
        #expect(refused.exitCode == .locked)
        #expect(refused.status == "skipped")
    }

    @Test func `a signal counts only when it interrupted something`() {
        var calm = report { $0.connections = [result("a", [.succeeded])] }
        calm.close(signal: 15)
        #expect(calm.exitCode == .success)
        var cut = report { report in
            report.connections = [result("a", [.interrupted], Problem(.interrupted, "x"))]
        }
        cut.close(signal: 15)
        #expect(cut.exitCode == .terminated)
        #expect(cut.status == "interrupted")
    }

    @Test func `latencies are told as quantiles`() {
        var statistics = HTTPStatistics()
        #expect(statistics.quantiles == nil)
        statistics.latencies = (1...100).map(Double.init).shuffled()
        let found = statistics.quantiles
        #expect(found?.p50 == 51)
        #expect(found?.p95 == 96)
        #expect(found?.max == 100)
    }

    @Test func `the text is the JSON and one newline`() throws {
        let report = report()
        #expect(try JSONValue.parse(Array(report.text.utf8)) == report.json)
        #expect(report.text.hasSuffix("}\n"))
    }
}
