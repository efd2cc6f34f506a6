import Foundation

/// The checkout that these tests were built from.
enum Checkout {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    struct File: Sendable {
        /// From the root: `Sources/Sync/SyncRun.swift`.
        var path: String
        var text: String

        var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
        /// `SyncRun` of `SyncRun.swift`, `Session` of `Session+Renewal.swift`.
        var stem: String {
            String(path.split(separator: "/").last?.prefix { $0 != "." && $0 != "+" } ?? "")
        }
        /// The target of a source file: `Sync`.
        var module: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
    }

    static func text(_ path: String) throws -> String {
        try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)
    }

    /// Every Swift file below a folder.
    static func swiftFiles(in folder: String) throws -> [File] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: "\(root)/\(folder)")
        return try paths.filter { $0.hasSuffix(".swift") }.sorted().map { path in
            File(path: "\(folder)/\(path)", text: try text("\(folder)/\(path)"))
        }
    }

    /// Everything written by hand: sources, scripts and papers, without the fixtures.
    static func writtenFiles() throws -> [File] {
        let single = ["Package.swift", "README.md", "config.example.toml", ".gitignore", ".swift-format"]
        let folders = [".ci", ".github", "jobs"]
        let others =
            try single
            + folders.flatMap { folder in
                try FileManager.default.subpathsOfDirectory(atPath: "\(root)/\(folder)").map {
                    "\(folder)/\($0)"
                }
            }.filter(isFile)
        let papers = try others.map { File(path: $0, text: try text($0)) }
        return try papers + swiftFiles(in: "Sources") + swiftFiles(in: "Tests")
    }

    private static func isFile(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: "\(root)/\(path)", isDirectory: &isFolder)
            && !isFolder.boolValue
    }

    /// The names at the top level that git keeps.
    static func topLevel() throws -> [String] {
        let ignored = try text(".gitignore").split(separator: "\n").map {
            $0.trimmingCharacters(in: ["/", " "])
        }
        return try FileManager.default.contentsOfDirectory(atPath: root).filter { !ignored.contains($0) }
            .sorted()
    }
}
