/// What is said of tokens and files.
extension Wording {
    static func foreignFile(_ what: String, _ path: String) -> Problem {
        Problem(
            .storageFailed, "The file \(path) is a database, but no \(what) of shopmirror.",
            next: "Name another file as [storage] \(what); this one is left as it is.")
    }

    static func newerFile(
        _ what: String, _ path: String, _ found: Int64, known: Int64, writer: String? = nil
    ) -> Problem {
        let version = writer.map { " (its newest report is of shopmirror \($0))" } ?? ""
        return Problem(
            .storageFailed, "The \(what) \(path) has schema \(found), and this program knows \(known).",
            next: "Use the newer shopmirror that wrote it\(version); this one leaves it as it is.")
    }

    static func migration(_ what: String, _ migration: SchemaStep.Migration) -> String {
        let steps = migration.steps.map(\.summary).joined(separator: ", then ")
        return "the \(what) is version \(migration.from), this program writes version \(migration.to):"
            + " the next sync \(steps); nothing was changed now"
    }

    static func damaged(_ what: String, _ path: String, _ verdict: String) -> Problem {
        Problem(
            .storageFailed, "The \(what) \(path) is damaged: \(verdict.prefix(200)).",
            next: "Keep the file, restore it from a backup or move it away; it was not changed.")
    }

    static func expiring(
        _ connection: Connection, deadline: Timestamp, now: Timestamp, spacing: Int64, canRenew: Bool
    ) -> Problem {
        let left = Quantity.text(seconds: max(0, deadline.secondsSinceEpoch - now.secondsSinceEpoch))
        let message =
            "The token of '\(connection.id)' ends at \(deadline.text) (in \(left)), and runs come every"
            + " \(Quantity.text(seconds: spacing)); from then on a person has to sign in."
        let renew =
            "Run before then: shopmirror tokens refresh \(connection.id)   (from cron, if runs are rare)"
        let sign = "Run before then: shopmirror authorize \(connection.id)"
        return Problem(.tokenExpiring, message, next: canRenew ? renew : sign)
    }

    /// The platform has replaced the pair, and the vault does not take the new one.
    static func pairNotKept(_ connection: Connection, _ problem: Problem) -> Problem {
        var lost = problem
        lost.message +=
            " The platform had just replaced the tokens of '\(connection.id)', and the new ones could not be kept."
        lost.nextStep =
            "\(problem.nextStep ?? "") If the old tokens are refused then: shopmirror authorize \(connection.id)"
        return lost
    }

    /// The token could not be renewed ahead of time; what it said, as a warning.
    static func notRenewed(_ connection: Connection, _ problem: Problem, until: Timestamp?) -> Problem {
        let end = until.map { " works until \($0.text)" } ?? " still works"
        var warning = Problem(
            .tokenExpiring,
            "The token of '\(connection.id)'\(end), but could not be renewed: \(problem.message)",
            next: problem.nextStep)
        warning.platformCode = problem.platformCode
        warning.httpStatus = problem.httpStatus
        return warning
    }
}
