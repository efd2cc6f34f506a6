/// What is said of listings whose marks are not as declared.
extension Wording {
    package static func repeatedCursor(_ subject: String) -> Problem {
        Problem(
            .malformedResponse,
            "The listing of \(subject) repeats itself: the platform named a page that was already read.",
            next: "Run it again; if it stays, report it to the platform. Nothing was marked deleted.")
    }

    package static func endlessPage(_ subject: String) -> Problem {
        Problem(
            .malformedResponse, "The listing of \(subject) sent an empty page although it promised more.",
            next: "Run it again; if it stays, report it to the platform. Nothing was marked deleted.")
    }

    package static func foreignLink(_ subject: String, host: String) -> Problem {
        Problem(
            .malformedResponse,
            "The listing of \(subject) goes on at another host (\(host)), which is not followed.",
            next: "Check 'base_url'; tokens are only ever sent to the configured host.")
    }

    static func unreadableLink(_ subject: String, _ link: String) -> Problem {
        Problem(
            .malformedResponse,
            "The listing of \(subject) goes on at '\(link.prefix(200))', which is no address that can be followed.",
            next: "Compare 'pages' in the config with an answer of the platform. Nothing was marked deleted.")
    }

    static func missingMark(_ subject: String, _ path: [String], _ found: String) -> Problem {
        Problem(
            .malformedResponse,
            "The listing of \(subject) goes on by '\(path.joined(separator: "."))', which is missing from the answer or \(found).",
            next: "Compare 'pages' in the config with an answer of the platform. Nothing was marked deleted.")
    }

    static func cappedPage(_ subject: String, count: Int, limit: Int) -> Problem {
        Problem(
            .malformedResponse,
            "The first page of \(subject) has \(count) records although \(limit) were asked for and there are more.",
            next:
                "Set 'limit' of this resource to the most that the platform gives at a time, perhaps \(count). Nothing was marked deleted."
        )
    }

    static func unmarked(_ subject: String, count: Int, lacking mark: String) -> Problem {
        Problem(
            .countDiffers,
            "The listing of \(subject) ended with its first page, which is full (\(count) records) and came without \(mark); nothing was marked deleted.",
            next: "Check 'pages' of this resource; if these are all records there are, raise its 'limit'.")
    }
}
