package import Sync

/// One self-contained page over the stored reports: no request leaves it, and it works from a file.
package struct HtmlPage {
    let content: ReportArchive.Content
    let status: MirrorStatus?
    let now: Timestamp
    let version: String
    /// Oldest first; neither dry runs nor runs that found the lock held.
    let runs: [StoredReport]
    let latest: LatestParts

    /// - Parameters:
    ///   - content: The stored reports, oldest first.
    ///   - status: How the mirror stands now; nil where it is not known.
    ///   - now: The moment of writing.
    ///   - version: Of the program.
    package init(_ content: ReportArchive.Content, status: MirrorStatus?, now: Timestamp, version: String) {
        self.content = content
        self.status = status
        self.now = now
        self.version = version
        runs = content.reports.filter(\.isReal)
        latest = LatestParts(runs, known: status.map { Set($0.connections.map(\.id)) })
    }

    package var bytes: [UInt8] {
        let verdict = Verdict(latest: runs.last, warnings: latest.warnings.count, status: status)
        var page: Markup = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
            <meta name="referrer" content="no-referrer">
            <link rel="icon" href="data:,">
            <title>\(verdict.headline) · shopmirror</title>
            <style>\(PageStyle.css)</style>
            </head>
            <body data-reports="\(content.reports.count)" data-written="\(now.text)">
            <a class="skip" href="#main">Skip to the content</a>

            """
        page += header(verdict)
        page += "<main id=\"main\">\n"
        page += problems
        page += connections
        page += ResourceCharts(runs: runs, status: status).section
        page += TrafficCharts(runs: runs).section
        page += RunList(content: content, now: now).section
        page += Self.earlier(runs)
        page += """
            </main>
            <footer><p>Written by shopmirror \(version) on <time datetime="\(now.text)">\(Shown.time(now))</time>. \
            All times are UTC.</p></footer>
            <script>\(PageScript.source)</script>
            </body>
            </html>

            """
        return page.bytes
    }

    /// A moment with how far away it is; the script keeps the distance right.
    static func moment(_ time: Timestamp?, now: Timestamp, otherwise: String = "never") -> Markup {
        guard let time else { return "<span class=\"quiet\">\(otherwise)</span>" }
        return """
            <time datetime="\(time.text)" title="\(Shown.time(time))" data-away>\(Shown.distance(time, from: now))</time>
            """
    }

    // MARK: Head

    private func header(_ verdict: Verdict) -> Markup {
        var text: Markup = """
            <header class="verdict \(verdict.tone.rawValue)">
            <p class="brand">shopmirror\(host)</p>
            <h1 id="verdict" data-verdict="\(verdict.tone.rawValue)"><span class="mark" aria-hidden="true">\
            \(verdict.tone.mark)</span>\(verdict.headline)</h1>
            <p class="lead">\(verdict.detail)</p>

            """
        if let next = nextExpected {
            text += """
                <p class="stale" id="stale" data-limit="\(next.text)" role="status" hidden>This page has not been \
                renewed as expected: a run was due on \(Shown.time(next)). Look whether the job still runs.</p>

                """
        }
        if let run = runs.last { text += figures(run) }
        text += """
            <nav aria-label="Sections"><a href="#connections">Connections</a><a href="#records">Records</a>\
            <a href="#calls">Time and calls</a><a href="#runs">Runs</a></nav>
            </header>

            """
        return text
    }

    private var host: Markup { runs.last.map { " on \(name: $0.host)" } ?? "" }

    /// When the page should have been written anew at the latest.
    private var nextExpected: Timestamp? {
        let spacings = status?.connections.compactMap(\.spacing) ?? []
        guard let latest = spacings.max(by: { $0.next < $1.next }) else { return nil }
        return latest.lastStart.adding(seconds: latest.limit)
    }

    private func figures(_ run: StoredReport) -> Markup {
        let counts = run.counts
        func figure(_ name: String, _ value: String, _ key: String, _ note: String = "") -> Markup {
            let small: Markup = note.isEmpty ? "" : "<span class=\"note\">\(note)</span>"
            return "<div><dt>\(name)</dt><dd data-figure=\"\(key)\">\(value)\(small)</dd></div>\n"
        }
        let latency = run.traffic.p50.map { "\(Shown.duration($0 / 1000)) p50" } ?? ""
        return [
            "<dl class=\"figures\" id=\"latest\" data-run=\"\(run.runID)\" data-status=\"\(run.status)\">\n",
            figure("New", Shown.count(counts.inserted), "inserted"),
            figure("Changed", Shown.count(counts.updated + counts.restored), "changed"),
            figure("Deleted", Shown.count(counts.deleted), "deleted"),
            figure("Unchanged", Shown.count(counts.unchanged), "unchanged"),
            figure("Duration", Shown.duration(run.duration), "duration"),
            figure("Requests", Shown.count(run.traffic.requests), "requests", latency),
            figure("Retries", Shown.count(run.traffic.retries), "retries"),
            figure("Errors", Shown.count(run.traffic.errors), "errors"),
            "</dl>\n",
        ].joined()
    }
}
