import Foundation
import TOML
import Testing

/// The cases of toml-test for TOML 1.0.0, where they lie next to the package.
struct TOMLConformanceTests {
    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "shared/toml-test")

    private static let list = folder.appending(path: "files-toml-1.0.0")

    private static var isPresent: Bool { FileManager.default.fileExists(atPath: list.path) }

    @Test(.enabled(if: isPresent))
    func `every valid case is read as its JSON says`() throws {
        let names = try Self.cases(in: "valid/")
        for name in names {
            let document = TOMLParser.parse(try Self.bytes(of: name))
            #expect(document.errors == [], "\(name)")
            let tagged = name.dropLast(".toml".count) + ".json"
            let data = Data(try Self.bytes(of: String(tagged)))
            let expected = try JSONDecoder().decode(TaggedValue.self, from: data)
            #expect(expected.differences(from: .table(document.root), at: "") == [], "\(name)")
        }
        print("toml-test 1.0.0: \(names.count) valid cases")
        #expect(names.count == 210)
    }

    @Test(.enabled(if: isPresent))
    func `every invalid case is refused`() throws {
        let names = try Self.cases(in: "invalid/")
        for name in names {
            let errors = TOMLParser.parse(try Self.bytes(of: name)).errors
            #expect(!errors.isEmpty, "\(name)")
            #expect(errors == errors.sorted { $0.position < $1.position }, "\(name)")
        }
        print("toml-test 1.0.0: \(names.count) invalid cases")
        #expect(names.count == 499)
    }

    private static func cases(in part: String) throws -> [String] {
        try String(contentsOf: list, encoding: .utf8).split(separator: "\n").map(String.init)
            .filter { $0.hasPrefix(part) && $0.hasSuffix(".toml") }
    }

    private static func bytes(of name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appending(path: name)))
    }
}
