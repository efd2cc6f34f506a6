package import JSON
import Sync

extension MirrorStatus {
    package static let schema = "shopmirror.status/1"

    /// For programs; keys are stable.
    package var json: JSONValue {
        let run: JSONValue =
            lastRun.map { run in
                .members(
                    ("run_id", .string(run.runID)), ("status", .string(run.status)),
                    ("exit_code", .int(run.exitCode)), ("started_at", .time(run.startedAt)),
                    ("finished_at", .time(run.finishedAt)))
            } ?? .null
        return .members(
            ("schema", .string(Self.schema)), ("at", .time(now)), ("exit_code", .int(exitCode.rawValue)),
            (
                "mirror",
                .members(
                    ("path", .string(mirrorPath)), ("size_bytes", .optional(mirrorBytes)),
                    ("log_bytes", .optional(logBytes)))
            ),
            ("last_run", run), ("connections", .array(connections.map { $0.json(at: now) })),
            ("problems", .array(problems.map { $0.json(at: now) })))
    }
}

extension ConnectionStatus {
    func json(at now: Timestamp) -> JSONValue {
        let expected: [(key: String, value: JSONValue)] = [
            ("last_success_at", .time(lastSuccessAt)), ("age_seconds", .age(lastSuccessAt, now)),
            ("next_expected_at", .time(spacing?.next)),
            ("spacing_seconds", .optional(spacing.map { Int($0.seconds) })),
        ]
        let head: [(key: String, value: JSONValue)] = [
            ("id", .string(id)), ("platform", .string(platform)), ("state", .string(state.rawValue)),
            ("account", account.map { .members(("id", .string($0.id)), ("name", .text($0.name))) } ?? .null),
        ]
        let tail: [(key: String, value: JSONValue)] = [
            (
                "token",
                .members(
                    ("expires_at", .time(accessExpiresAt)), ("refresh_expires_at", .time(refreshExpiresAt)))
            ),
            ("next_step", .text(nextStep)), ("errors", .array(errors.map(\.json))),
            ("warnings", .array(warnings.map(\.json))),
            ("resources", .array(resources.map { $0.json(at: now) })),
        ]
        return .object(head + expected + tail)
    }
}

extension ResourceStatus {
    func json(at now: Timestamp) -> JSONValue {
        .members(
            ("name", .string(name)), ("table", .string(table)), ("available", .bool(!isAbsent)),
            ("freshness", isAbsent ? .null : .string(freshness.rawValue)),
            ("last_success_at", .time(lastSuccessAt)),
            ("age_seconds", .age(lastSuccessAt, now)),
            ("fresh_within_seconds", .optional(limit.map { Int($0) })),
            ("cursor", .time(cursor)), ("rows", .int(rows.live)), ("deleted_rows", .int(rows.deleted)),
            (
                "changes_24h",
                .members(
                    ("inserted", .int(rows.changes.inserted)), ("updated", .int(rows.changes.updated)),
                    ("restored", .int(rows.changes.restored)), ("deleted", .int(rows.changes.deleted)))
            ))
    }
}

extension StoredIssue {
    var json: JSONValue {
        .members(
            ("code", .string(code)), ("message", .string(message)), ("next_step", .text(nextStep)),
            ("resource", .text(resource)), ("at", .time(at)))
    }
}

extension JSONValue {
    fileprivate static func optional(_ number: Int?) -> JSONValue { number.map { .int($0) } ?? .null }

    fileprivate static func age(_ time: Timestamp?, _ now: Timestamp) -> JSONValue {
        optional(time.map { Int(max(0, now.secondsSinceEpoch - $0.secondsSinceEpoch)) })
    }
}
