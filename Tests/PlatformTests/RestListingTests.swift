import HTTP
import JSON
import Sync
import Testing

/// Listings of APIs that only the config knows, by the shapes that public APIs document.
struct RestListingTests {
    // MARK: A link header, as GitHub's REST API documents it for issues

    @Test func `a list at the root goes on by its link header`() async throws {
        let job = Job()
        let auth = """
            auth = "bearer"
            access_token = { env = "A" }
            headers = { Accept = "application/vnd.github+json", X-GitHub-Api-Version = "2022-11-28" }
            """
        let all = (1...5).map { RestSample.issue($0) }
        let results = try await job.run(config: RestSample.config(RestSample.issues, auth)) {
            request in
            let page = request.url.contains("page=3") ? 2 : request.url.contains("&page=2") ? 1 : 0
            let body = "[\(all.dropFirst(page * 2).prefix(2).joined(separator: ","))]"
            let next =
                "<https://api.example.com/repositories/1/issues?state=all&per_page=2&page=\(page + 2)>; rel=\"next\""
            let last = "<https://api.example.com/repositories/1/issues?page=3>; rel=\"last\""
            return RestSample.json(
                body,
                page < 2
                    ? [("link", "\(next), \(last)")]
                    : [("link", "<https://api.example.com/x?page=1>; rel=\"first\"")])
        }
        let result = try #require(results.first?.resources.first)
        #expect(result.status == .succeeded && result.counts.inserted == 5 && result.isComplete == true)
        #expect(
            RestSample.queries(job) == [
                "state=all sort=created per_page=2", "state=all per_page=2 page=2",
                "state=all per_page=2 page=3",
            ])
        let first = try #require(job.requests.first)
        #expect(first.url.hasPrefix("https://api.example.com/v3/repos/octo-org/octo-repo/issues?"))
        #expect(Sent.header(first, "Authorization") == "Bearer SECRET-A")
        #expect(Sent.header(first, "Accept") == "application/vnd.github+json")
        #expect(first.headers.filter { $0.name.lowercased() == "accept" }.count == 1)
        // Nothing loses a digit on the way.
        #expect(
            try job.column("SELECT id FROM rest_api_things ORDER BY number LIMIT 1") == ["9007199254740991"])
        #expect(try job.column("SELECT user_login FROM rest_api_things WHERE number=5") == ["octo"])
        #expect(
            try job.column("SELECT updated_at FROM rest_api_things WHERE number=5") == [
                "2026-10-05T00:00:00Z"
            ])

        job.forgetRequests()
        _ = try await job.run(config: RestSample.config(RestSample.issues, auth)) { _ in
            RestSample.json("[\(RestSample.issue(5, "closed"))]")
        }
        #expect(RestSample.queries(job) == ["state=all sort=created since=2026-10-04T23:50:00Z per_page=2"])
        #expect(try job.column("SELECT state FROM rest_api_things WHERE number=5") == ["closed"])
    }

    @Test func `a link to another host is refused, and nothing is sent there`() async throws {
        let job = Job()
        let results = try await job.run(config: RestSample.config(RestSample.issues)) { _ in
            RestSample.json(
                "[\(RestSample.issue(1)),\(RestSample.issue(2))]",
                [("Link", "<https://evil.example.net/v3/repos?page=2>; rel=\"next\"")])
        }
        let problem = try #require(results.first?.resources.first?.problem)
        #expect(problem.code == .malformedResponse && problem.message.contains("evil.example.net"))
        #expect(problem.nextStep?.contains("base_url") == true)
        #expect(job.requests.allSatisfy { $0.url.hasPrefix("https://api.example.com/v3/") })
    }

    @Test func `a full first page without any link is no proof that there is no more`() async throws {
        let job = Job()
        let answer = "[\(RestSample.issue(1)),\(RestSample.issue(2))]"
        _ = try await job.run(config: RestSample.config(RestSample.issues)) { _ in
            RestSample.json(
                "[\(RestSample.issue(1)),\(RestSample.issue(2)),\(RestSample.issue(3))]",
                [("Link", "<https://api.example.com/x>; rel=\"prev\"")])
        }
        let results = try await job.run(config: RestSample.config(RestSample.issues), options: full) {
            _ in RestSample.json(answer)
        }
        let result = try #require(results.first?.resources.first)
        #expect(result.status == .succeeded && result.isComplete == false)
        #expect(result.warnings.map(\.code) == [.countDiffers])
        #expect(result.warnings.first?.message.contains("came without a link header") == true)
        #expect(try job.column("SELECT count(*) FROM rest_api_things WHERE deleted_at IS NOT NULL") == ["0"])
    }

    private var full: RunOptions {
        var options = RunOptions()
        options.isFull = true
        return options
    }

    // MARK: The last id, as Stripe documents its lists

    private let charges = """
        path = "charges"
        records = "data"
        key = ["id"]
        created = "created"
        pages = { kind = "cursor", cursor = "starting_after", limit = "limit", more = "has_more" }
        limit = 2
        columns = { amount = "exact", currency = "text" }
        """

    private func charge(_ id: String) -> String {
        "{\"id\": \"\(id)\", \"object\": \"charge\", \"amount\": 1099, \"currency\": \"twd\", \"created\": 1793000000}"
    }

    private func list(_ ids: String..., more: Bool) -> String {
        "{\"object\": \"list\", \"url\": \"/v1/charges\", \"has_more\": \(more), \"data\": [\(ids.map(charge).joined(separator: ","))]}"
    }

    @Test func `a listing goes on behind the last id`() async throws {
        let job = Job()
        let results = try await job.run(config: RestSample.config(charges, RestSample.basic)) {
            request in
            request.url.contains("starting_after=ch_2")
                ? RestSample.json(list("ch_3", more: false))
                : RestSample.json(list("ch_1", "ch_2", more: true))
        }
        #expect(results.first?.resources.first?.counts.inserted == 3)
        #expect(RestSample.queries(job) == ["limit=2", "limit=2 starting_after=ch_2"])
        // The key is the name, the password is empty: base 64 of "SECRET-A:".
        #expect(
            job.requests.map { Sent.header($0, "Authorization") }
                == Array(repeating: "Basic U0VDUkVULUE6", count: 2))
        #expect(try job.column("SELECT created_at FROM rest_api_things LIMIT 1") == ["2026-10-26T07:33:20Z"])
    }

    @Test(arguments: [
        (
            #"{"data":[{"id":"a"},{"id":"b"}]}"#,
            "goes on by 'has_more', which is missing from the answer or neither true nor false"
        ),
        (#"{"data":[{"id":"a"},{"id":"b"}],"has_more":"yes"}"#, "goes on by 'has_more'"),
        (#"{"data":[],"has_more":true}"#, "sent an empty page although it promised more"),
        (#"{"data":[{"id":"a"},{"id":"b"}],"has_more":true}"#, "repeats itself"),
        (#"{"data":{"a":{"id":"a"}},"has_more":false}"#, "'data' is an object"),
        (#"{"has_more":false}"#, "'data' is missing"),
        (#"{"data":["a"],"has_more":false}"#, "record 1 is"),
        (#"{"data":[{"name":"a"}],"has_more":false}"#, "record 1 has no key 'id'"),
    ])
    func `an answer that is not as declared is told by name`(body: String, words: String) async throws {
        let job = Job()
        let results = try await job.run(config: RestSample.config(charges, RestSample.basic)) { _ in
            RestSample.json(body)
        }
        let problem = try #require(results.first?.resources.first?.problem)
        #expect(problem.code == .malformedResponse)
        #expect(problem.message.contains(words), "\(problem.message)")
    }

    // MARK: A mark in the answer

    @Test(arguments: ["null", "\"\"", "missing"])
    func `a mark in the answer is followed until there is none`(end: String) async throws {
        let job = Job()
        let last = end == "missing" ? "{}" : "{\"next_cursor\":\(end)}"
        let results = try await job.run(config: RestSample.config(RestSample.marked)) { request in
            request.url.contains("cursor=a%2Fb%3D")
                ? RestSample.json("{\"items\":[{\"id\":3}],\"meta\":\(last)}")
                : RestSample.json(#"{"items":[{"id":1},{"id":2}],"meta":{"next_cursor":"a/b="}}"#)
        }
        let result = try #require(results.first?.resources.first)
        #expect(result.counts.inserted == 3 && result.isComplete == true && result.warnings.isEmpty)
        #expect(RestSample.queries(job) == ["", "cursor=a/b="])
    }

    @Test func `a mark that comes again is an error`() async throws {
        let job = Job()
        let results = try await job.run(config: RestSample.config(RestSample.marked)) { request in
            let id = request.url.contains("cursor=x") ? 2 : request.url.contains("cursor=y") ? 3 : 1
            return RestSample.json(
                "{\"items\":[{\"id\":\(id)}],\"meta\":{\"next_cursor\":\"\(id == 2 ? "y" : "x")\"}}")
        }
        #expect(results.first?.resources.first?.problem?.message.contains("repeats itself") == true)
        #expect(job.requests.count == 3)
    }

    @Test func `a walk that was stopped goes on at its mark`() async throws {
        let job = Job()
        let answer: @Sendable (HTTPRequest) -> HTTPResponse = { request in
            request.url.contains("cursor=c2")
                ? RestSample.json(#"{"items":[{"id":2}],"meta":{}}"#)
                : RestSample.json(#"{"items":[{"id":1}],"meta":{"next_cursor":"c2"}}"#)
        }
        let stopped = try await job.run(
            config: RestSample.config(RestSample.marked),
            answer: { request in
                request.url.contains("cursor=c2")
                    ? HTTPResponse(status: 404, body: Array("{}".utf8)) : answer(request)
            })
        #expect(stopped.first?.resources.first?.status == .failed)
        job.forgetRequests()
        let resumed = try await job.run(config: RestSample.config(RestSample.marked), answer: answer)
        #expect(resumed.first?.resources.first?.isComplete == true)
        #expect(RestSample.queries(job) == ["cursor=c2"])
    }

    // MARK: Page numbers and offsets

    private func numbered(_ pages: String) -> String {
        "path = \"things\"\nrecords = \"items\"\nkey = [\"id\"]\nlimit = 2\npages = { \(pages) }"
    }

    private func rows(_ range: Range<Int>, _ more: String = "") -> String {
        "{\"items\":[\(range.map { "{\"id\":\($0)}" }.joined(separator: ","))]\(more)}"
    }

    @Test func `pages without any figure are read until one is empty`() async throws {
        let job = Job()
        let text = RestSample.config(numbered("kind = \"page\", page = \"p\", size = \"n\""))
        let results = try await job.run(config: text) { request in
            let page = Int(Sent.query(request).first { $0.hasPrefix("p=") }?.dropFirst(2) ?? "") ?? 0
            return RestSample.json(rows((page - 1) * 2..<max((page - 1) * 2, min(page * 2, 4))))
        }
        #expect(results.first?.resources.first?.counts.inserted == 4)
        #expect(RestSample.queries(job) == ["p=1 n=2", "p=2 n=2", "p=3 n=2"])
    }

    @Test(arguments: [
        (#","total":"many""#, "goes on by 'total'"), ("", "goes on by 'total'"),
        (#","total":9"#, "has 1 records although 2 were asked for"),
    ])
    func `a figure that is declared has to be there, and to fit`(more: String, words: String) async throws {
        let job = Job()
        let text = RestSample.config(
            numbered("kind = \"page\", page = \"p\", size = \"n\", total = \"total\""))
        let results = try await job.run(config: text) { _ in RestSample.json(rows(0..<1, more)) }
        let problem = try #require(results.first?.resources.first?.problem)
        #expect(problem.message.contains(words), "\(problem.message)")
    }

    @Test(arguments: [true, false])
    func `an offset listing overlaps by a row, and ends where nothing new comes`(hasTotal: Bool) async throws
    {
        let job = Job()
        let total = hasTotal ? ", total = \"total\"" : ""
        let text = RestSample.config(
            numbered("kind = \"offset\", offset = \"skip\", limit = \"take\"\(total)"))
        let results = try await job.run(config: text) { request in
            let skip = Int(Sent.query(request).first { $0.hasPrefix("skip=") }?.dropFirst(5) ?? "") ?? 0
            return RestSample.json(rows(skip..<max(skip, min(skip + 2, 3)), ",\"total\":3"))
        }
        let result = try #require(results.first?.resources.first)
        #expect(result.counts.inserted == 3 && result.isComplete == true, "\(result)")
        #expect(RestSample.queries(job).first == "skip=0 take=2")
    }
}
