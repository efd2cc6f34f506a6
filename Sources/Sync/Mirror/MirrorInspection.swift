import Glibc
import SQLite

/// Looks at a mirror before anything may change it and before any platform is asked.
///
/// All through a connection that cannot write: not even an old log is copied into a file that turns out to be damaged,
/// or to be another program's.
enum MirrorInspection {
    /// Largest mirror, in bytes, that is read through at every start.
    ///
    /// A larger one is read through only after a run that did not end.
    private static let smallFile: Int64 = 64 << 20

    /// - Throws: `Problem` for a file that is damaged, no mirror, or a newer one; `SQLiteError` for one that cannot be read.
    static func pass(_ path: String) throws {
        let database = try Database(path: path, access: .readOnly)
        defer { database.close() }
        guard try database.integer("SELECT count(*) FROM sqlite_master") ?? 0 > 0 else { return }
        guard try database.integer("PRAGMA application_id") == MirrorSchema.applicationID else {
            throw Problem(
                .storageFailed, "The file \(path) is a database, but no mirror of shopmirror.",
                next: "Name another file as [storage] mirror; this one is left as it is.")
        }
        let version = try database.integer("PRAGMA user_version") ?? 0
        guard version <= MirrorSchema.version else {
            throw Problem(
                .storageFailed,
                "The mirror \(path) has schema \(version), and this program knows \(MirrorSchema.version).",
                next: "Use the newer shopmirror that wrote it; this one leaves it as it is.")
        }
        let pageSize = try database.integer("PRAGMA page_size") ?? 0
        let size = try (database.integer("PRAGMA page_count") ?? 0) * pageSize
        let unfinished = try database.integer("SELECT count(*) FROM runs WHERE finished_at IS NULL") ?? 0
        guard size <= smallFile || unfinished > 0 else { return }
        guard let found = try database.text("PRAGMA quick_check(1)"), found != "ok" else { return }
        throw Wording.damaged("mirror", path, found)
    }
}
