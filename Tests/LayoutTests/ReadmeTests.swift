import Platforms
import Sync
import Testing

/// What the README promises in tables is what the program has.
@Suite struct ReadmeTests {
    private let readme: String

    init() throws { readme = try Checkout.text("README.md") }

    @Test(arguments: Problem.Code.allCases)
    func `every error code is explained`(code: Problem.Code) {
        #expect(readme.contains("| `\(code.rawValue)` |") || readme.contains("`\(code.rawValue)`,"))
    }

    @Test func `every platform is named`() {
        for platform in platforms { #expect(readme.contains("`\(platform.id)`")) }
    }

    @Test func `every script is named`() throws {
        let files = try Checkout.writtenFiles().map(\.path).filter {
            $0.hasPrefix("jobs/") && $0 != "jobs/lib" && !$0.hasSuffix(".py")
        }
        // Of a folder it is enough to name the folder.
        for file in files {
            let words = file.split(separator: "/")
            #expect(readme.contains(words.count > 2 ? words.prefix(2).joined(separator: "/") + "/" : file))
        }
    }
}
