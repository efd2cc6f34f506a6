import Foundation
import Testing

/// The walk-throughs lead to files that are there.
@Suite struct ContributingTests {
    @Test func `every file and folder that is named exists`() throws {
        let text = try Checkout.text(".github/CONTRIBUTING.md")
        let names = text.matches(of: #/`((?:Sources|Tests|jobs)/[A-Za-z0-9_\/.+-]+)`/#).map {
            String($0.output.1)
        }
        #expect(names.contains("Tests/PlatformTests/Acme/AcmeTests.swift"))
        #expect(names.count > 8)
        for name in names {
            #expect(FileManager.default.fileExists(atPath: "\(Checkout.root)/\(name)"), "\(name)")
        }
    }

    @Test func `every file of the example platform is named`() throws {
        let text = try Checkout.text(".github/CONTRIBUTING.md")
        let folder = "\(Checkout.root)/Tests/PlatformTests/Acme"
        let files = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(files.count == 5)
        for file in files { #expect(text.contains(file), "\(file)") }
    }
}
