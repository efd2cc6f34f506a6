import SQLite

extension MirrorInspection {
    /// Largest mirror, in bytes, that is read through before every run; a larger one only after a run that did not end.
    private static let smallFile: Int64 = 64 << 20

    /// What has to hold before a run may change the file and before any platform is asked.
    ///
    /// Asked through a connection that cannot write, so that not even an old log is copied into a file that turns out
    /// to be damaged, or another program's.
    ///
    /// - Throws: `Problem` with `storage_failed`.
    func checkBeforeRun() throws {
        // A run that was killed while it made the file leaves one without tables.
        guard try database.integer("SELECT count(*) FROM sqlite_master") ?? 0 > 0 else { return }
        guard try database.integer("PRAGMA application_id") == MirrorSchema.applicationID,
            try database.integer("PRAGMA user_version") ?? 0 <= steps.version
        else { return try check() }
        let pageSize = try database.integer("PRAGMA page_size") ?? 0
        let size = try (database.integer("PRAGMA page_count") ?? 0) * pageSize
        let unfinished = try database.integer("SELECT count(*) FROM runs WHERE finished_at IS NULL") ?? 0
        guard size <= Self.smallFile || unfinished > 0 else { return }
        try check()
    }
}
