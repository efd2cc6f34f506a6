import Foundation
import JSON
import SyncTestSupport
import Testing

@testable import Sync

/// A mirror that nobody has touched since a run closed it is not read through again.
struct SoundMarkTests {
    private let folder: TemporaryFolder
    private let path: String
    private let now = Timestamp(secondsSinceEpoch: 1_795_000_000)

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("mirror.db")
        try Data(repeating: 7, count: 4096).write(to: URL(filePath: path))
    }

    private func mark() throws -> SoundMark { try #require(SoundMark(of: path, checkedAt: now)) }

    @Test func `it holds for a day`() throws {
        let mark = try mark()
        for seconds: Int64 in [0, 1, 3600, 86_399] {
            #expect(mark.checkTime(of: path, now: now.adding(seconds: seconds)) == now)
        }
        for seconds: Int64 in [86_400, 1_000_000, -1] {
            #expect(mark.checkTime(of: path, now: now.adding(seconds: seconds)) == nil)
        }
    }

    @Test func `one byte that somebody writes ends it, whatever the file's date says`() throws {
        let mark = try mark()
        let date = try #require(
            FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date)
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        try file.seek(toOffset: 100)
        try file.write(contentsOf: Data([8]))
        try file.close()
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
        #expect(mark.checkTime(of: path, now: now) == nil)
    }

    @Test func `another file in its place ends it`() throws {
        let mark = try mark()
        try FileManager.default.copyItem(atPath: path, toPath: path + ".copy")
        try FileManager.default.removeItem(atPath: path)
        #expect(mark.checkTime(of: path, now: now) == nil)
        try FileManager.default.moveItem(atPath: path + ".copy", toPath: path)
        #expect(mark.checkTime(of: path, now: now) == nil)
    }

    @Test func `with something left in the log there is none`() throws {
        let mark = try mark()
        try Data().write(to: URL(filePath: path + "-wal"))
        #expect(mark.checkTime(of: path, now: now) == now)
        try Data([1]).write(to: URL(filePath: path + "-wal"))
        #expect(mark.checkTime(of: path, now: now) == nil)
        #expect(SoundMark(of: path, checkedAt: now) == nil)
    }

    @Test func `behind a symbolic link it is the file itself that counts, and the log beside it`() throws {
        let link = folder.file("link.db")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
        #expect(try mark().checkTime(of: link, now: now) == now)
        try Data([1]).write(to: URL(filePath: path + "-wal"))
        #expect(SoundMark(of: link, checkedAt: now) == nil)
    }

    @Test func `it is read as it was written, and nothing else is taken for one`() throws {
        let mark = try mark()
        #expect(SoundMark(mark.json) == mark)
        for text in ["null", "{}", #"{"file":"1 2 3.4"}"#, #"{"file":1,"checked_at":"x"}"#, "[]"] {
            #expect(SoundMark(try JSONValue.parse(Array(text.utf8))) == nil, "\(text)")
        }
    }
}
