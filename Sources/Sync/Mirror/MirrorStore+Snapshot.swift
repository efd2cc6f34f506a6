import Glibc
import SQLite

extension MirrorStore {
    /// Leaves a compact copy in one plain file, when something changed since the last one.
    ///
    /// - Parameter path: The copy; readers never see it half made.
    /// - Returns: What went wrong; the mirror itself is untouched by it.
    /// - Throws: `Problem` with `storage_failed` when the mirror turns out to be damaged.
    func snapshot(to path: String) throws(Problem) -> Problem? {
        guard !isDryRun else { return nil }
        do {
            let tables = try tables()
            if let made = Self.newestRun(in: path), try !hasChanged(tables, since: made) { return nil }
            if let failed = Folders.make(Paths.folder(of: path), mode: 0o755) {
                return Wording.snapshotFailed(path, Wording.systemText(failed))
            }
            if let reason = try lackOfSpace(in: Paths.folder(of: path)) {
                return Wording.snapshotFailed(path, reason)
            }
            return try copy(to: path).map { Wording.snapshotFailed(path, Wording.systemText($0)) }
        } catch let error as SQLiteError {
            guard !error.isCorrupt else { throw Wording.storage("mirror", self.path, error) }
            return Wording.snapshotFailed(path, error.message)
        } catch {
            return Wording.snapshotFailed(path, "\(error)")
        }
    }

    /// The newest run that a copy knows; nil when there is none that can be read.
    private static func newestRun(in path: String) -> String? {
        guard access(path, R_OK) == 0, let copy = try? Database(path: path, access: .immutable) else {
            return nil
        }
        defer { copy.close() }
        return (try? copy.text("SELECT max(run_id) FROM runs WHERE finished_at IS NOT NULL")) ?? nil
    }

    private func tables() throws -> [String] {
        let statement = try database.prepare(
            "SELECT name FROM sqlite_master WHERE type='table' AND name LIKE '%\\_data' ESCAPE '\\'")
        var names: [String] = []
        while try statement.step() {
            if let name = statement.text(at: 0) { names.append(name) }
        }
        return names
    }

    private func hasChanged(_ tables: [String], since run: String) throws -> Bool {
        for table in tables {
            let statement = try database.prepare(
                "SELECT 1 FROM \(SQLName.quoted(table)) WHERE changed_run>?1 LIMIT 1")
            try statement.bind(run, at: 1)
            if try statement.step() { return true }
        }
        return false
    }

    private func lackOfSpace(in folder: String) throws -> String? {
        var info = statvfs()
        guard statvfs(folder, &info) == 0 else { return Wording.systemText(errno) }
        let pages =
            (try database.integer("PRAGMA page_count") ?? 0)
            - (try database.integer("PRAGMA freelist_count") ?? 0)
        let needed = pages * (try database.integer("PRAGMA page_size") ?? 0) + 1 << 20
        let free = Int64(
            clamping: UInt64(info.f_bavail).multipliedReportingOverflow(by: UInt64(info.f_frsize))
                .partialValue)
        return free < needed ? "it needs \(needed >> 20) MiB and only \(free >> 20) MiB are free" : nil
    }

    /// - Returns: errno of what failed.
    private func copy(to path: String) throws -> Int32? {
        let temporary = "\(path).tmp"
        unlink(temporary)
        unlink("\(temporary)-journal")
        do {
            let statement = try database.prepare("VACUUM INTO ?1")
            try statement.bind(temporary, at: 1)
            try statement.run()
        } catch {
            unlink(temporary)
            throw error
        }
        guard sync(temporary, O_RDONLY) == nil, rename(temporary, path) == 0 else {
            let failed = errno
            unlink(temporary)
            return failed
        }
        return sync(Paths.folder(of: path), O_RDONLY | O_DIRECTORY)
    }

    private func sync(_ path: String, _ flags: Int32) -> Int32? {
        let descriptor = open(path, flags | O_CLOEXEC)
        guard descriptor >= 0 else { return errno }
        defer { Glibc.close(descriptor) }
        return fsync(descriptor) == 0 ? nil : errno
    }
}
