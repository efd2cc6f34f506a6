import JSON
import Sync

/// Messages on stderr, for people and for programs.
enum Output {
    /// One short block a problem: what happened, where, what to do.
    static func block(_ problem: Problem, level: String) -> String {
        let place = [problem.connection, problem.resource].compactMap { $0 }.joined(separator: "/")
        let head =
            "\(level)\(place.isEmpty ? "" : " [\(place)]") \(problem.code.rawValue): \(problem.message)\n"
        return head + (problem.nextStep.map { "  next: \($0)\n" } ?? "")
    }

    static func line(_ entry: Log.Entry) -> String {
        if let problem = entry.problem { return block(problem, level: entry.level.name) }
        let place = [entry.connection, entry.resource].compactMap { $0 }.joined(separator: "/")
        return "\(entry.level.name)\(place.isEmpty ? "" : " [\(place)]") \(entry.message)\n"
    }

    /// One object per line with stable keys.
    static func json(_ entry: Log.Entry, at now: Timestamp) -> String {
        var members: [(key: String, value: JSONValue)] = [
            ("at", .time(now)), ("level", .string(entry.level.name)), ("message", .string(entry.message)),
            ("connection", .text(entry.connection)), ("resource", .text(entry.resource)),
        ]
        if let problem = entry.problem {
            members += [("code", .string(problem.code.rawValue)), ("next_step", .text(problem.nextStep))]
        }
        return JSONWriter.text(.object(members)) + "\n"
    }
}
