import Foundation
import JSON
import Testing

/// The files of the JSON parsing test suite beside the repository; skipped where it is not there.
struct ParsingSuiteTests {
    static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "shared/json-test-suite/test_parsing")

    static let names =
        (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?
        .filter { $0.hasSuffix(".json") }.sorted() ?? []

    /// The ways a text is read here, by name.
    static let readers: [(name: String, accepts: @Sendable ([UInt8]) -> Bool)] = [
        ("JSONValue", { (try? JSONValue.parse($0)) != nil }),
        ("RecordScanner", { isAccepted($0) }),
        ("RecordScanner inside a record", { isAcceptedAsField($0) }),
        ("JSONRewriter", { (try? JSONRewriter.dropping($0, paths: [])) != nil }),
    ]

    /// Whether a text is accepted as a field of a record that is walked for its key and for paths to drop.
    static func isAcceptedAsField(_ bytes: [UInt8]) -> Bool {
        guard let drop = try? JSONPath("$.x[*].y") else { return false }
        let page = Array(#"{"data":[{"id":1,"x":"#.utf8) + bytes + Array("}]}".utf8)
        return refusal(page, drop: [drop]) == nil
    }

    @Test(.enabled(if: !names.isEmpty))
    func `the parsing suite is judged as it asks for`() throws {
        var counts = ["y": 0, "n": 0, "i": 0]
        var acceptedByChoice: Set<String> = []
        for name in Self.names {
            let bytes = [UInt8](try Data(contentsOf: Self.folder.appending(path: name)))
            counts[String(name.prefix(1)), default: 0] += 1
            for reader in Self.readers {
                let isAccepted = reader.accepts(bytes)
                switch name.prefix(2) {
                case "y_": #expect(isAccepted, "\(reader.name) refuses \(name)")
                case "n_": #expect(!isAccepted, "\(reader.name) accepts \(name)")
                default: if isAccepted { acceptedByChoice.insert(name) }
                }
            }
        }
        print("parsing suite:", counts.sorted { $0.key < $1.key }, "i_ accepted:", acceptedByChoice.count)
        #expect(counts.values.allSatisfy { $0 > 30 })
    }

    @Test(.enabled(if: !names.isEmpty))
    func `salvaging survives every file of the parsing suite`() throws {
        for name in Self.names {
            let bytes = [UInt8](try Data(contentsOf: Self.folder.appending(path: name)))
            _ = RecordScanner.salvage(bytes, names: ["a", ""])
        }
    }
}
