import HTTP
import Platforms
import Testing

@testable import Sync

/// What a config asks of a resource's rows.
struct QualityTests {
    private func quality(_ platform: String, _ resource: String, _ lines: String) throws -> Quality {
        let connection = try Connections.make(platform, "[connections.one.\(resource)]\n\(lines)")
        return try #require(connection.resource(named: resource)).quality
    }

    @Test func `columns go by their name in the view or by their path`() throws {
        let quality = try quality(
            "shopline", "orders",
            "min_rows = 3\nnot_null = [\"name\", \"created_at\", \"$.customer.email\"]\nunique = [\"customer_id\", \"id\"]"
        )
        #expect(quality.minimumRows == 3)
        #expect(quality.notNull.map(\.path) == ["name", "", "customer.email"])
        #expect(quality.unique.map(\.path) == ["customer.id", ""])
        #expect(try self.quality("shopline", "orders", "").isEmpty)
    }

    @Test(arguments: [
        (
            "shopline", "not_null = [\"nmae\"]",
            "6:13: unknown column 'nmae' of 'orders' in 'not_null'; did you mean 'name'?"
        ),
        (
            "shopline", "unique = [\"name\", \"name\"]",
            "6:19: 'name' stands twice in 'unique'; once is enough"
        ),
        (
            "shopline", "min_rows = -1",
            "6:12: 'min_rows' is -1; allowed is a whole number from 0 to 1000000000"
        ),
        (
            "shopline", "not_null = [\"$.line_items[*].sku\"]",
            "6:13: the path '$.line_items[*].sku' in 'not_null' cannot be used; allowed is a column, or a path of"
                + " single members such as $.customer.email"
        ),
        (
            "shopline", "unique = \"name\"",
            "6:10: 'unique' is a string; allowed is a list of columns, such as [\"a\", \"b\"]"
        ),
        (
            "shopline", "fields = [\"name\"]\nnot_null = [\"email\"]",
            "7:13: the column 'email' in 'not_null' is not asked for, so it has no value; add it to 'fields', or set"
                + " personal_data = true if it names a person"
        ),
        (
            "next-engine", "not_null = [\"receive_order_purchaser_name\"]",
            "6:13: the column 'receive_order_purchaser_name' in 'not_null' is not asked for, so it has no value; add"
                + " it to 'fields', or set personal_data = true if it names a person"
        ),
    ])
    func `a wrong one is told with its place`(platform: String, lines: String, problem: String) {
        #expect(
            Connections.mistakes(platform, "[connections.one.orders]\n\(lines)") == ["config.toml:\(problem)"]
        )
    }

    private static let locations = [
        #"{"id":"1","name":"A","city":"X","zip":"100"}"#, #"{"id":"2","name":null,"city":"X","zip":""}"#,
        #"{"id":"3","city":"X","zip":"3"}"#, #"{"id":"4","name":"D","city":"Y","zip":"3"}"#,
        #"{"id":"5","city":null}"#, #"{"id":"6","city":null}"#, #"{"id":"7"}"#, #"{"id":"8"}"#,
    ]

    private func pull(_ job: Job, _ lines: String, _ records: [String]) async throws -> ResourceResult {
        let body = "{\"locations\":[\(records.joined(separator: ","))]}"
        let results = try await job.run(
            "shopline", "resources = [\"locations\"]\n[connections.one.locations]\n\(lines)"
        ) { request in
            if request.url.contains("count.json") { return (200, "{\"count\":\(records.count)}") }
            return request.url.contains("locations") ? (200, body) : (200, #"{"data":{"id":1,"name":"S"}}"#)
        }
        return try #require(results.first)
    }

    @Test func `a breach is a warning with its count and up to five ids`() async throws {
        let lines = "min_rows = 9\nnot_null = [\"name\", \"$.zip\"]\nunique = [\"id\", \"city\", \"$.zip\"]"
        let result = try await pull(Job(), lines, Self.locations)
        #expect(result.status == .succeeded)
        #expect(
            result.warnings.map { "\($0.code.rawValue) \($0.message)" } == [
                "rows_missing locations has 8 rows, fewer than min_rows = 9.",
                "value_missing 'name' has no value in 6 rows of locations: 2, 3, 5, 6, 7 and others.",
                "value_missing '$.zip' has no value in 4 rows of locations: 5, 6, 7, 8.",
                "value_repeated 'city' has a value that stands more than once in 3 rows of locations: 1, 3 and others.",
                "value_repeated '$.zip' has a value that stands more than once in 2 rows of locations: 3, 4.",
            ])
        #expect(
            result.warnings.allSatisfy {
                $0.resource == "locations" && $0.connection == "one" && $0.at != nil
            })
        #expect(result.warnings.allSatisfy { $0.nextStep?.isEmpty == false && !$0.isRetryable })
    }

    @Test func `rows that are gone count for nothing, and enough is enough`() async throws {
        let job = Job()
        let lines = "min_rows = 2\nunique = [\"city\"]"
        #expect(
            try await pull(job, lines, Array(Self.locations.prefix(2))).warnings.map(\.code) == [
                .valueRepeated
            ])
        let left = try await pull(job, lines, [Self.locations[0]])
        #expect(left.counts.deleted == 1)
        #expect(left.warnings.map(\.code) == [.rowsMissing])
    }

    @Test func `a pull that failed is not judged`() async throws {
        let results = try await Job().run(
            "shopline", "resources = [\"locations\"]\n[connections.one.locations]\nmin_rows = 9"
        ) { request in
            request.url.contains("locations") ? (404, "{}") : (200, #"{"data":{"id":1,"name":"S"}}"#)
        }
        #expect(results.first?.status == .failed && results.first?.warnings.isEmpty == true)
    }
}
