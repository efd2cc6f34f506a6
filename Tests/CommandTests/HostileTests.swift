import JSON
import Testing

/// Data that was made to break the program ends as a row or as a refusal by name, never as a crash.
@Suite(.timeLimit(.minutes(2)))
struct HostileTests {
    struct Example: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var body: String
        /// Ids and payloads that are stored; nil when the page is refused.
        var rows: [[String]]?
        var code = "malformed_response"
    }

    private static func stored(_ name: String, _ records: [(id: String, json: String)]) -> Example {
        Example(
            testDescription: name, body: "{\"locations\":[\(records.map(\.json).joined(separator: ","))]}",
            rows: records.map { [$0.id, $0.json] }.sorted { $0[0].utf8.lexicographicallyPrecedes($1[0].utf8) }
        )
    }

    private static func refused(_ name: String, _ body: String, code: String = "malformed_response")
        -> Example
    {
        Example(testDescription: name, body: body, rows: nil, code: code)
    }

    private static func row(_ id: String, _ more: String) -> (id: String, json: String) {
        (id, "{\"id\":\"\(id)\",\(more)}")
    }

    static let examples: [Example] = [
        refused(
            "thousands of levels",
            "{\"locations\":[{\"id\":1,\"a\":\(String(repeating: "[", count: 5000))\(String(repeating: "]", count: 5000))}]}"
        ),
        refused("thousands of open objects", String(repeating: "{\"a\":", count: 20_000)),
        stored(
            "a number of a thousand digits",
            [
                row(
                    "1",
                    "\"n\":\(String(repeating: "9", count: 1000)).\(String(repeating: "1", count: 1000))e999")
            ]),
        stored(
            "names that mean something elsewhere",
            [
                row("1", "\"__proto__\":{\"x\":1},\"constructor\":null,\"toString\":[],\"rowid\":7"),
                row(
                    "2",
                    "\"'; DROP TABLE runs; --\":\"'); DELETE FROM shopline_locations_data; --\",\"name\":\"Robert\\\"); --\""
                ),
            ]),
        stored("members twice", [row("1", "\"name\":\"a\",\"name\":\"b\"")]),
        stored(
            "ids that differ in case or Unicode form",
            [
                row("abc", "\"a\":1"), row("ABC", "\"a\":2"), row("\u{E9}", "\"a\":3"),
                row("e\u{301}", "\"a\":4"), row("1", "\"a\":5"), row("01", "\"a\":6"),
            ]),
        stored(
            "times at the edges",
            [
                row("1", "\"created_at\":\"1969-12-31T23:59:59Z\",\"updated_at\":\"2101-01-01T00:00:00Z\""),
                row("2", "\"created_at\":\"2016-12-31T23:59:60Z\",\"updated_at\":\"9999-12-31T23:59:59Z\""),
                row("3", "\"created_at\":\"0000-00-00T00:00:00Z\",\"updated_at\":\"now\""),
                row("4", "\"created_at\":\"2026-02-30T00:00:00Z\",\"updated_at\":1e400"),
            ]),
        stored("an escaped NUL in a text", [row("1", "\"name\":\"a\\u0000b\"")]),
        refused("an escaped NUL in an id", "{\"locations\":[{\"id\":\"a\\u0000b\"}]}"),
        refused("a key that is a container", "{\"locations\":[{\"id\":{}}]}"),
        refused("a key that is a fraction", "{\"locations\":[{\"id\":1.5}]}"),
        refused("a key that is empty", "{\"locations\":[{\"id\":\"\"}]}"),
        refused("no list", "{\"locations\":{\"id\":1}}"),
        refused("a list of numbers", "{\"locations\":[1,2]}"),
        refused("two documents", "{\"locations\":[]}{\"locations\":[]}"),
        refused("not closed", "{\"locations\":[{\"id\":1}"),
    ]

    @Test(arguments: examples)
    func `it is a row or a refusal`(example: Example) async throws {
        let sandbox = try await SandboxServer()
        let work = try Workplace(sandbox)
        try work.configure(work.shopline(resources: "locations"))
        try sandbox.answer("locations/list.json", with: example.body, #""times":9"#)
        let outcome = try await work.sync()
        guard let rows = example.rows else {
            #expect(outcome.exitCode == 1, "\(outcome.stderr)")
            #expect(try work.latestReport().errorCode(of: "locations") == example.code)
            #expect(try work.mirror.count("SELECT count(*) FROM shopline_locations_data") == 0)
            return
        }
        #expect(outcome.exitCode == 0, "\(outcome.stderr)")
        let found = try work.mirror.rows("SELECT id, payload FROM shopline_locations_data ORDER BY id")
        #expect(found.map { $0.map { $0 ?? "NULL" } } == rows)
        #expect(try work.mirror.count("SELECT count(*) FROM shopline_locations") == rows.count)
        #expect(try work.mirror.count("SELECT count(*) FROM runs") == 1)
        #expect(try work.mirror.text("PRAGMA integrity_check") == "ok")
    }

    @Test func `a record larger than max_record is refused by name`() async throws {
        let sandbox = try await SandboxServer()
        let work = try Workplace(sandbox)
        try work.configure(
            work.shopline(resources: "locations"), run: "max_record = \"1MiB\"\nmax_response = \"16MiB\"")
        let long = String(repeating: "x", count: 3 << 20)
        try sandbox.answer(
            "locations/list.json", with: "{\"locations\":[{\"id\":1,\"name\":\"\(long)\"}]}", #""times":9"#)
        #expect(try await work.sync().exitCode == 1)
        #expect(try work.latestReport().errorCode(of: "locations") == "response_too_large")
        #expect(try work.mirror.count("SELECT count(*) FROM shopline_locations_data") == 0)
    }

    struct Network: Sendable, CustomTestStringConvertible {
        var resource: String
        var path: String
        var kind: String
        var more = ""
        var codes: Set<String>

        var testDescription: String { "\(kind) at \(resource)" }
    }

    static let networks: [Network] = [
        ("locations", "locations/list.json"), ("products", "products/products.json"),
        ("orders", "orders.json"),
    ].flatMap { resource, path in
        [
            Network(resource: resource, path: path, kind: "close", codes: ["network_failed"]),
            Network(resource: resource, path: path, kind: "reset", codes: ["network_failed"]),
            Network(
                resource: resource, path: path, kind: "truncate",
                codes: ["network_failed", "malformed_response"]),
            Network(
                resource: resource, path: path, kind: "bad-gzip",
                codes: ["malformed_response", "network_failed"]),
            Network(resource: resource, path: path, kind: "garbage", codes: ["malformed_response"]),
            Network(resource: resource, path: path, kind: "html", codes: ["malformed_response"]),
            Network(resource: resource, path: path, kind: "empty", codes: ["malformed_response"]),
            Network(resource: resource, path: path, kind: "wrong-shape", codes: ["malformed_response"]),
            Network(
                resource: resource, path: path, kind: "too-large", more: #","bytes":67108864"#,
                codes: ["response_too_large"]),
            Network(resource: resource, path: path, kind: "stall", codes: ["timed_out"]),
            Network(
                resource: resource, path: path, kind: "drip", more: #","bytes":1,"ms":400"#,
                codes: ["timed_out"]),
            Network(
                resource: resource, path: path, kind: "status", more: #","status":503"#,
                codes: ["server_failed"]),
        ]
    }

    @Test(arguments: networks)
    func `a faulty network writes nothing and has its own code`(example: Network) async throws {
        let sandbox = try await SandboxServer()
        let work = try Workplace(sandbox)
        let seconds = example.codes == ["timed_out"] ? 1 : 60
        try work.configure(
            work.shopline(resources: "store \(example.resource)"),
            run: "max_attempts = 1\ntimeout = \"\(seconds)s\"\nmax_response = \"4MiB\"")
        try sandbox.fault(example.kind, at: example.path, "\"times\":9\(example.more)")
        let outcome = try await work.sync()
        #expect(outcome.exitCode == 1, "\(outcome.stderr)")
        let code = try work.latestReport().errorCode(of: example.resource) ?? "none"
        #expect(example.codes.contains(code), "\(code)")
        #expect(try work.mirror.count("SELECT count(*) FROM shopline_\(example.resource)_data") == 0)
        #expect(try work.mirror.count("SELECT count(*) FROM shopline_store") == 1)
    }
}
