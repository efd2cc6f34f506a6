import Reports
import Sync

/// The status for people.
struct StatusText {
    private let status: MirrorStatus
    private let style: TerminalStyle
    private let columns: Int?

    /// - Parameters:
    ///   - status: What is to be said.
    ///   - style: Colours.
    ///   - columns: Of the terminal; nil where there is none.
    init(_ status: MirrorStatus, style: TerminalStyle, columns: Int?) {
        self.status = status
        self.style = style
        self.columns = columns
    }

    var text: String {
        var lines = [head]
        for connection in status.connections { lines += block(connection) }
        return lines.joined(separator: "\n") + "\n"
    }

    private var head: String {
        let verdict = Verdict(latest: status.lastRun, status: status)
        let size =
            status.mirrorBytes.map { ", mirror \(Shown.bytes($0 + (status.logBytes ?? 0)))" }
            ?? ", no mirror yet"
        return style.bold(verdict.headline) + "\n" + fitted(verdict.detail.dropLast() + size + ".")
    }

    private func fitted(_ line: some StringProtocol) -> String {
        let safe = TerminalText.safe(String(line))
        return columns.map { TerminalText.wrapped(safe, columns: $0) } ?? safe
    }

    private func block(_ connection: ConnectionStatus) -> [String] {
        let account = connection.account.map { "  \($0.name ?? $0.id)" } ?? ""
        let left = TerminalText.safe("\(connection.id)  \(connection.platform)\(account)")
        var lines = [
            "",
            "\(style.bold(TerminalText.fitted(left, columns: (columns ?? 200) - 24)))  \(state(connection.state))",
        ]
        lines.append("  " + fitted(times(connection)))
        if let step = connection.nextStep { lines.append("  next step: " + TerminalText.safe(step)) }
        for issue in connection.errors + connection.warnings {
            let place = issue.resource.map { "\($0): " } ?? ""
            lines.append(
                "  " + fitted("\(issue.code)  \(place)\(issue.message)").replacing("\n", with: "\n    "))
        }
        lines.append(table(connection))
        return lines
    }

    private func state(_ state: ConnectionStatus.State) -> String {
        switch state {
        case .fine: style.good("fine")
        case .disabled: style.dim("disabled")
        case .late, .never: style.warn(state.rawValue)
        case .failing, .needsAuthorization: style.bad(Shown.word(state.rawValue))
        }
    }

    private func times(_ connection: ConnectionStatus) -> String {
        var parts = [
            connection.lastSuccessAt.map {
                "last success \(Shown.minute($0)) (\(Shown.distance($0, from: status.now)))"
            }
                ?? "no success yet"
        ]
        if let next = connection.spacing?.next {
            parts.append("next expected \(Shown.distance(next, from: status.now))")
        }
        if let end = connection.tokenEndsAt {
            parts.append("token until \(Shown.minute(end)) (\(Shown.distance(end, from: status.now)))")
        }
        return parts.joined(separator: ", ")
    }

    private func table(_ connection: ConnectionStatus) -> String {
        var table = TextTable(
            columns: [
                .init(title: "table", least: 16), .init(title: "state"), .init(title: "up to date"),
                .init(title: "cursor", dispensable: 1), .init(title: "rows", isNumber: true),
                .init(title: "+24h", isNumber: true), .init(title: "~24h", isNumber: true),
                .init(title: "-24h", isNumber: true),
            ], indent: 2)
        for resource in connection.resources {
            let changes = resource.rows.changes
            table.rows.append([
                resource.name, resource.isAbsent ? "not offered" : resource.freshness.rawValue,
                resource.lastSuccessAt.map { Shown.distance($0, from: status.now) } ?? "-",
                resource.cursor.map { Shown.minute($0) } ?? "-", Shown.count(resource.rows.live),
                Shown.count(changes.inserted), Shown.count(changes.updated + changes.restored),
                Shown.count(changes.deleted),
            ])
        }
        var text = table.text(columns: columns, style: style)
        text.removeLast()
        return text
    }
}
