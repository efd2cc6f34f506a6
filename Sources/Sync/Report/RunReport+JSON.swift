package import JSON

extension RunReport {
    /// The report as the schema wants it.
    package var json: JSONValue {
        let window: JSONValue =
            options.isBackfill
            ? .members(("since", .time(options.since)), ("until", .time(options.until))) : .null
        let head: [(key: String, value: JSONValue)] = [
            ("schema", .string(Self.schema)), ("run_id", .string(runID)),
            ("tool", .members(("name", .string(tool.name)), ("version", .string(tool.version)))),
            ("host", .string(host)), ("mode", .string(options.mode)), ("dry_run", .bool(options.isDryRun)),
            ("window", window), ("shard", .text(options.shard?.description)), ("status", .string(status)),
            ("exit_code", .int(exitCode.rawValue)),
        ]
        let body: [(key: String, value: JSONValue)] = [
            ("started_at", .time(startedAt)), ("finished_at", .time(finishedAt)),
            ("duration_seconds", .double(max(0, duration), decimals: 3)),
            ("config", .members(("path", .text(configPath)), ("sha256", .text(configSHA256)))),
            ("totals", totalsJSON), ("connections", .array(connections.map(\.json))),
            ("warnings", .array(allWarnings.map { $0.json(at: finishedAt) })),
            ("error", problem.map { $0.json(at: finishedAt) } ?? .null),
        ]
        return .object(head + body)
    }

    private var totalsJSON: JSONValue {
        let resources = connections.flatMap(\.resources)
        return .members(
            ("connections", .int(connections.count)),
            ("connections_succeeded", .int(connections.filter { $0.status == .succeeded }.count)),
            ("connections_failed", .int(connections.filter(\.hasFailed).count)),
            ("needs_authorization", .int(connections.filter { $0.status == .needsAuthorization }.count)),
            ("resources", .int(resources.count)),
            ("resources_failed", .int(resources.filter { $0.status == .failed }.count)),
            ("http", statistics.json), ("records", totals.json))
    }
}

extension ConnectionResult {
    /// None of its resources came through.
    var hasFailed: Bool {
        status != .succeeded && status != .skipped && !resources.contains { $0.status == .succeeded }
    }

    var json: JSONValue {
        let end = finishedAt ?? startedAt ?? Timestamp(secondsSinceEpoch: 0)
        return .members(
            ("id", .string(id)), ("platform", .string(platform)), ("status", .string(status.rawValue)),
            (
                "account",
                account.map { .members(("id", .string($0.id)), ("name", .text($0.name))) } ?? .null
            ),
            ("started_at", .time(startedAt)), ("finished_at", .time(finishedAt)),
            ("duration_seconds", .double(max(0, seconds), decimals: 3)),
            (
                "token",
                .members(
                    ("refreshes", .int(refreshes)), ("expires_at", .time(accessExpiresAt)),
                    ("refresh_expires_at", .time(refreshExpiresAt)))
            ),
            ("http", statistics.json), ("resources", .array(resources.map { $0.json(at: end) })),
            ("error", problem.map { $0.json(at: end) } ?? .null))
    }
}

extension ResourceResult {
    func json(at end: Timestamp) -> JSONValue {
        .members(
            ("name", .string(name)), ("table", .string(table)), ("status", .string(status.rawValue)),
            ("mode", .string(mode.rawValue)), ("pages", .int(pages)), ("records", counts.json),
            ("cursor", .members(("from", .text(cursorFrom)), ("to", .text(cursorTo)))),
            ("resumed", .bool(isResumed)), ("duration_seconds", .double(max(0, seconds), decimals: 3)),
            ("error", problem.map { $0.json(at: end) } ?? .null),
            ("complete", isComplete.map { .bool($0) } ?? .null), ("listed", listed.map { .int($0) } ?? .null))
    }
}

extension RecordCounts {
    var json: JSONValue {
        .members(
            ("fetched", .int(fetched)), ("inserted", .int(inserted)), ("updated", .int(updated)),
            ("unchanged", .int(unchanged)), ("deleted", .int(deleted)), ("restored", .int(restored)),
            ("duplicate", .int(duplicate)))
    }
}

extension HTTPStatistics {
    var json: JSONValue {
        let latency: JSONValue =
            quantiles.map { found in
                .members(
                    ("p50", .double(found.p50, decimals: 2)), ("p95", .double(found.p95, decimals: 2)),
                    ("max", .double(found.max, decimals: 2)))
            } ?? .null
        return .members(
            ("requests", .int(requests)), ("retries", .int(retries)), ("throttled", .int(throttled)),
            ("errors", .int(errors)), ("bytes_received", .int(bytesReceived)), ("latency_ms", latency))
    }
}

extension Problem {
    /// The problem as the schema's `issue`.
    ///
    /// - Parameter fallback: The time where none was set.
    /// - Returns: An object.
    package func json(at fallback: Timestamp) -> JSONValue {
        .members(
            ("code", .string(code.rawValue)), ("message", .string(message)), ("next_step", .text(nextStep)),
            ("platform_code", .text(platformCode)), ("http_status", httpStatus.map { .int($0) } ?? .null),
            ("retryable", .bool(isRetryable)), ("at", .time(at ?? fallback)),
            ("connection", .text(connection)),
            ("resource", .text(resource)))
    }
}

extension JSONValue {
    /// An object; the members stand in this order.
    package static func members(_ members: (String, JSONValue)...) -> JSONValue {
        .object(members.map { (key: $0.0, value: $0.1) })
    }

    package static func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

    package static func time(_ time: Timestamp?) -> JSONValue { text(time?.text) }
}
