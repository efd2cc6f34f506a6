import Sync

/// The stored reports of a folder.
package struct ReportArchive: Sendable {
    package let folder: String

    package init(folder: String) { self.folder = folder }

    /// Everything that could be read, oldest first, and how many files could not.
    package struct Content: Sendable {
        package var reports: [StoredReport]
        package var unreadable: Int

        package init(reports: [StoredReport], unreadable: Int = 0) {
            self.reports = reports
            self.unreadable = unreadable
        }
    }

    package var names: [String] { ReportFile(folder: folder, keep: 0).names.map { String($0.dropLast(5)) } }

    /// The newest reports.
    ///
    /// - Parameter limit: How many of the newest files are read.
    /// - Returns: What could be read of them.
    package func newest(_ limit: Int = 500) -> Content {
        var content = Content(reports: [])
        for name in names.suffix(limit) { read(name, into: &content) }
        return content
    }

    /// As many of the newest reports as it takes to know how things stand.
    ///
    /// - Parameter connections: Those of which the latest part has to be among them.
    /// - Returns: Forty for the spacing of runs, or more, but not more than 500.
    package func newest(telling connections: Set<String>) -> Content {
        var content = Content(reports: [])
        var missing = connections
        for (index, name) in names.suffix(500).reversed().enumerated() {
            guard index < 40 || !missing.isEmpty else { break }
            read(name, into: &content)
            guard let report = content.reports.last, report.isReal else { continue }
            missing = missing.filter { (report.connection($0)?.status ?? "skipped") == "skipped" }
        }
        content.reports.reverse()
        return content
    }

    private func read(_ name: String, into content: inout Content) {
        if let report = report(name) { content.reports.append(report) } else { content.unreadable += 1 }
    }

    /// One report by its run id; nil when there is none or it cannot be read.
    package func report(_ run: String) -> StoredReport? {
        SystemFile.bytes(at: "\(folder)/\(run).json", limit: 64 << 20).flatMap { StoredReport(reading: $0) }
    }

    /// The newest run whose id begins so.
    package func run(named text: String?) -> String? {
        guard let text, text != "latest" else { return names.last }
        return names.last { $0.hasPrefix(text) }
    }
}
