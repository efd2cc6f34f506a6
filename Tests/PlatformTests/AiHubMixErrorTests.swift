import HTTP
import Platforms
import Testing

@testable import Sync

/// The error table of AiHubMix's sheet, row by row, as a run reports it.
struct AiHubMixErrorTests {
    private typealias Canned = CannedTransport.Canned

    private static let lines = """
        platform = "aihubmix"
        client_id = "cid-demo"
        client_secret = "cs-demo-secret"
        access_token = "at-OLD-01"
        refresh_token = "rt-OLD-7d1"
        """
    private static let token = "/api/oauth2/token"
    private static let info = "/api/oauth2/userinfo"
    private static let granted = Canned(
        200,
        #"{"access_token":"at-NEW-02","token_type":"Bearer","expires_in":7200,"refresh_token":"rt-NEW-9aa","scope":"profile balance"}"#
    )
    private static let user = Canned(
        200,
        #"{"id":88017,"username":"mirror-demo","quota":3500000,"used_quota":12000000,"balance_formatted":"7.00","created_time":1719792000,"status":1}"#
    )

    struct Row: Sendable, CustomStringConvertible {
        var name: String
        var onToken: [CannedTransport.Canned] = []
        var onInfo: [CannedTransport.Canned] = []
        var code: Problem.Code
        var exit: ExitCode
        var words: String

        var description: String { name }
    }

    static let rows: [Row] = [
        Row(
            name: "401 again right after a refresh", onInfo: [Canned(401, "<html>no</html>")],
            code: .needsAuthorization, exit: .authorizationNeeded, words: "no longer takes the token"),
        Row(
            name: "refresh token dead, 400",
            onToken: [
                Canned(400, #"{"error":"invalid_grant","error_description":"refresh token no longer valid"}"#)
            ],
            code: .needsAuthorization, exit: .authorizationNeeded, words: "invalid_grant"),
        Row(
            name: "refresh token dead, 401", onToken: [Canned(401, #"{"error":"invalid_grant"}"#)],
            code: .needsAuthorization, exit: .authorizationNeeded, words: "invalid_grant"),
        Row(
            name: "wrong client", onToken: [Canned(401, #"{"error":"invalid_client","tid":"t-77"}"#)],
            code: .clientRejected, exit: .failed, words: "[tid t-77]"),
        Row(
            name: "scope missing", onInfo: [Canned(403, #"{"error":"insufficient_scope"}"#)],
            code: .notPermitted,
            exit: .failed, words: "insufficient_scope"),
        Row(
            name: "account suspended",
            onInfo: [Canned(403, #"{"error":{"code":"suspended","message":"account disabled"}}"#)],
            code: .requestRejected, exit: .failed, words: "(code suspended): account disabled"),
        Row(
            name: "too many requests", onInfo: [Canned(429, "{}")], code: .rateLimited, exit: .failed,
            words: "HTTP 429"),
        Row(
            name: "server fault", onInfo: [Canned(500, "")], code: .serverFailed, exit: .failed,
            words: "HTTP 500"),
        Row(
            name: "gateway fault on refresh", onToken: [Canned(502, "<html>bad gateway</html>")],
            code: .serverFailed,
            exit: .failed, words: "HTTP 502"),
        Row(
            name: "time-out", onInfo: [Canned(fault: TransportError(.timedOut, "no answer in 60 s"))],
            code: .timedOut,
            exit: .failed, words: "no answer in 60 s"),
        Row(
            name: "time-out of a refresh",
            onToken: [Canned(fault: TransportError(.timedOut, "no answer in 60 s"))],
            code: .timedOut, exit: .failed, words: "a new token"),
        Row(
            name: "a proxy's page", onInfo: [Canned(200, "<html>challenge</html>")], code: .malformedResponse,
            exit: .failed, words: "<html>challenge"),
        Row(
            name: "a proxy's page on refresh", onToken: [Canned(200, "<html>challenge</html>")],
            code: .malformedResponse, exit: .failed, words: "a new token"),
        Row(
            name: "a failure under 200", onInfo: [Canned(200, #"{"success":false,"message":"maintenance"}"#)],
            code: .requestRejected, exit: .failed, words: "maintenance"),
        Row(
            name: "no id", onInfo: [Canned(200, #"{"username":"x"}"#)], code: .malformedResponse,
            exit: .failed,
            words: "has no key 'id'"),
    ]

    @Test(arguments: rows)
    func `a refusal is reported as the sheet says`(row: Row) async throws {
        let scenario = try TokenScenario(
            Self.lines,
            [
                Self.token: row.onToken.isEmpty ? [Self.granted] : row.onToken,
                Self.info: row.onInfo.isEmpty ? [Self.user] : row.onInfo,
            ])
        defer { scenario.clean() }
        let ending = await scenario.run()
        let problem = try #require(ending.report.problems.first)
        #expect(problem.code == row.code)
        #expect(problem.message.contains(row.words), "\(problem.message)")
        #expect(problem.nextStep != nil)
        #expect(ending.exitCode == row.exit)
        for secret in ["cs-demo-secret", "at-OLD-01", "rt-OLD-7d1", "at-NEW-02", "rt-NEW-9aa"] {
            #expect(!ending.report.text.contains(secret))
        }
        // Nothing but the platform's own word ever drops a token.
        #expect(try await scenario.stored()?.tokens.refreshToken != nil)
        #expect(scenario.transport.count(Self.token) <= 2)
    }

    @Test func `an expired token is renewed once and the rotated pair is stored`() async throws {
        let scenario = try TokenScenario(Self.lines, [Self.token: [Self.granted], Self.info: [Self.user]])
        defer { scenario.clean() }
        let ending = await scenario.run()
        #expect(ending.exitCode == .success)
        #expect(scenario.transport.count(Self.token) == 1)
        let tokens = try #require(try await scenario.stored()?.tokens)
        #expect(tokens.accessToken == "at-NEW-02" && tokens.refreshToken == "rt-NEW-9aa")
        #expect(tokens.accessExpiresAt == TokenScenario.now.adding(seconds: 7200))
        #expect(tokens.refreshExpiresAt == TokenScenario.now.adding(seconds: 30 * 86_400))
    }

    @Test(arguments: [#","refresh_token":"""#, "", #","expires_in":"7200""#])
    func `an answer without a refresh token keeps the stored one`(rest: String) async throws {
        let granted = Canned(200, #"{"access_token":"at-NEW-02"\#(rest)}"#)
        let scenario = try TokenScenario(Self.lines, [Self.token: [granted], Self.info: [Self.user]])
        defer { scenario.clean() }
        #expect(await scenario.run().exitCode == .success)
        #expect(try await scenario.stored()?.tokens.refreshToken == "rt-OLD-7d1")
        #expect(scenario.transport.count(Self.token) == 1)
    }

    @Test func `a lost answer is asked for again with the same token`() async throws {
        let lost = Canned(fault: TransportError(.network, "connection reset"))
        let scenario = try TokenScenario(
            Self.lines, [Self.token: [lost, Self.granted], Self.info: [Self.user]])
        defer { scenario.clean() }
        #expect(await scenario.run().exitCode == .success)
        let bodies = scenario.transport.requests.filter { $0.url.hasSuffix(Self.token) }.map { $0.body ?? [] }
        #expect(bodies.count == 2 && bodies[0] == bodies[1])
    }
}
