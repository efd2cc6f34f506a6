import Foundation
import SyncTestSupport
import Testing

@testable import Sync

/// Readers of a report see the old one or the new one, never a part.
struct AtomicFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func text(_ name: String) throws -> String {
        try String(contentsOfFile: folder.file(name), encoding: .utf8)
    }

    private var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
    }

    @Test func `a second name takes the place of an older file`() throws {
        for run in ["1", "2", "2"] {
            try AtomicFile.write(Array("report \(run)".utf8), to: folder.file("\(run).json"), what: "report")
            #expect(AtomicFile.link(folder.file("\(run).json"), as: folder.file("latest.json")))
            #expect(try text("latest.json") == "report \(run)")
        }
        #expect(try text("1.json") == "report 1")
        #expect(try names == ["1.json", "2.json", "latest.json"])
        // The same once more: both are names of one file already.
        #expect(AtomicFile.link(folder.file("2.json"), as: folder.file("latest.json")))
        #expect(try names == ["1.json", "2.json", "latest.json"])
    }

    @Test func `where there is none to be had the older file stays`() throws {
        try AtomicFile.write(Array("old".utf8), to: folder.file("latest.json"), what: "report")
        #expect(!AtomicFile.link(folder.file("none.json"), as: folder.file("latest.json")))
        #expect(try text("latest.json") == "old")
        #expect(try names == ["latest.json"])
    }

    @Test func `what a killed run left half done is removed after a day, and nothing else`() throws {
        let old = [FileAttributeKey.modificationDate: Date(timeIntervalSince1970: 1_700_000_000)]
        let ours = [".latest.json.77.tmp", ".20261120T030000Z-7f3a.json.77.tmp"]
        let others = [".note.tmp", ".my.json.tmp", "latest.json.77.tmp", ".latest.json.77.bak"]
        for name in ours + others {
            try Data([1]).write(to: URL(filePath: folder.file(name)))
            try FileManager.default.setAttributes(old, ofItemAtPath: folder.file(name))
        }
        try Data([1]).write(to: URL(filePath: folder.file(".latest.json.78.tmp")))
        var report = RunReport(
            tool: Tool(name: "shopmirror", version: "1"), host: "h", options: RunOptions(), config: nil,
            startedAt: Timestamp(secondsSinceEpoch: 1_795_000_000), suffix: "7f3a")
        report.close(signal: nil)
        try ReportFile(folder: folder.path, keep: 0).write(report, isLatest: true) { _ in }
        #expect(
            try names == ([".latest.json.78.tmp", "\(report.runID).json", "latest.json"] + others).sorted())
        #expect(try text("latest.json") == text("\(report.runID).json"))
    }

    @Test func `a report that cannot be written says which and why`() throws {
        let path = folder.file("none/report.json")
        let problem = #expect(throws: Problem.self) { try AtomicFile.write([1], to: path, what: "report") }
        #expect(problem?.code == .storageFailed)
        #expect(problem?.message.contains(path) == true && problem?.message.contains("No such file") == true)
    }
}
