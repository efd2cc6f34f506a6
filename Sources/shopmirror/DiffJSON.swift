import JSON
import Sync

/// What changed, for programs: one document, written record by record.
struct DiffJSON {
    let changes: MirrorChanges
    let span: RunSpan
    let history: Int
    let limit: Int

    func write(_ parts: [DiffCommand.Part]) throws(Problem) {
        let from = span.from.map(mark) ?? .null
        out("{\"schema\":\"shopmirror.diff/1\",\"from\":\(text(from)),\"to\":\(text(mark(span.to))),")
        out("\"history\":\(history),\"resources\":[")
        for (index, part) in parts.enumerated() {
            out(index > 0 ? ",\n" : "\n")
            try write(part)
        }
        out("\n]}\n")
    }

    private func write(_ part: DiffCommand.Part) throws(Problem) {
        var members: [(key: String, value: JSONValue)] = [
            ("connection", .string(part.connection)), ("resource", .string(part.resource)),
            ("table", .string(part.table.view)),
        ]
        for kind in RecordChange.Kind.allCases {
            members.append((kind.rawValue, .int(part.counts.byKind[kind] ?? 0)))
        }
        members += [
            ("old_unknown", .int(part.counts.unknown)), ("changed_later", .int(part.counts.later)),
            ("left_off", .int(max(0, part.counts.total - min(limit, part.counts.total)))),
        ]
        out("\(text(.object(members)).dropLast()),\"records\":[")
        var count = 0
        try changes.each(of: part.table, connection: part.connection, in: span) { change in
            guard count < limit else { return false }
            out(count > 0 ? ",\n" : "\n")
            out(text(json(change)))
            count += 1
            return true
        }
        out("]}")
    }

    private func mark(_ run: RunSpan.Mark) -> JSONValue {
        .members(("run_id", .string(run.id)), ("finished_at", .time(run.finishedAt)))
    }

    private func json(_ change: RecordChange) -> JSONValue {
        let differences = change.differences()
        let members = differences?.named.map { difference in
            JSONValue.members(
                ("path", .string(difference.path)), ("kind", .string(difference.kind.rawValue)),
                ("old", difference.old ?? .null), ("new", difference.new ?? .null))
        }
        return .members(
            ("id", .string(change.id)), ("change", .string(change.kind.rawValue)),
            ("changed_run", .string(change.changedRun)), ("old_known", .bool(change.isOldKnown)),
            ("members", members.map { .array($0) } ?? .null),
            ("members_left_off", .int(differences?.more ?? 0)))
    }

    private func text(_ value: JSONValue) -> String { TerminalText.escaped(JSONWriter.text(value)) }
    private func out(_ text: some StringProtocol) { Console.out(String(text)) }
}
