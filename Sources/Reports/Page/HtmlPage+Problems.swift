import Sync

extension HtmlPage {
    /// A section per problem that stands now, then the warnings.
    var problems: Markup {
        let (found, warned) = (latest.errors, latest.warnings)
        guard !(found.isEmpty && warned.isEmpty) else { return "" }
        let errors = found.prefix(100).map { Self.article($0, tone: "bad") }.joined()
        let warnings = warned.prefix(100).map { Self.article($0, tone: "warn") }.joined()
        return """
            <section aria-labelledby="problems"><h2 id="problems">What needs attention</h2>
            <div class="problems">
            \(errors)\(warnings)</div></section>

            """
    }

    private static func article(_ issue: StoredIssue, tone: String) -> Markup {
        let facts: [Markup] = [
            issue.platformCode.map { "platform code \(name: $0)" }, issue.httpStatus.map { "HTTP \($0)" },
            issue.at.map { "\(Shown.time($0))" },
        ].compactMap { $0 }
        let next: Markup =
            issue.nextStep.map { "<p class=\"next\"><strong>Next step</strong> \(name: $0)</p>\n" } ?? ""
        let kind = tone == "bad" ? "Error" : "Warning"
        return """
            <article class="problem \(tone)" data-code="\(issue.code)">
            <h3><span class="kind">\(kind)</span> \(issue.where) <code>\(issue.code)</code></h3>
            <p>\(name: issue.message)</p>
            \(next)<p class="quiet">\(facts.joined(by: " · "))</p>
            </article>

            """
    }

    private struct Recurring {
        var issue: StoredIssue
        var count = 0
        var first: Timestamp
        var last: Timestamp
    }

    /// Problems of the other runs, each kind once.
    static func earlier(_ runs: [StoredReport]) -> Markup {
        var found: [String: Recurring] = [:]
        for run in runs.dropLast() {
            for issue in run.problems {
                let key = "\(issue.code)\n\(issue.connection ?? "")\n\(issue.resource ?? "")"
                var entry = found[key] ?? Recurring(issue: issue, first: run.startedAt, last: run.startedAt)
                entry.count += 1
                entry.issue = issue
                entry.last = run.startedAt
                found[key] = entry
            }
        }
        guard !found.isEmpty else { return "" }
        let sorted = found.values.sorted { ($0.last, $0.issue.place) > ($1.last, $1.issue.place) }
        let rows = sorted.prefix(60).map { entry -> Markup in
            """
            <tr><td>\(Shown.minute(entry.last))</td><td>\(entry.issue.where)</td><td><code>\(entry.issue.code)</code></td>\
            <td class="n">\(entry.count)</td><td class="words">\(name: entry.issue.message)</td></tr>

            """
        }.joined()
        return """
            <section aria-labelledby="earlier"><h2 id="earlier">Problems of earlier runs</h2>
            <div class="scroll" role="region" aria-labelledby="earlier" tabindex="0"><table>
            <thead><tr><th scope="col">Last seen</th><th scope="col">Where</th><th scope="col">What</th>\
            <th scope="col" class="n">Runs</th><th scope="col">Words</th></tr></thead>
            <tbody>
            \(rows)</tbody></table></div></section>

            """
    }
}

extension StoredIssue {
    /// Connection and resource, each kept from turning the other around.
    var `where`: Markup {
        let parts = [connection, resource].compactMap { $0 }.map { "\(name: $0)" as Markup }
        return parts.isEmpty ? "the run" : parts.joined(by: " / ")
    }
}
