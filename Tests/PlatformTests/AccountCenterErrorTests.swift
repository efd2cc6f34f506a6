import Digest
import HTTP
import Platforms
import Testing

@testable import Sync

/// The error table of the account center's sheet, row by row, as a run reports it.
struct AccountCenterErrorTests {
    private typealias Canned = CannedTransport.Canned

    /// A token that ends so many hours from now; the platform alone could check its signature.
    static func token(hours: Int64, _ name: String) -> String {
        let end = TokenScenario.now.adding(seconds: hours * 3600).secondsSinceEpoch
        let claims = Base64.encode(Array(#"{"jti":"\#(name)","exp":\#(end)}"#.utf8))
        return "eyJhbGciOiJIUzI1NiJ9.\(claims.filter { $0 != "=" }).c2lnbmF0dXJl"
    }

    private static let verify = "/api/auth/verify-token"
    private static let login = "/api/auth/password/login"
    private static let info = "/api/auth/user-info"
    private static let probe = "/api/admin/verify"
    private static let list = "/api/admin/users"
    private static let signOut = "/api/auth/signout"
    private static let pair = "phone_number = \"19900000001\"\npassword = \"s3cret-demo\"\n"
    private static let fresh = token(hours: 168, "fresh")

    private static let verified = Canned(
        200, #"{"success":true,"data":{"userId":"u-1","unionId":"uDemo01"}}"#)

    private static let usual: [String: [CannedTransport.Canned]] = [
        verify: [verified],
        login: [Canned(200, #"{"success":true,"token":"\#(fresh)","userId":"u-1"}"#)],
        info: [
            Canned(
                200,
                #"{"success":true,"data":{"userId":"u-1","createdAt":"2026-03-02T01:15:00Z","accounts":[]}}"#)
        ],
        probe: [Canned(403, #"{"success":false,"error":"没有权限","debug":{"yourUnionId":"uSECRET"}}"#)],
        signOut: [Canned(200, #"{"success":true}"#)],
    ]

    struct Row: Sendable, CustomStringConvertible {
        var name: String
        var password = true
        var hours: Int64 = 100
        var answers: [String: [CannedTransport.Canned]]
        var code: Problem.Code?
        var exit: ExitCode
        var words = ""
        var logins = 0

        var description: String { name }
    }

    static let rows: [Row] = [
        Row(
            name: "verify-token 401 signs in once",
            answers: [verify: [Canned(401, #"{"success":false,"error":"无效"}"#), verified]], exit: .success,
            logins: 1),
        Row(
            name: "verify-token 401 as an object, without a password", password: false,
            answers: [
                verify: [Canned(401, #"{"success":false,"error":{"code":"TOKEN_INVALID","message":"无效"}}"#)]
            ],
            code: .needsAuthorization, exit: .authorizationNeeded, words: "TOKEN_INVALID"),
        Row(
            name: "verify-token says valid false", password: false,
            answers: [verify: [Canned(200, #"{"valid":false}"#)]], code: .needsAuthorization,
            exit: .authorizationNeeded),
        Row(
            name: "verify-token 400",
            answers: [verify: [Canned(400, #"{"success":false,"error":"缺少 token"}"#)]],
            code: .requestRejected, exit: .failed, words: "缺少 token"),
        Row(
            name: "verify-token without a user", answers: [verify: [Canned(200, #"{"success":true}"#)]],
            code: .malformedResponse, exit: .failed, words: "does not say whose account"),
        Row(
            name: "user-info 401 twice", answers: [info: [Canned(401, #"{"success":false,"error":"未授权"}"#)]],
            code: .needsAuthorization, exit: .authorizationNeeded, words: "未授权", logins: 1),
        Row(
            name: "user-info 404", answers: [info: [Canned(404, #"{"success":false,"error":"用户不存在"}"#)]],
            code: .serverFailed, exit: .failed, words: "用户不存在"),
        Row(
            name: "password 401", hours: -1,
            answers: [login: [Canned(401, #"{"success":false,"error":"密码错误"}"#)]],
            code: .needsAuthorization, exit: .authorizationNeeded, words: "密码错误", logins: 1),
        Row(
            name: "password 404", hours: -1,
            answers: [login: [Canned(404, #"{"success":false,"error":"用户不存在"}"#)]],
            code: .clientRejected, exit: .failed, words: "用户不存在", logins: 1),
        Row(
            name: "password 400", hours: -1,
            answers: [login: [Canned(400, #"{"success":false,"error":"缺少手机号"}"#)]],
            code: .clientRejected, exit: .failed, words: "缺少手机号", logins: 1),
        Row(
            name: "password 503", hours: -1, answers: [login: [Canned(503, "")]], code: .serverFailed,
            exit: .failed,
            words: "HTTP 503", logins: 2),
        Row(
            name: "admin 500", answers: [probe: [Canned(500, #"{"success":false,"error":"未配置"}"#)]],
            code: .serverFailed, exit: .failed, words: "未配置"),
        Row(
            name: "too many requests", answers: [info: [Canned(429, "")]], code: .rateLimited, exit: .failed),
        Row(
            name: "no JSON", answers: [info: [Canned(200, "<html>19900000001</html>")]],
            code: .malformedResponse,
            exit: .failed, words: "nothing that may be shown"),
        Row(
            name: "sign-out fails", hours: 20, answers: [signOut: [Canned(500, "")]], exit: .success,
            logins: 1),
        Row(name: "a day is left", hours: 25, answers: [:], exit: .success, logins: 0),
        Row(name: "less than a day is left", hours: 23, answers: [:], exit: .success, logins: 1),
        Row(
            name: "less than a day is left, nobody can sign in", password: false, hours: 23, answers: [:],
            exit: .success),
    ]

    @Test(arguments: rows)
    func `an answer is taken as the sheet says`(row: Row) async throws {
        let old = Self.token(hours: row.hours, "old")
        let lines =
            "platform = \"account-center\"\naccess_token = \"\(old)\"\n" + (row.password ? Self.pair : "")
        let scenario = try TokenScenario(lines, Self.usual.merging(row.answers) { $1 })
        defer { scenario.clean() }
        let ending = await scenario.run()
        let problem = ending.report.problems.first
        #expect(problem?.code == row.code, "\(problem?.message ?? "no problem")")
        #expect(
            problem.map { $0.message.contains(row.words) } ?? row.words.isEmpty, "\(problem?.message ?? "")")
        #expect(ending.exitCode == row.exit)
        #expect(scenario.transport.count(Self.login) == row.logins)
        for secret in ["s3cret-demo", "19900000001", "uSECRET", old, Self.fresh] {
            #expect(!ending.report.text.contains(secret))
        }
        for request in scenario.transport.requests {
            #expect(!request.headers.contains { $0.name.lowercased() == "origin" })
        }
        if row.exit == .success, row.logins == 1 {
            #expect(scenario.transport.count(Self.signOut) == 1)
            #expect(try await scenario.stored()?.tokens.accessToken == Self.fresh)
        }
        let warns = ending.report.allWarnings.contains { $0.code == .tokenExpiring }
        #expect(warns == (!row.password && row.hours < 48 && row.exit == .success))
    }
}
