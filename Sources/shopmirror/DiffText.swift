import JSON
import Sync

/// What changed, for people: a table of counts, then record by record.
struct DiffText {
    let changes: MirrorChanges
    let span: RunSpan
    let history: Int
    let limit: Int
    let style: TerminalStyle

    private static let kinds: [RecordChange.Kind] = [.inserted, .updated, .deleted, .restored]

    func write(_ parts: [DiffCommand.Part]) throws(Problem) {
        Console.out(head)
        guard !parts.isEmpty else { return Console.out("nothing changed\n") }
        let columns = Console.stdoutIsTerminal ? Console.stdoutColumns : nil
        var table = TextTable(columns: [
            .init(title: "connection", least: 10), .init(title: "resource", least: 10),
            .init(title: "new", isNumber: true), .init(title: "changed", isNumber: true),
            .init(title: "deleted", isNumber: true), .init(title: "restored", isNumber: true),
        ])
        for part in parts {
            table.rows.append(
                [part.connection, part.resource].map(TerminalText.safe)
                    + Self.kinds.map { String(part.counts.byKind[$0] ?? 0) })
        }
        Console.out(table.text(columns: columns, style: style))
        for part in parts { try write(part) }
        Console.out(foot(parts))
    }

    private var head: String {
        let from = span.from.map { "after run \($0.id)" } ?? "from the beginning"
        return "\(from), up to run \(span.to.id)\n"
    }

    private func write(_ part: DiffCommand.Part) throws(Problem) {
        guard part.counts.total > 0 else { return }
        var left = limit
        Console.out("\n\(TerminalText.safe("\(part.connection)/\(part.resource)"))\n")
        try changes.each(of: part.table, connection: part.connection, in: span) { change in
            guard left > 0 else { return false }
            left -= 1
            Console.out(text(change))
            return true
        }
        let more = part.counts.total - limit
        if more > 0 { Console.out("  ... and \(more) more; --limit 0 shows all\n") }
    }

    private func text(_ change: RecordChange) -> String {
        var lines = ["  \(TerminalText.safe(change.id))  \(painted(change.kind))  \(change.changedRun)"]
        if let (named, more) = change.differences() {
            lines += named.map(line)
            if more > 0 { lines.append("      ... and \(more) more") }
            if named.isEmpty, change.kind == .updated {
                lines.append("      written otherwise (order of members, escapes); the values are the same")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func painted(_ kind: RecordChange.Kind) -> String {
        switch kind {
        case .inserted, .restored: style.good(kind.rawValue)
        case .updated: style.warn(kind.rawValue)
        case .deleted: style.bad(kind.rawValue)
        }
    }

    private func line(_ difference: JSONDifference) -> String {
        let path = TerminalText.safe(difference.path)
        let (old, new) = (shown(difference.old), shown(difference.new))
        switch difference.kind {
        case .added: return "    + \(path)  \(new)"
        case .removed: return "    - \(path)  \(old)"
        case .changed: return "      \(path)  \(old) -> \(new)"
        case .moved: return "      \(path)  moved from [\(old)]"
        }
    }

    /// A value on one line, cut where it is long.
    private func shown(_ value: JSONValue?) -> String {
        guard let value else { return "" }
        let text = TerminalText.escaped(JSONWriter.text(value))
        return text.utf8.count <= 200 ? text : String(text.prefix(120)) + "... (\(text.utf8.count) bytes)"
    }

    private func foot(_ parts: [DiffCommand.Part]) -> String {
        var text = ""
        let unknown = parts.reduce(0) { $0 + $1.counts.unknown }
        let later = parts.reduce(0) { $0 + $1.counts.later }
        if unknown > 0 {
            text +=
                "\nWhat \(unknown) of these records were like before is not kept, so the members that differ are not"
            text +=
                history > 0
                ? " known; [mirror] history = \(history) keeps the last \(history) versions from the first change on.\n"
                : " known. Set history = 5 under [mirror] to keep the last five versions of each record from now on.\n"
        }
        if later > 0 {
            text +=
                "\n\(later) records changed after run \(span.to.id); whether they changed before it too is not kept.\n"
        }
        return text
    }
}
