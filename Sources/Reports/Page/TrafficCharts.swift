import Sync

/// How long the runs took, how fast the platforms answered, and what went wrong on the way.
struct TrafficCharts {
    let runs: [StoredReport]

    var section: Markup {
        guard !runs.isEmpty else {
            return """
                <section aria-labelledby="calls"><h2 id="calls">Time and calls</h2>
                <p class="quiet">There is nothing to draw yet.</p></section>

                """
        }
        return """
            <section aria-labelledby="calls"><h2 id="calls">Time and calls</h2>
            <div class="charts wide">
            \(duration)\(latency)\(requests)\(trouble)</div></section>

            """
    }

    private var duration: Markup {
        LineChart(
            title: "Duration of a run", key: "duration", runs: runs,
            lines: [.init(name: "duration", style: "a", value: { $0.duration })],
            shown: { Shown.duration($0) }
        ).figure
    }

    private var latency: Markup {
        LineChart(
            title: "Latency of a request", key: "latency", runs: runs,
            lines: [
                .init(name: "p95", style: "b", value: { $0.traffic.p95.map { $0 / 1000 } }),
                .init(name: "p50", style: "a", value: { $0.traffic.p50.map { $0 / 1000 } }),
            ],
            shown: { Shown.duration($0) }
        ).figure
    }

    private var requests: Markup {
        LineChart(
            title: "Requests", key: "requests", runs: runs,
            lines: [.init(name: "requests", style: "a", value: { Double($0.traffic.requests) })],
            shown: { Shown.count(Int($0.rounded())) }
        ).figure
    }

    private var trouble: Markup {
        LineChart(
            title: "Retries, throttles, errors", key: "trouble", runs: runs,
            lines: [
                .init(name: "errors", style: "c", value: { Double($0.traffic.errors) }),
                .init(name: "throttled", style: "b", value: { Double($0.traffic.throttled) }),
                .init(name: "retries", style: "a", value: { Double($0.traffic.retries) }),
            ],
            shown: { Shown.count(Int($0.rounded())) }
        ).figure
    }
}

/// A few figures of the runs over time.
struct LineChart {
    struct Line {
        var name: String
        var style: String
        var value: (StoredReport) -> Double?
    }

    var title: String
    var key: String
    var runs: [StoredReport]
    var lines: [Line]
    var shown: (Double) -> String

    private static let width = 480.0
    private static let height = 120.0

    var figure: Markup {
        guard let first = runs.first, let last = runs.last else { return "" }
        let most = lines.flatMap { line in runs.compactMap(line.value) }.max() ?? 0
        let legend = lines.map { line -> Markup in
            let latest = line.value(last).map(shown) ?? "–"
            return "<span class=\"key l-\(line.style)\">\(line.name) <b>\(latest)</b></span> "
        }.joined()
        return """
            <figure class="chart" data-chart="\(key)">
            <figcaption><h3>\(title)</h3><span class="legend">\(legend)</span></figcaption>
            <svg viewBox="0 0 484 124" role="img" aria-label="\(description(most))"><path class="base" d="M0 120h484"/>\
            <path class="grid" d="M0 62h484M0 4h484"/>\(lines.map { drawing($0, most) }.joined())</svg>
            <p class="axis"><span>\(Shown.day(first.startedAt))</span><span class="top">\(note(most))</span><span>\(Shown.day(last.startedAt))</span></p>
            \(table)</figure>

            """
    }

    private func description(_ most: Double) -> String {
        let parts = lines.map { line -> String in
            let values = runs.compactMap(line.value)
            guard let latest = values.last else { return "\(line.name): no figures" }
            let middle = values.sorted()[values.count / 2]
            return
                "\(line.name): latest \(shown(latest)), median \(shown(middle)), most \(shown(values.max() ?? latest))"
        }
        return "\(title) over \(runs.count) runs. \(parts.joined(separator: "; "))."
    }

    private static let mostPoints = 160

    /// Runs that share a point, where there are more of them than can be told apart.
    private var share: Int { (runs.count + Self.mostPoints - 1) / Self.mostPoints }

    private func note(_ most: Double) -> String {
        "peak \(shown(most))" + (share > 1 ? "; a point is the worst of \(share) runs" : "")
    }

    /// One line; gaps stay gaps.
    private func drawing(_ line: Line, _ most: Double) -> Markup {
        let scale = (Self.height - 4) / max(most, 1e-9)
        let starts = Array(stride(from: 0, to: runs.count, by: max(1, share)))
        let step = Self.width / Double(max(1, starts.count - 1))
        var path = Markup()
        var isDrawing = false
        var lastPoint: (x: Double, y: Double)?
        for (index, start) in starts.enumerated() {
            let values = runs[start..<min(start + share, runs.count)].compactMap(line.value)
            guard let value = values.max() else {
                isDrawing = false
                continue
            }
            let point = (x: step * Double(index), y: Self.height - value * scale)
            path.path(isDrawing ? "L" : "M", point.x, point.y)
            isDrawing = true
            lastPoint = point
        }
        guard let lastPoint else { return "" }
        return """
            <path class="line l-\(line.style)" d="\(path)"/><circle class="dot l-\(line.style)" cx="\(at: lastPoint.x)" \
            cy="\(at: lastPoint.y)" r="3"/>
            """
    }

    private var table: Markup {
        let heads = lines.map { "<th scope=\"col\" class=\"n\">\($0.name)</th>" as Markup }.joined()
        let rows = runs.suffix(10).reversed().map { run -> Markup in
            let cells = lines.map { "<td class=\"n\">\($0.value(run).map(shown) ?? "–")</td>" as Markup }
                .joined()
            return "<tr><th scope=\"row\">\(Shown.minute(run.startedAt))</th>\(cells)</tr>\n"
        }.joined()
        return """
            <details><summary>Figures</summary><table><thead><tr><th scope="col">Run</th>\(heads)</tr></thead>
            <tbody>
            \(rows)</tbody></table></details>

            """
    }
}
