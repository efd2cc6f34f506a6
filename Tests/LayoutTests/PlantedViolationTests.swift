import Testing

/// Every rule finds what it is there to find, and nothing else.
@Suite struct PlantedViolationTests {
    private func file(_ text: String, at path: String = "Sources/Sync/Page.swift") -> Checkout.File {
        Checkout.File(path: path, text: text)
    }

    @Test(arguments: [
        ("Sources/Sync/Page.swift", "import CCurl"),
        ("Sources/Sync/Page.swift", "package import Platforms"),
        ("Sources/Sync/Page.swift", "import Foundation"),
        ("Sources/Sync/Page.swift", "import FoundationEssentials"),
        ("Sources/Sync/Page.swift", "@preconcurrency import Dispatch"),
        ("Sources/Sync/Page.swift", "import struct Foundation.URL"),
        ("Sources/Platforms/Acme/Acme.swift", "import SQLite"),
        ("Sources/JSON/Page.swift", "import SQLite"),
        ("Sources/TOML/Page.swift", "import JSON"),
        ("Sources/HTTP/Page.swift", "import CSQLite"),
        ("Sources/SQLite/Page.swift", "import CCurl"),
        ("Sources/Digest/Page.swift", "import Sync"),
        ("Sources/shopmirror/Page.swift", "import CSQLite"),
        ("Sources/shopmirror-sandbox/Page.swift", "import HTTP"),
    ])
    func `an import against the direction is found`(path: String, line: String) {
        #expect(LayoutRules.foreignImports(file("/// A page.\n\(line)\n", at: path)).count == 1)
    }

    @Test(arguments: [
        ("Sources/HTTP/Page.swift", "import CCurl"),
        ("Sources/SQLite/Page.swift", "import CSQLite"),
        ("Sources/Platforms/Acme/Acme.swift", "package import Sync"),
        ("Sources/Sync/Page.swift", "import Glibc  // for stat"),
        ("Sources/Sync/Page.swift", "// import Foundation"),
        ("Sources/Sync/Page.swift", "let word = \"import Foundation\""),
    ])
    func `an import in the direction is let through`(path: String, line: String) {
        #expect(LayoutRules.foreignImports(file("\(line)\n", at: path)) == [])
    }

    @Test func `line 301 is found, line 300 is not`() {
        #expect(LayoutRules.excessLines(file(String(repeating: "\n", count: 301))) == ["301 lines"])
        #expect(LayoutRules.excessLines(file(String(repeating: "\n", count: 300))) == [])
    }

    @Test(arguments: ["StringUtils", "HTTPHelper", "TokenManager", "Common", "Misc", "PageUtilities"])
    func `an empty name is found`(name: String) {
        #expect(LayoutRules.emptyNames(file("", at: "Sources/Sync/\(name).swift")) == [name])
        #expect(LayoutRules.emptyNames(file("package final class \(name) {}\n")) == [name])
    }

    @Test(arguments: ["Commonwealth", "Page", "UtilityBill2".replacing("Utility", with: "Futile")])
    func `a telling name is let through`(name: String) {
        #expect(LayoutRules.emptyNames(file("struct \(name) {}\n")) == [])
    }

    @Test(arguments: [
        "fatalError()", "preconditionFailure(\"never\")", "final class Box: @unchecked Sendable {",
        "nonisolated(unsafe) var count = 0", "Task.detached { await run() }",
    ])
    func `unexplained trust is found, explained trust is not`(line: String) {
        #expect(LayoutRules.unexplainedTrust(file("let a = 1\n    \(line)\n")).count == 1)
        #expect(LayoutRules.unexplainedTrust(file("// The caller holds the lock.\n    \(line)\n")) == [])
        #expect(LayoutRules.unexplainedTrust(file("// Never \(line)\n")) == [])
    }

    @Test func `private paths and notes are found`() {
        for path in ["home/", "root/", "work/", "Users/"].map({ "/" + $0 + "shop/page.json" }) {
            #expect(LayoutRules.privateNotes(file("see \(path)\n")).count == 1)
            #expect(LayoutRules.privateNotes(file("let path = \"\(path)\"\n")).count == 1)
        }
        #expect(LayoutRules.privateNotes(file("// TO" + "DO: later\n")).count == 1)
        #expect(LayoutRules.privateNotes(file("https://acme.example/docs/work/orders, data/work/x\n")) == [])
    }

    @Test func `a stray entry at the top is found`() {
        #expect(
            LayoutRules.strayEntries(["Package.swift", ".ci", "notes.txt", "docs"]) == ["notes.txt", "docs"])
    }
}
