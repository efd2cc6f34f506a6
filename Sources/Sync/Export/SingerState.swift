import Glibc
package import JSON

/// How far each table was followed: the value of Singer's STATE messages.
package struct SingerState: Sendable, Equatable {
    /// The last run that was exported, by view.
    package private(set) var runs: [String: String] = [:]

    package init() {}

    package subscript(view: String) -> String? {
        get { runs[view] }
        set { runs[view] = newValue }
    }

    /// The last line of what a target printed; a file that is missing or empty means that nothing was followed yet.
    ///
    /// - Parameter path: The file.
    /// - Throws: `Problem` with `usage`.
    package init(file path: String) throws(Problem) {
        guard access(path, F_OK) == 0 else { return }
        guard let bytes = SystemFile.bytes(at: path, limit: 64 << 20) else {
            throw Wording.unusableState(path, Wording.systemText(errno))
        }
        let lines = bytes.split { $0 == 0x0A || $0 == 0x0D }
        guard let line = lines.last(where: { $0.contains { $0 != 0x20 } }) else { return }
        guard let value = try? JSONValue.parse(Array(line)) else {
            throw Wording.unusableState(path, "its last line is not JSON")
        }
        let bookmarks = value["bookmarks"] ?? value["value"]?["bookmarks"]
        guard let members = bookmarks?.objectValue else {
            throw Wording.unusableState(path, "its last line has no 'bookmarks'")
        }
        for (view, bookmark) in members {
            guard let run = bookmark["changed_run"]?.stringValue else {
                throw Wording.unusableState(path, "its bookmark of '\(view)' names no 'changed_run'")
            }
            runs[view] = run
        }
    }

    package var json: JSONValue {
        let bookmarks: [(key: String, value: JSONValue)] = runs.sorted { $0.key < $1.key }.map {
            (key: $0.key, value: .members(("changed_run", .string($0.value))))
        }
        return .members(("bookmarks", .object(bookmarks)))
    }
}
