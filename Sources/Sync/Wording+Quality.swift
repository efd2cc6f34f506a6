/// What a config's `min_rows`, `not_null` and `unique` found.
extension Wording {
    package static func rowsMissing(_ resource: String, count: Int, minimum: Int) -> Problem {
        Problem(
            .rowsMissing, "\(resource) has \(rows(count)), fewer than min_rows = \(minimum).",
            next: "Look on the platform whether records are gone; if that many are right, lower 'min_rows'.")
    }

    package static func valueMissing(_ resource: String, _ column: String, count: Int, ids: [String])
        -> Problem
    {
        Problem(
            .valueMissing,
            "'\(column)' has no value in \(rows(count)) of \(resource): \(list(ids, of: count)).",
            next: "Fill it in on the platform, or take it out of 'not_null'.")
    }

    package static func valueRepeated(_ resource: String, _ column: String, count: Int, ids: [String])
        -> Problem
    {
        Problem(
            .valueRepeated,
            "'\(column)' has a value that stands more than once in \(rows(count)) of \(resource): \(list(ids, of: count)).",
            next: "Correct the records on the platform, or take it out of 'unique'.")
    }

    private static func rows(_ count: Int) -> String { count == 1 ? "1 row" : "\(count) rows" }

    private static func list(_ ids: [String], of count: Int) -> String {
        ids.joined(separator: ", ") + (count > ids.count ? " and others" : "")
    }
}
