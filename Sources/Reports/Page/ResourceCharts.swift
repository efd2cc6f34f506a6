import Sync

/// Per resource: what the last runs inserted, updated, deleted and left as it was.
struct ResourceCharts {
    private let runs: [StoredReport]
    private let status: MirrorStatus?
    private let series: [Series]
    /// Fewer bars and no tips where there are very many charts, so that the page stays small.
    private let barCount: Int
    private let hasTips: Bool

    struct Series {
        var connection: String
        var resource: String
        var table: String
        var points: [Point] = []
    }

    struct Point {
        var at: Timestamp
        var counts: RecordCounts
        var hasFailed: Bool

        var changed: Int { counts.updated + counts.restored }
    }

    init(runs: [StoredReport], status: MirrorStatus?) {
        self.runs = runs
        self.status = status
        let all = Self.collect(runs)
        series = Array(all.prefix(600))
        barCount = min(60, max(12, 6000 / max(1, series.count)))
        hasTips = series.count <= 80
    }

    /// In the order of the latest run, then whatever only older runs had.
    private static func collect(_ runs: [StoredReport]) -> [Series] {
        var order: [String] = []
        var found: [String: Series] = [:]
        for run in runs.reversed() {
            for connection in run.connections {
                for resource in connection.resources where resource.status != "skipped" {
                    let key = "\(connection.id)\n\(resource.name)"
                    if found[key] == nil {
                        order.append(key)
                        found[key] = Series(
                            connection: connection.id, resource: resource.name, table: resource.table)
                    }
                    guard (found[key]?.points.count ?? 0) < 60 else { continue }
                    found[key]?.points.append(
                        Point(
                            at: run.startedAt, counts: resource.counts,
                            hasFailed: resource.status != "succeeded"))
                }
            }
        }
        return order.compactMap { found[$0] }.map { series in
            var series = series
            series.points.reverse()
            return series
        }
    }

    var section: Markup {
        guard !series.isEmpty else {
            return """
                <section aria-labelledby="records"><h2 id="records">Records</h2>
                <p class="quiet">There is nothing to draw yet.</p></section>

                """
        }
        let charts = series.map(figure).joined()
        return """
            <section aria-labelledby="records"><h2 id="records">Records</h2>
            <p class="legend"><span class="key k-inserted">inserted</span> <span class="key k-updated">updated</span> \
            <span class="key k-deleted">deleted</span> <span class="key k-unchanged">unchanged, on its own scale</span> \
            <span class="key k-failed">run that failed</span></p>
            <div class="charts">
            \(charts)</div></section>

            """
    }

    // MARK: One chart

    private static let width = 320.0
    private static let barsHeight = 64.0
    private static let restTop = 72.0
    private static let restHeight = 22.0

    private func figure(_ series: Series) -> Markup {
        let points = Array(series.points.suffix(barCount))
        guard let first = points.first, let last = points.last else { return "" }
        let words = description(series, points)
        return """
            <figure class="chart" data-connection="\(series.connection)" data-resource="\(series.resource)">
            <figcaption><h3>\(name: series.resource)</h3><span class="quiet">\(name: series.connection)</span></figcaption>
            <svg viewBox="0 0 320 100" role="img" aria-label="\(words)">\(drawing(points))</svg>
            <p class="axis"><span>\(Shown.day(first.at))</span><span class="top">\(peak(points))</span><span>\(Shown.day(last.at))</span></p>
            \(table(series, points))</figure>

            """
    }

    private func peak(_ points: [Point]) -> String {
        let most = top(points)
        return most == 0 ? "no changes" : "peak \(Shown.count(most, "change", "changes"))"
    }

    private func top(_ points: [Point]) -> Int {
        points.map { $0.counts.inserted + $0.changed + $0.counts.deleted }.max() ?? 0
    }

    private func description(_ series: Series, _ points: [Point]) -> String {
        let sum = points.reduce(into: RecordCounts()) { $0 += $1.counts }
        let failed = points.filter(\.hasFailed).count
        return
            "\(series.resource) of \(series.connection), last \(points.count) runs: \(Shown.count(sum.inserted)) inserted, "
            + "\(Shown.count(sum.updated + sum.restored)) updated, \(Shown.count(sum.deleted)) deleted; "
            + "\(Shown.count(points.last?.counts.unchanged ?? 0)) unchanged in the latest; \(failed) failed."
    }

    private func drawing(_ points: [Point]) -> Markup {
        let most = Double(max(1, top(points)))
        let rest = Double(max(1, points.map(\.counts.unchanged).max() ?? 1))
        let slot = Self.width / Double(max(points.count, 20))
        let left = Self.width - slot * Double(points.count)
        let bar = max(1, slot - 1.5)
        var paths: [Markup] = ["", "", "", "", ""]
        for (index, point) in points.enumerated() {
            let x = left + slot * Double(index)
            var y = Self.barsHeight
            for (kind, value) in [point.counts.inserted, point.changed, point.counts.deleted].enumerated()
            where value > 0 {
                let height = max(1, Double(value) / most * (Self.barsHeight - 4))
                y -= height
                rectangle(&paths[kind], x, y, bar, height)
            }
            if point.counts.unchanged > 0 {
                let height = max(0.5, Double(point.counts.unchanged) / rest * Self.restHeight)
                rectangle(&paths[3], x, Self.restTop + Self.restHeight - height, bar, height)
            }
            if point.hasFailed { rectangle(&paths[4], x, 97, bar, 3) }
        }
        return """
            <path class="base" d="M0 64h320M0 94h320"/><path class="unchanged" d="\(paths[3])"/><path class="inserted" \
            d="\(paths[0])"/><path class="updated" d="\(paths[1])"/><path class="deleted" d="\(paths[2])"/><path \
            class="failed" d="\(paths[4])"/>\(hasTips ? tips(points, left, slot) : "")
            """
    }

    private func rectangle(_ path: inout Markup, _ x: Double, _ y: Double, _ width: Double, _ height: Double)
    {
        path.path("M", x, y)
        path.path("h", width)
        path.path("v", height)
        path.path("h", -width)
        path.path("z")
    }

    private func tips(_ points: [Point], _ left: Double, _ slot: Double) -> Markup {
        var all: Markup = "<g class=\"tips\">"
        for (index, point) in points.enumerated() {
            all += """
                <rect x="\(at: left + slot * Double(index))" width="\(at: slot)" height="100"><title>\(words(point))</title></rect>
                """
        }
        return all + "</g>"
    }

    private func words(_ point: Point) -> String {
        "\(Shown.minute(point.at)): +\(point.counts.inserted) ~\(point.changed) −\(point.counts.deleted) =\(point.counts.unchanged)"
            + (point.hasFailed ? ", failed" : "")
    }

    /// The figures behind the chart, for who cannot or will not look at it.
    private func table(_ series: Series, _ points: [Point]) -> Markup {
        let rows = points.suffix(series.points.count > 0 && self.series.count > 100 ? 4 : 10).reversed().map {
            point -> Markup in
            """
            <tr><th scope="row">\(Shown.minute(point.at))</th><td class="n">\(Shown.count(point.counts.inserted))</td>\
            <td class="n">\(Shown.count(point.changed))</td><td class="n">\(Shown.count(point.counts.deleted))</td>\
            <td class="n">\(Shown.count(point.counts.unchanged))</td></tr>

            """
        }.joined()
        return """
            <details><summary>Figures</summary><table><thead><tr><th scope="col">Run</th><th scope="col" class="n">New</th>\
            <th scope="col" class="n">Upd.</th><th scope="col" class="n">Del.</th><th scope="col" class="n">Same</th></tr></thead>
            <tbody>
            \(rows)</tbody></table></details>

            """
    }
}
