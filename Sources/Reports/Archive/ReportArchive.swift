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

    /// What the newest reports are read for.
    package enum Use: Int {
        /// The page draws them all.
        case page = 500
        /// How things stand now, each connection's latest run and the spacing of runs.
        case status = 40
    }

    /// The newest reports.
    package func newest(for use: Use) -> Content {
        var content = Content(reports: [])
        for name in names.suffix(use.rawValue) {
            if let report = report(name) { content.reports.append(report) } else { content.unreadable += 1 }
        }
        return content
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
