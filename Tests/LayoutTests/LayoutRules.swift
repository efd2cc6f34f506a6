/// What may not be found in a file; every rule names what it found.
enum LayoutRules {
    typealias File = Checkout.File

    /// Which modules of the package a module may import; the direction is one way.
    private static let dependencies: [String: Set<String>] = [
        "Digest": [], "JSON": [], "TOML": [],
        "HTTP": ["CCurl"],
        "SQLite": ["CSQLite"],
        "Sync": ["Digest", "HTTP", "JSON", "SQLite", "TOML"],
        "Platforms": ["Digest", "HTTP", "JSON", "Sync"],
        "Reports": ["HTTP", "JSON", "SQLite", "Sync"],
        "shopmirror": ["CBuild", "Digest", "HTTP", "JSON", "Platforms", "Reports", "SQLite", "Sync", "TOML"],
        "shopmirror-sandbox": ["Digest", "JSON"],
    ]

    /// Foundation is not among them: it carries 40 MB of ICU into the executable, FoundationEssentials 6 MB.
    private static let systemModules: Set<String> = ["Glibc", "Synchronization"]

    static func foreignImports(_ file: File) -> [String] {
        let allowed = (dependencies[file.module] ?? []).union(systemModules)
        return imports(in: file).filter { !allowed.contains($0) }
    }

    private static func imports(in file: File) -> [String] {
        let kinds: Set<Substring> = [
            "struct", "class", "enum", "protocol", "func", "var", "let", "typealias",
        ]
        return file.lines.compactMap { line in
            let words = line.prefix { $0 != "/" && $0 != ";" }.split(separator: " ")
            guard let index = words.firstIndex(of: "import"), words[..<index].allSatisfy(isImportPrefix)
            else { return nil }
            let names = words[(index + 1)...].drop { kinds.contains($0) }
            return names.first.map { String($0.prefix { $0 != "." }) }
        }
    }

    private static func isImportPrefix(_ word: Substring) -> Bool {
        word.hasPrefix("@") || ["public", "package", "internal", "fileprivate", "private"].contains(word)
    }

    static func excessLines(_ file: File) -> [String] {
        let count = file.lines.count - (file.text.hasSuffix("\n") ? 1 : 0)
        return count > 300 ? ["\(count) lines"] : []
    }

    /// Names that say nothing of what is inside.
    static func emptyNames(_ file: File) -> [String] {
        let keywords: Set<Substring> = ["struct", "class", "enum", "actor", "protocol", "typealias"]
        let declared = file.lines.filter { !$0.contains("//") }.flatMap { line -> [String] in
            let words = line.split { !($0.isLetter || $0.isNumber || $0 == "_") }
            return zip(words, words.dropFirst()).filter { keywords.contains($0.0) }.map { String($0.1) }
        }
        let banned: Set<String> = [
            "util", "utils", "utility", "utilities", "helper", "helpers", "manager", "managers", "common",
            "misc",
        ]
        return ([file.stem] + declared).filter { name in
            words(of: name).contains { banned.contains($0) }
        }
    }

    /// `URLHelper` is `url` and `helper`.
    private static func words(of name: String) -> [String] {
        name.matches(of: #/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+/#).map { $0.output.lowercased() }
    }

    /// What the compiler or the reader has to take on trust, without a comment on the line before that says why.
    static func unexplainedTrust(_ file: File) -> [String] {
        let risks = [
            "fatalError(", "preconditionFailure(", "@unchecked Sendable", "nonisolated(unsafe)",
            "Task.detached",
        ]
        let lines = file.lines.map { $0.trimmingPrefix { $0 == " " } }
        return lines.indices.compactMap { index in
            guard !lines[index].hasPrefix("//"), let risk = risks.first(where: { lines[index].contains($0) })
            else {
                return nil
            }
            let isExplained = index > 0 && lines[index - 1].hasPrefix("//")
            return isExplained ? nil : "\(risk) in line \(index + 1)"
        }
    }

    /// Paths of somebody's machine, and notes to oneself.
    static func privateNotes(_ file: File) -> [String] {
        // In pieces, so that this file does not hold what it looks for.
        let homes = ["home", "root", "work", "farm", "Users"].map { "/\($0)/" }
        let notes = ["TO" + "DO", "FIX" + "ME"]
        return file.lines.indices.flatMap { index -> [String] in
            let line = file.lines[index]
            let paths = homes.filter { home in
                // A folder of that name further down, or in an address, is nobody's home.
                line.ranges(of: home).contains { range in
                    let before = line[..<range.lowerBound].last
                    return before.map { !($0.isLetter || $0.isNumber || "._-}".contains($0)) } ?? true
                }
            }
            return (paths + notes.filter { line.contains($0) }).map { "\($0) in line \(index + 1)" }
        }
    }

    /// What the top level may hold beside dot files.
    static func strayEntries(_ names: [String]) -> [String] {
        let allowed: Set<String> = [
            "Package.swift", "Sources", "Tests", "jobs", "config.example.toml", "README.md",
        ]
        return names.filter { !$0.hasPrefix(".") && !allowed.contains($0) }
    }
}
