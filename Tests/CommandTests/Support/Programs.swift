import Foundation
import Testing

/// The built programs.
enum Programs {
    /// The path of a program: in `$SHOPMIRROR_BIN`, or beside the running test bundle.
    static func path(_ name: String) throws -> String {
        var folders: [String] = []
        if let folder = ProcessInfo.processInfo.environment["SHOPMIRROR_BIN"] { folders.append(folder) }
        let bundle = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        for start in [bundle, CommandLine.arguments.first ?? "", Bundle.main.bundlePath] {
            var folder = URL(filePath: start).deletingLastPathComponent()
            for _ in 0..<4 {
                folders.append(folder.path())
                folder.deleteLastPathComponent()
            }
        }
        let paths = folders.map { $0.hasSuffix("/") ? $0 + name : "\($0)/\(name)" }
        return try #require(
            paths.first { FileManager.default.isExecutableFile(atPath: $0) },
            "\(name) is not built; looked for \(paths)")
    }
}
