import Foundation
import JSON
import Platforms
import Sync

/// One registered resource, as the argument of a test.
struct ResourceCase: Sendable, CustomStringConvertible {
    let platform: Platform
    var resource: Resource

    var description: String { "\(platform.id) \(resource.name)" }

    static let all = exercisedPlatforms.flatMap { platform in
        platform.resources.map { ResourceCase(platform: platform, resource: $0) }
    }

    static func named(_ platform: String, _ resource: String) throws -> ResourceCase {
        try all.first { $0.platform.id == platform && $0.resource.name == resource }
            ?? { throw MissingFixture(path: "\(platform) \(resource)") }()
    }

    /// `next-engine` keeps its pages in `Fixtures/NextEngine`.
    private var folder: String {
        let wanted = platform.id.replacing("-", with: "")
        let found = try? FileManager.default.contentsOfDirectory(atPath: Self.fixtures.path())
        return found?.first { $0.lowercased() == wanted } ?? wanted
    }

    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fixtures")

    /// A recorded and anonymised page, as the platform sends it.
    func page() throws -> JSONValue { try fixture("\(resource.name).page-1.json") }

    /// What the view of a name shows of the page, row by row; columns that are not in a row are not checked.
    func rows(of view: String) throws -> [JSONValue] {
        let rows = try fixture("\(view).rows.json").arrayValue
        return rows ?? []
    }

    private func fixture(_ name: String) throws -> JSONValue {
        let file = Self.fixtures.appending(path: "\(folder)/\(name)")
        guard let data = try? Data(contentsOf: file) else { throw MissingFixture(path: "\(folder)/\(name)") }
        return try JSONValue.parse([UInt8](data))
    }
}

/// A new resource needs a recorded page of its own.
struct MissingFixture: Error {
    let path: String
}
