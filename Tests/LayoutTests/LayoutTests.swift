import Testing

@Suite struct LayoutTests {
    private func expectNothing(
        of rule: (Checkout.File) -> [String], in files: [Checkout.File],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(!files.isEmpty, sourceLocation: sourceLocation)
        for file in files {
            let found = rule(file)
            #expect(
                found.isEmpty, "\(file.path): \(found.joined(separator: ", "))",
                sourceLocation: sourceLocation)
        }
    }

    @Test func `modules import in one direction`() throws {
        expectNothing(of: LayoutRules.foreignImports, in: try Checkout.swiftFiles(in: "Sources"))
    }

    @Test func `no file is longer than 300 lines`() throws {
        let files = try Checkout.swiftFiles(in: "Sources") + Checkout.swiftFiles(in: "Tests")
        expectNothing(of: LayoutRules.excessLines, in: files)
    }

    @Test func `files and types are named after what they are`() throws {
        let files = try Checkout.swiftFiles(in: "Sources") + Checkout.swiftFiles(in: "Tests")
        expectNothing(of: LayoutRules.emptyNames, in: files)
    }

    @Test func `what is taken on trust is explained`() throws {
        expectNothing(of: LayoutRules.unexplainedTrust, in: try Checkout.swiftFiles(in: "Sources"))
    }

    @Test func `no file holds private paths or notes`() throws {
        expectNothing(of: LayoutRules.privateNotes, in: try Checkout.writtenFiles())
    }

    @Test func `the top level holds the listed entries only`() throws {
        #expect(LayoutRules.strayEntries(try Checkout.topLevel()) == [])
    }

    @Test func `every module of the package has its rule`() throws {
        let modules = Set(try Checkout.swiftFiles(in: "Sources").map(\.module))
        for module in modules {
            let planted = Checkout.File(
                path: "Sources/\(module)/Page.swift", text: "import Glibc\n")
            #expect(LayoutRules.foreignImports(planted) == [])
        }
        #expect(modules.isSuperset(of: ["Sync", "Platforms", "HTTP", "SQLite", "JSON", "TOML", "Digest"]))
    }
}
