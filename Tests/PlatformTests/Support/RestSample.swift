import HTTP

/// Described APIs of the tests, in the shapes that public ones document.
enum RestSample {
    static func config(_ resource: String, _ connection: String = "auth = \"none\"") -> String {
        """
        [connections.api]
        platform = "rest"
        base_url = "https://api.example.com/v3"
        \(connection)
        [connections.api.custom.things]
        \(resource)
        """
    }

    static func json(_ body: String, _ headers: [(String, String)] = [], status: Int = 200) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: HTTPHeaders(headers.map { (name: $0.0, value: $0.1) }),
            body: Array(body.utf8))
    }

    static func queries(_ job: Job) -> [String] {
        job.requests.map { Sent.query($0).joined(separator: " ") }
    }

    /// As GitHub documents its issues.
    static let issues = """
        path = "repos/octo-org/octo-repo/issues"
        key = ["id"]
        created = "created_at"
        cursor = "updated_at"
        cursor_since = "since"
        parameters = { state = "all", sort = "created" }
        pages = { kind = "link", limit = "per_page" }
        limit = 2
        columns = { number = "integer", title = "text", state = "text", "user.login" = "text" }
        """

    static func issue(_ number: Int, _ state: String = "open") -> String {
        """
        {"id": \(9_007_199_254_740_990 + number), "number": \(number), "title": "Thing \(number)", "state": "\(state)",
         "user": {"login": "octo", "id": 1}, "labels": [{"name": "bug"}],
         "created_at": "2026-10-01T00:00:00Z", "updated_at": "2026-10-0\(number)T00:00:00Z"}
        """
    }

    /// With a mark in the answer.
    static let marked = """
        path = "things"
        records = "items"
        key = ["id"]
        pages = { kind = "cursor", cursor = "cursor", next = "meta.next_cursor" }
        """

    static let basic = "auth = \"basic\"\nusername = { env = \"A\" }\ntimes = \"unix\""
}
