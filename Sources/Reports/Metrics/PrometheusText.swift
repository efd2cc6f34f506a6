import Sync

/// Metrics in Prometheus' text format, for node_exporter's textfile collector.
package struct PrometheusText {
    private let reports: [StoredReport]
    private let status: MirrorStatus
    private let version: String
    private var text = ""

    /// - Parameters:
    ///   - reports: Stored reports, oldest first.
    ///   - status: How the mirror stands.
    ///   - version: Of the program.
    package init(reports: [StoredReport], status: MirrorStatus, version: String) {
        self.reports = reports.filter(\.isReal)
        self.status = status
        self.version = version
    }

    package var bytes: [UInt8] {
        var writer = self
        writer.writeAll()
        return Array(writer.text.utf8)
    }

    private mutating func writeAll() {
        family("info", "The program that wrote these metrics.", [Sample(["version": version], 1)])
        if let run = reports.last { writeRun(run) }
        writeParts()
        writeConnections()
        writeTables()
        let files = [("database", status.mirrorBytes), ("wal", status.logBytes)]
        family(
            "mirror_size_bytes", "Size of the mirror's files.",
            files.compactMap { name, size in size.map { Sample(["file": name], Double($0)) } })
    }

    // MARK: The latest run

    private mutating func writeRun(_ run: StoredReport) {
        family("run_last_timestamp_seconds", "When the latest run ended.", [Sample(run.finishedAt)])
        let success = reports.last { $0.status == "succeeded" }
        if let ended = success?.finishedAt ?? status.lastSuccessAt {
            family(
                "run_last_success_timestamp_seconds", "When the latest wholly successful run ended.",
                [Sample(ended)])
        }
        family(
            "run_success", "Whether the latest run succeeded as a whole.",
            [Sample(run.status == "succeeded" ? 1 : 0)])
        family("run_exit_code", "Exit code of the latest run.", [Sample(Double(run.exitCode))])
        family("run_duration_seconds", "Duration of the latest run.", [Sample(run.duration)])
        family("run_problems", "Errors in the latest run's report.", [Sample(Double(run.problems.count))])
        family("run_warnings", "Warnings in the latest run's report.", [Sample(Double(run.warnings.count))])
    }

    /// Of every connection's own latest run.
    private mutating func writeParts() {
        let known = Set(status.connections.filter { $0.state != .disabled }.map(\.id))
        let connections = LatestParts(reports, known: known).parts.map(\.connection)
        let calls = connections.map { ($0.id, $0.traffic) }
        func each(_ value: (StoredTraffic) -> Int) -> [Sample] {
            calls.map { Sample(["connection": $0.0], Double(value($0.1))) }
        }
        family("connection_requests", "Requests of its latest run, retries included.", each(\.requests))
        family("connection_retries", "Requests of its latest run that were sent again.", each(\.retries))
        family("connection_throttles", "Answers of its latest run that said slow down.", each(\.throttled))
        family("connection_request_errors", "Requests of its latest run that failed.", each(\.errors))
        family("connection_received_bytes", "Bytes received in its latest run.", each(\.bytesReceived))
        family(
            "connection_latency_seconds", "Latency of its latest run's requests.",
            calls.flatMap(Self.latencies))
        family(
            "resource_records", "Records of its latest run by what became of them.",
            connections.flatMap { connection in
                connection.resources.flatMap { Self.records($0, connection) }
            })
        family(
            "connection_success", "Whether the connection succeeded in its latest run.",
            connections.map {
                Sample(["connection": $0.id, "platform": $0.platform], $0.status == "succeeded" ? 1 : 0)
            })
        family(
            "connection_duration_seconds", "Duration of the connection's part of its latest run.",
            connections.map { Sample(["connection": $0.id], $0.duration) })
    }

    private static func latencies(_ connection: String, _ calls: StoredTraffic) -> [Sample] {
        [("p50", calls.p50), ("p95", calls.p95), ("max", calls.slowest)].compactMap { name, value in
            value.map { Sample(["connection": connection, "statistic": name], $0 / 1000) }
        }
    }

    private static func records(_ resource: StoredResource, _ connection: StoredConnection) -> [Sample] {
        let counts = resource.counts
        let kinds = [
            ("inserted", counts.inserted), ("updated", counts.updated), ("unchanged", counts.unchanged),
            ("deleted", counts.deleted), ("restored", counts.restored), ("duplicate", counts.duplicate),
        ]
        return kinds.map {
            Sample(["connection": connection.id, "resource": resource.name, "kind": $0.0], Double($0.1))
        }
    }

    // MARK: Now

    private mutating func writeConnections() {
        let all = status.connections.filter { $0.state != .disabled }
        family(
            "connection_needs_authorization", "Whether a person has to authorize the connection again.",
            all.map { Sample(["connection": $0.id], $0.state == .needsAuthorization ? 1 : 0) })
        family(
            "connection_last_success_timestamp_seconds",
            "When all tables of the connection were last up to date.",
            all.compactMap { status in status.lastSuccessAt.map { Sample(["connection": status.id], $0) } })
        family(
            "connection_next_run_timestamp_seconds",
            "When the next run is expected, from the past spacing of runs.",
            all.compactMap { status in status.spacing.map { Sample(["connection": status.id], $0.next) } })
        let ends = all.flatMap { status -> [Sample] in
            [("access", status.accessExpiresAt), ("refresh", status.refreshExpiresAt)].compactMap {
                kind, end in
                end.map { Sample(["connection": status.id, "token": kind], $0) }
            }
        }
        family("token_expiry_timestamp_seconds", "When the connection's tokens end.", ends)
    }

    private mutating func writeTables() {
        var rows: [Sample] = []
        var deleted: [Sample] = []
        var success: [Sample] = []
        var verdicts: [Sample] = []
        for connection in status.connections where connection.state != .disabled {
            for resource in connection.resources where !resource.isAbsent {
                let labels = ["connection": connection.id, "table": resource.table]
                rows.append(Sample(labels, Double(resource.rows.live)))
                deleted.append(Sample(labels, Double(resource.rows.deleted)))
                if let time = resource.lastSuccessAt { success.append(Sample(labels, time)) }
                for verdict in Freshness.allCases {
                    let all = labels.merging(["verdict": verdict.rawValue]) { first, _ in first }
                    verdicts.append(Sample(all, verdict == resource.freshness ? 1 : 0))
                }
            }
        }
        family("table_rows", "Rows of the mirror that exist on the platform.", rows)
        family("table_deleted_rows", "Rows of the mirror that are marked deleted.", deleted)
        family("table_last_success_timestamp_seconds", "When the table was last brought up to date.", success)
        family(
            "table_freshness", "Whether the table is as new as it should be; one of the verdicts is 1.",
            verdicts)
    }

    // MARK: Format

    private struct Sample {
        var labels: [String: String]
        var value: Double

        init(_ labels: [String: String] = [:], _ value: Double) {
            self.labels = labels
            self.value = value
        }

        init(_ value: Double) { self.init([:], value) }

        init(_ labels: [String: String] = [:], _ time: Timestamp) {
            self.init(labels, Double(time.secondsSinceEpoch))
        }

        init(_ time: Timestamp) { self.init([:], time) }
    }

    /// A metric with its samples; one without any is left out, and a sample that stands twice counts once.
    private mutating func family(_ name: String, _ help: String, _ samples: [Sample]) {
        guard !samples.isEmpty else { return }
        text += "# HELP shopmirror_\(name) \(help)\n# TYPE shopmirror_\(name) gauge\n"
        var seen: Set<[String: String]> = []
        for sample in samples where seen.insert(sample.labels).inserted {
            let labels = sample.labels.sorted { $0.key < $1.key }.map {
                "\($0.key)=\"\(Self.escaped($0.value))\""
            }
            let shown = labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}"
            text += "shopmirror_\(name)\(shown) \(Self.number(sample.value))\n"
        }
    }

    private static func number(_ value: Double) -> String {
        if let whole = Int64(exactly: value) { return String(whole) }
        return "\(value)"
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}
