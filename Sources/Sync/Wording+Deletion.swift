/// Sentences about rows that a listing no longer showed.
extension Wording {
    package static func unconfirmed(_ resource: String, count: Int) -> Problem {
        Problem(
            .countDiffers,
            "\(count) rows of \(resource) were no longer listed, but the platform neither counts nor answers by id, so none was marked deleted.",
            next:
                "The next full pull tries again; look on the platform's own admin page whether they are gone."
        )
    }

    package static func lookupIgnored(_ resource: String) -> Problem {
        Problem(
            .malformedResponse,
            "Asked for some records of \(resource) by id, the platform answered with others, so none can be compared.",
            next:
                "Look at what stands between this machine and the platform; sync --full still compares every record."
        )
    }

    package static func stillThere(_ resource: String, count: Int) -> Problem {
        Problem(
            .countDiffers,
            "\(count) rows of \(resource) were missing from the listing, but the platform still has them; they were not marked deleted.",
            next: "The next full pull tries again; if it stays, report it to the platform.")
    }
}
