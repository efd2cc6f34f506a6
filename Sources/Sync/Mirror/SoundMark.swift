import Glibc
import JSON

/// That the mirror was whole when its last run closed it, kept in the lock file.
///
/// Reading a mirror through costs as much as the rest of a run that brings nothing. A file that nobody has touched since a
/// run closed it is what that run left; the system's change time cannot be set by hand. What a disk spoils by itself
/// leaves no such trace, so the mark holds for a day.
package struct SoundMark: Sendable, Equatable {
    private static let lifetime: Int64 = 86_400

    /// Inode, size, and time of the last change of the mirror's file.
    private var file: String
    /// When the mirror was last read through.
    private var checkedAt: Timestamp

    /// Nil where the log still holds something.
    ///
    /// - Parameters:
    ///   - mirror: The file, closed.
    ///   - checkedAt: When it was last read through.
    package init?(of mirror: String, checkedAt: Timestamp) {
        guard let file = Self.file(mirror) else { return nil }
        self.file = file
        self.checkedAt = checkedAt
    }

    init?(_ json: JSONValue?) {
        guard let file = json?["file"]?.stringValue,
            let checkedAt = json?["checked_at"]?.stringValue.flatMap({ Timestamp($0) })
        else { return nil }
        self.file = file
        self.checkedAt = checkedAt
    }

    var json: JSONValue {
        .object([(key: "file", value: .string(file)), (key: "checked_at", value: .string(checkedAt.text))])
    }

    /// When the mirror was last read through; nil unless that still holds.
    package func checkTime(of mirror: String, now: Timestamp) -> Timestamp? {
        let age = now.secondsSinceEpoch - checkedAt.secondsSinceEpoch
        return (0..<Self.lifetime).contains(age) && Self.file(mirror) == file ? checkedAt : nil
    }

    private static func file(_ mirror: String) -> String? {
        var info = stat()
        let mirror = Paths.resolved(mirror)
        if stat("\(mirror)-wal", &info) == 0, info.st_size > 0 { return nil }
        guard stat(mirror, &info) == 0 else { return nil }
        return "\(info.st_ino) \(info.st_size) \(info.st_ctim.tv_sec).\(info.st_ctim.tv_nsec)"
    }
}
