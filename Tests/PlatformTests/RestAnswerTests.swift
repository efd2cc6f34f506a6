import HTTP
import Sync
import Testing

/// What is made of the answers of APIs that only the config knows.
struct RestAnswerTests {
    @Test func `a redirect is not followed`() async throws {
        let job = Job()
        let results = try await job.run(config: RestSample.config(RestSample.marked)) { _ in
            RestSample.json("", [("Location", "https://elsewhere.example.org/things?token=x")], status: 302)
        }
        let problem = try #require(results.first?.resources.first?.problem)
        #expect(problem.code == .requestRejected && problem.httpStatus == 302)
        #expect(problem.message.contains("a redirect to elsewhere.example.org, which is not followed"))
        #expect(problem.nextStep == "Set 'base_url' and the path to the address that answers by itself.")
        #expect(job.requests.count == 1)
    }

    @Test(arguments: [
        (401, [("", "")], Problem.Code.clientRejected, 1), (403, [("", "")], .notPermitted, 1),
        (403, [("Retry-After", "1")], .rateLimited, 5),
        (403, [("X-RateLimit-Remaining", "0")], .rateLimited, 5),
        (404, [("", "")], .requestRejected, 1), (503, [("", "")], .serverFailed, 5),
    ])
    func `a refusal is told by its status`(
        status: Int, headers: [(String, String)], code: Problem.Code, requests: Int
    ) async throws {
        let job = Job()
        let results = try await job.run(config: RestSample.config(RestSample.marked, RestSample.basic)) {
            _ in
            RestSample.json(#"{"message":"no way"}"#, headers.filter { !$0.0.isEmpty }, status: status)
        }
        let problem = try #require(results.first?.problem ?? results.first?.resources.first?.problem)
        #expect(problem.code == code && problem.message.contains("no way"), "\(problem)")
        #expect(job.requests.count == requests)
    }

    @Test(arguments: [
        (
            403, "{}",
            "Check what the account of [connections.api] may read, or take 'things' out of 'resources'."
        ),
        (
            404, "{}",
            "The platform gives no reason; check the settings of [connections.api], else report it as a bug."
        ),
        (
            404, #"{"message":"no way"}"#,
            "Read the platform's words above; if the request itself is wrong, report it as a bug."
        ),
    ])
    func `the next step speaks of what there is`(status: Int, body: String, next: String) async throws {
        let results = try await Job().run(config: RestSample.config(RestSample.marked)) { _ in
            RestSample.json(body, [], status: status)
        }
        #expect(results.first?.resources.first?.problem?.nextStep == next)
    }

    @Test func `client credentials are exchanged once, with the client in a header`() async throws {
        let job = Job()
        let auth = """
            auth = "client_credentials"
            token_url = "https://login.example.com/token"
            client_id = "my client"
            client_secret = { env = "B" }
            scopes = ["read", "list"]
            """
        let answer: @Sendable (HTTPRequest) -> HTTPResponse = { request in
            request.url == "https://login.example.com/token"
                ? RestSample.json(#"{"access_token":"MACHINE-1","token_type":"bearer","expires_in":3600}"#)
                : RestSample.json(#"{"items":[{"id":1}]}"#)
        }
        #expect(
            try await job.run(config: RestSample.config(RestSample.marked, auth), answer: answer).first?
                .status == .succeeded)
        #expect(
            try await job.run(config: RestSample.config(RestSample.marked, auth), answer: answer).first?
                .status == .succeeded)
        #expect(job.requests.map(\.url).filter { $0.hasSuffix("/token") }.count == 1)
        let token = try #require(job.requests.first)
        #expect(Sent.form(token) == ["grant_type=client_credentials", "scope=read list"])
        // base 64 of "my%20client:SECRET-B"
        #expect(Sent.header(token, "Authorization") == "Basic bXklMjBjbGllbnQ6U0VDUkVULUI=")
        #expect(Sent.header(job.requests[1], "Authorization") == "Bearer MACHINE-1")
    }

    @Test func `other parameters make the next pull a full one`() async throws {
        let job = Job()
        let answer: @Sendable (HTTPRequest) -> HTTPResponse = { _ in
            RestSample.json("[\(RestSample.issue(1))]")
        }
        _ = try await job.run(config: RestSample.config(RestSample.issues), answer: answer)
        #expect(
            try await job.run(config: RestSample.config(RestSample.issues), answer: answer).first?.resources
                .first?.mode
                == .incremental)
        let other = RestSample.config(
            RestSample.issues.replacing("state = \"all\"", with: "state = \"open\""))
        #expect(try await job.run(config: other, answer: answer).first?.resources.first?.mode == .full)
    }

    @Test func `what Basic makes of a password is not quoted either`() async throws {
        let results = try await Job().run(config: RestSample.config(RestSample.marked, RestSample.basic)) {
            request in
            RestSample.json(
                #"{"message":"you sent \#(Sent.header(request, "Authorization") ?? "")"}"#, status: 400)
        }
        let problem = try #require(results.first?.resources.first?.problem)
        // base 64 of "SECRET-A:"
        #expect(!problem.message.contains("U0VDUkVULUE6"))
        #expect(problem.message.contains("you sent Basic <redacted>"))
    }

    private let grant = """
        auth = "refresh_token"
        token_url = "https://login.example.com/token"
        client_id = "my-client"
        refresh_token = { env = "A" }
        """

    @Test(arguments: [
        (200, #"{"error":"partial","access_token":"FRESH-A","refresh_token":"FRESH-R"}"#),
        (400, #"{"access_token":"FRESH-A","refresh_token":"FRESH-R"}"#),
        (500, #"{"access_token":"FRESH-A","refresh_token":"FRESH-R"}"#),
        (200, #"{"refresh_token":"FRESH-R"}"#),
    ])
    func `a pair that comes with an error is kept all the same`(status: Int, body: String) async throws {
        let job = Job()
        let results = try await job.run(config: RestSample.config(RestSample.marked, grant)) { _ in
            RestSample.json(body, status: status)
        }
        #expect(results.first?.status != .succeeded)
        #expect(try job.stored("refresh_token") == ["FRESH-R"])
        // Whoever asks again asks with the new one.
        for request in job.requests.dropFirst() {
            #expect(Sent.form(request).contains("refresh_token=FRESH-R"))
        }
    }

    @Test(arguments: [#""line\nbreak""#, "12345", #""""#, "null"])
    func `a token that fits into no header is refused where it came from`(token: String) async throws {
        let job = Job()
        let results = try await job.run(config: RestSample.config(RestSample.marked, grant)) { _ in
            RestSample.json(#"{"access_token":\#(token)}"#)
        }
        let problem = try #require(results.first?.problem ?? results.first?.resources.first?.problem)
        #expect(problem.code == .malformedResponse)
        #expect(problem.message.contains("brought no access_token that can be used"), "\(problem.message)")
        #expect(try job.stored("refresh_token") == ["SECRET-A"])
        #expect(job.requests.allSatisfy { $0.url == "https://login.example.com/token" })
    }
}
