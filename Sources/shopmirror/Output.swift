import JSON
import Sync

/// Messages on stderr, for people and for programs.
enum Output {
    /// One short block a problem: what happened, where, what to do.
    static func block(
        _ problem: Problem, level: String, style: TerminalStyle = .plain, columns: Int? = nil
    ) -> String {
        block(
            level: level, place: place(problem.connection, problem.resource), code: problem.code.rawValue,
            message: problem.message, next: problem.nextStep, style: style, columns: columns)
    }

    static func block(
        level: String, place: String, code: String, message: String, next: String?, style: TerminalStyle,
        columns: Int?
    ) -> String {
        let name = level == "error" ? style.bad(level) : level == "warning" ? style.warn(level) : level
        let shown = place.isEmpty ? "" : " [\(TerminalText.safe(place))]"
        let head = "\(name)\(shown) \(code): "
        // The colour's own bytes take no column.
        let words = TerminalText.wrapped(
            "\(level)\(shown) \(code): \(TerminalText.safe(message))", columns: columns, indent: 2)
        let plain = "\(level)\(shown) \(code): "
        let text = words.hasPrefix(plain) ? head + words.dropFirst(plain.count) : words
        let step = next.map {
            TerminalText.wrapped("  next: \(TerminalText.safe($0))", columns: columns, indent: 8) + "\n"
        }
        return text + "\n" + (step ?? "")
    }

    private static func place(_ connection: String?, _ resource: String?) -> String {
        [connection, resource].compactMap { $0 }.joined(separator: "/")
    }

    static func line(_ entry: Log.Entry, style: TerminalStyle = .plain, columns: Int? = nil) -> String {
        if let problem = entry.problem {
            return block(problem, level: entry.level.name, style: style, columns: columns)
        }
        let place = place(entry.connection, entry.resource)
        return
            "\(entry.level.name)\(place.isEmpty ? "" : " [\(place)]") \(TerminalText.safe(entry.message))\n"
    }

    /// One object per line; every key is always there.
    static func json(_ entry: Log.Entry, at now: Timestamp) -> String {
        let problem = entry.problem
        let members: [(key: String, value: JSONValue)] = [
            ("at", .time(now)), ("level", .string(entry.level.name)), ("message", .string(entry.message)),
            ("connection", .text(entry.connection)), ("resource", .text(entry.resource)),
            ("code", .text(problem?.code.rawValue)), ("next_step", .text(problem?.nextStep)),
            ("platform_code", .text(problem?.platformCode)),
            ("http_status", problem?.httpStatus.map { .int($0) } ?? .null),
        ]
        return JSONWriter.text(.object(members)) + "\n"
    }
}
