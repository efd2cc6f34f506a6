import Glibc

/// What is said of the things that come after a run.
extension Wording {
    static func snapshotFailed(_ path: String, _ reason: String) -> Problem {
        Problem(
            .snapshotFailed,
            "The snapshot \(path) could not be made: \(reason). The mirror itself is complete.",
            next: "Make room, check that this user may write there, or take 'snapshot' out of [storage].")
    }

    package static func hookFailed(_ program: String, _ reason: String) -> Problem {
        Problem(
            .hookFailed, "The program '\(program)' named by 'after' \(reason). The run itself is complete.",
            next: "Run it by hand with a report on its standard input, or take 'after' out of [run].")
    }

    package static func pingFailed(_ host: String, _ reason: String) -> Problem {
        Problem(
            .hookFailed, "The ping to \(host) failed: \(reason). The run itself is complete.",
            next: "Check 'ping_url' in [run] and this machine's network; the service may raise a false alarm."
        )
    }
}
