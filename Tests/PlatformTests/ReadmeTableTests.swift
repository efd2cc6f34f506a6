import Foundation
import Testing

@testable import Platforms

struct ReadmeTableTests {
    @Test
    func `the resource table in the README is the one the program makes`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
        let begin = try #require(readme.range(of: "<!-- resources:begin -->\n"))
        let end = try #require(readme.range(of: "<!-- resources:end -->"))
        let table = readme[begin.upperBound..<end.lowerBound].trimmingCharacters(in: .newlines)
        let made = PlatformCatalog().markdown.trimmingCharacters(in: .newlines)
        #expect(table == made, "put this between the two marks:\n\(made)")
    }
}
