import Glibc
import SQLite

/// What is said about exporting changes.
extension Wording {
    static func noMirror(_ path: String) -> Problem {
        Problem(
            .storageFailed, "There is no mirror \(path) yet, so there is nothing to export.",
            next: "Run: shopmirror sync   (or correct [storage] mirror in the config)")
    }

    static func heldMirror(_ path: String) -> Problem {
        Problem(
            .storageFailed,
            "Another program keeps every reader out of the mirror \(path), and did not end in time.",
            next: "Find the program that opened it exclusively, and end it; shopmirror itself never does.")
    }

    static func unreadable(_ what: String, _ path: String, _ error: SQLiteError) -> Problem {
        guard !error.isDiskFull, !error.isCorrupt else { return storage(what, path, error) }
        let reason =
            error.systemError != 0 ? "\(error.message), \(systemText(error.systemError))" : error.message
        return Problem(
            .storageFailed, "The \(what) \(path) cannot be read: \(reason).",
            next:
                "Let this user read \(path), \(Paths.name(of: path))-wal and \(Paths.name(of: path))-shm, and enter their folder."
        )
    }

    static func changedWhileRead(_ path: String) -> Problem {
        Problem(
            .storageFailed,
            "A run began while the mirror \(path) was read without its log; what came cannot be used.",
            next: "Export again: from now on there is a log, and runs and exports do not disturb each other.")
    }

    static func leftOut(_ view: String, _ count: Int) -> String {
        "\(count) rows of \(view) are missing from this export: a run that has not ended changed them; they come with the next export once a run has finished."
    }

    static func oneTableNeeded(_ views: [String]) -> Problem {
        Problem(
            .usage, "A csv file has one header, and \(views.count) tables are selected: \(listed(views)).",
            next: "Choose one with --resource, and with --connection where two platforms have it.")
    }

    static func unknownRun(_ run: String, newest: String?) -> Problem {
        let known = newest.map { "its newest finished run is \($0)" } ?? "it has no finished run yet"
        return Problem(
            .usage, "The mirror has no finished run '\(run)'; \(known).",
            next:
                "If the mirror was restored from a backup or made anew, export everything once (no --since-run, no --state)"
                + " and let it replace what was exported before; else correct the run.")
    }

    static func unusableState(_ path: String, _ reason: String) -> Problem {
        Problem(
            .usage, "The state file \(path) cannot be used: \(reason).",
            next: "Keep the last line that the target printed in it, or remove it to export everything.")
    }

    private static func listed(_ names: [String]) -> String {
        names.prefix(6).joined(separator: ", ") + (names.count > 6 ? ", ..." : "")
    }
}
