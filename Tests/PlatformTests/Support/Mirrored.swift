import Foundation
import HTTP
import JSON
import SQLite

@testable import Sync

/// A page as it looks in a real mirror.
struct Mirrored {
    /// The rows of the resource's own view and of its list views, by the view's name without the platform.
    var views: [String: [[String: String?]]] = [:]
    var counts = RecordCounts()
    var unreadableTimes = 0

    /// Writes a page into a new mirror file and reads every view of its resource from another connection.
    static func page(_ page: JSONValue, of example: ResourceCase) async throws -> Mirrored {
        let path = NSTemporaryDirectory() + "shopmirror-\(UUID().uuidString).db"
        defer { for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) } }
        let call = try listing(of: example).call(at: Position())
        var response = HTTPResponse(status: 200, body: JSONWriter.bytes(page))
        let scanned = try Answer(scanning: &response, layout: call.layout, hashing: call.hashed).page.get()
        let mirror = try MirrorStore(path: path)
        try await mirror.prepare(example.resource, on: example.platform)
        let now = Timestamp(secondsSinceEpoch: 1_800_000_000)
        let pull = try await mirror.beginPull(
            connection: "one", resource: example.resource.name, kind: .full, window: "", since: nil,
            settings: "", run: "run", now: now)
        let outcome = try await mirror.write(
            scanned, of: example.resource, on: example.platform, connection: "one", into: pull, next: nil,
            skipping: nil, run: "run", now: now)
        await mirror.close()
        var result = Mirrored()
        result.counts = outcome.counts
        result.unreadableTimes = outcome.unreadableTimes
        let database = try Database(path: path, access: .readOnly)
        for name in [example.resource.name] + example.resource.lists.map(\.name) {
            let view = "\(example.platform.tablePrefix)_\(SQLName.identifier(name))"
            result.views[name] = try rows(of: view, database)
        }
        database.close()
        return result
    }

    /// Records as the platform would list them, scanned.
    static func scanned(_ records: [String], of example: ResourceCase) throws -> ScannedPage {
        let call = try listing(of: example).call(at: Position())
        var text = "[\(records.joined(separator: ","))]"
        if example.resource.form == .object { text = records.joined() }
        for member in example.resource.records.reversed() { text = "{\"\(member)\":\(text)}" }
        var response = HTTPResponse(status: 200, body: Array(text.utf8))
        return try Answer(scanning: &response, layout: call.layout, hashing: call.hashed).page.get()
    }

    static func listing(of example: ResourceCase) throws -> Listing {
        let connection = try Connections.make(example.platform.id)
        return Listing(
            of: connection.plan(of: example.resource), connection: connection, since: nil, until: nil,
            now: Timestamp(secondsSinceEpoch: 1_800_000_000), kind: .full)
    }

    private static func rows(of view: String, _ database: Database) throws -> [[String: String?]] {
        let statement = try database.prepare("SELECT * FROM \(view)")
        var rows: [[String: String?]] = []
        while try statement.step() {
            var row: [String: String?] = [:]
            for index in 0..<statement.columnCount {
                row[statement.columnName(at: index)] = statement.text(at: index)
            }
            rows.append(row)
        }
        return rows
    }
}
