import Sync

/// Every stored run, newest first, with a filter.
struct RunList {
    let content: ReportArchive.Content
    let now: Timestamp

    var section: Markup {
        let rows = content.reports.reversed().map(row).joined()
        let unreadable: Markup =
            content.unreadable == 0
            ? ""
            : "<p class=\"quiet\">\(Shown.count(content.unreadable, "file", "files")) in the report folder could not be read.</p>\n"
        return """
            <section aria-labelledby="runs"><h2 id="runs">Runs</h2>
            \(content.reports.isEmpty ? "<p class=\"quiet\">There is none yet.</p>\n" : filter)\(unreadable)\
            <div class="scroll runs" role="region" aria-labelledby="runs" tabindex="0"><table id="run-table">
            <thead><tr><th scope="col">Started</th><th scope="col">Result</th><th scope="col">Mode</th>\
            <th scope="col" class="n">Took</th><th scope="col" class="n">New</th><th scope="col" class="n">Changed</th>\
            <th scope="col" class="n">Deleted</th><th scope="col" class="n">Unchanged</th>\
            <th scope="col" class="n">Requests</th><th scope="col" class="n">Retries</th><th scope="col">Problems</th></tr></thead>
            <tbody>
            \(rows)</tbody></table></div></section>

            """
    }

    private var filter: Markup {
        """
        <form class="filter" id="filter" role="search">
        <label>Show <select id="filter-result"><option value="">every run</option>\
        <option value="problem">runs with problems</option><option value="change">runs with changes</option>\
        <option value="succeeded">succeeded</option><option value="partial">partial</option>\
        <option value="failed">failed</option><option value="interrupted">interrupted</option>\
        <option value="skipped">skipped</option></select></label>
        <label>Find <input id="filter-text" type="search" placeholder="date, id, connection, code" autocomplete="off"></label>
        <output id="filter-count" for="filter-result filter-text">\(Shown.count(content.reports.count, "run", "runs"))</output>
        </form>

        """
    }

    private func row(_ run: StoredReport) -> Markup {
        let counts = run.counts
        let changed = counts.updated + counts.restored
        let hasChange = counts.inserted + changed + counts.deleted > 0
        let dry: Markup = run.isDryRun ? " <span class=\"quiet\">dry run</span>" : ""
        return """
            <tr data-result="\(run.status)"\(hasChange ? " data-changed" : "")\(run.problems.isEmpty ? "" : " data-problem")>\
            <td title="\(run.runID)">\(Shown.minute(run.startedAt))</td>\
            <td><span class="badge \(Self.tone(run.status))">\(run.status)</span>\(dry)</td><td>\(run.mode)</td>\
            <td class="n">\(Shown.duration(run.duration))</td>\(number(counts.inserted))\(number(changed))\
            \(number(counts.deleted))\(number(counts.unchanged))\(number(run.traffic.requests))\
            \(number(run.traffic.retries))<td class="what">\(problems(run))</td></tr>

            """
    }

    private func number(_ value: Int) -> Markup {
        value == 0 ? "<td class=\"n zero\">0</td>" : "<td class=\"n\">\(Shown.count(value))</td>"
    }

    private func problems(_ run: StoredReport) -> Markup {
        let shown = run.problems.prefix(2).map { issue -> Markup in
            issue.place.isEmpty ? "<code>\(issue.code)</code> " : "\(issue.where) <code>\(issue.code)</code> "
        }.joined()
        return run.problems.count > 2 ? shown + "and \(run.problems.count - 2) more" : shown
    }

    static func tone(_ status: String) -> String {
        switch status {
        case "succeeded": "good"
        case "partial", "interrupted": "warn"
        case "skipped": "none"
        default: "bad"
        }
    }
}
