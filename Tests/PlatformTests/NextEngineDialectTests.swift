import HTTP
import JSON
@testable import Sync
import Testing

@testable import Platforms

/// The example exchanges of Next Engine, in both forms wherever the sources disagree.
struct NextEngineDialectTests {
    private let dialect = NextEngineDialect()
    private let now = Timestamp(secondsSinceEpoch: 1_768_000_000)
    private let current = TokenSet(accessToken: "A1", refreshToken: "R1", uid: "U-77", state: "S-1")

    private func account(_ values: [String: String] = [:]) -> AccountAccess {
        AccountAccess(
            connection: "tokyo", baseURL: "https://api.next-engine.org",
            signInURL: "https://base.next-engine.org",
            values: values.merging(["client_id": "CID", "client_secret": "SEC"]) { own, _ in own },
            timeoutSeconds: 60, maximumResponse: 1 << 20)
    }

    private func answer(_ body: String, status: Int = 200, records: [String]? = nil) -> Answer {
        Answers.make(body, dialect, status: status, records: records)
    }

    // MARK: Requests

    @Test
    func `a search posts both tokens, the fields and the page`() {
        let call = Call(
            .post, "/api_v1_master_shop/search",
            parameters: [
                Parameter("fields", "shop_id,shop_name"),
                Parameter("shop_last_modified_null_safe_date-gte", "2026-01-11 00:00:00"),
                Parameter("offset", "0"), Parameter("limit", "1000"),
            ], layout: PageLayout(envelope: []), subject: "shops")
        let request = dialect.request(for: call, tokens: current, account: account())
        #expect(request.method == .post)
        #expect(request.url == "https://api.next-engine.org/api_v1_master_shop/search")
        #expect(Sent.header(request, "Content-Type") == "application/x-www-form-urlencoded")
        #expect(
            Sent.form(request) == [
                "access_token=A1", "refresh_token=R1", "fields=shop_id,shop_name",
                "shop_last_modified_null_safe_date-gte=2026-01-11 00:00:00", "offset=0", "limit=1000",
            ])
        #expect(request.timeoutMilliseconds == 60_000)
    }

    @Test
    func `waiting is asked for with more than an hour of patience`() {
        let call = Call(.post, "/x/info", layout: PageLayout(envelope: []), subject: "x")
        let request = dialect.request(
            for: call, tokens: current, account: account(["wait_when_busy": "true"]))
        #expect(Sent.form(request).contains("wait_flag=1"))
        #expect(request.timeoutMilliseconds >= 3_660_000)
    }

    @Test
    func `the one try to renew sends what the sign-in left`() throws {
        let request = try #require(dialect.renewal(of: current, account: account(), now: now))
        #expect(request.url == "https://api.next-engine.org/api_neauth")
        #expect(
            Sent.form(request) == [
                "uid=U-77", "state=S-1", "refresh_token=R1", "client_id=CID", "client_secret=SEC",
            ])
        #expect(dialect.renewal(of: TokenSet(accessToken: "A1"), account: account(), now: now) == nil)
    }

    // MARK: Tokens

    private let pair =
        #""access_token":"A2","access_token_end_date":"2026-01-13 10:00:07","refresh_token":"R2","refresh_token_end_date":"2026-01-15 10:00:07""#

    @Test(arguments: [
        #"{"result":"success","count":"1","data":[{"shop_id":"1"}],PAIR}"#,
        #"{"result":"error","code":"003002","message":"混雑中(例)",PAIR}"#,
        #"{"result":"error","code":"004001","message":[{"message":"権限なし(例)"}],PAIR}"#,
    ])
    func `a rotated pair is found in any answer, its end in Japan's time`(body: String) throws {
        let found = try #require(
            dialect.tokens(in: answer(body.replacing("PAIR", with: pair)), current: current, now: now))
        #expect(found.accessToken == "A2")
        #expect(found.refreshToken == "R2")
        #expect(found.uid == "U-77")
        #expect(found.accessExpiresAt?.text == "2026-01-13T01:00:07Z")
        #expect(found.refreshExpiresAt?.text == "2026-01-15T01:00:07Z")
    }

    @Test
    func `an echoed pair is no rotation`() {
        let body = #"{"result":"success","data":[],"access_token":"A1","refresh_token":"R1"}"#
        #expect(dialect.tokens(in: answer(body), current: current, now: now) == current)
    }

    @Test(arguments: [
        #"{"result":"error","code":"002002","message":"古いトークン(例)"}"#,
        #"{"result":"error","code":"002002","access_token":"","refresh_token":null}"#,
    ])
    func `an answer without tokens erases none`(body: String) {
        #expect(dialect.tokens(in: answer(body), current: current, now: now) == nil)
    }

    @Test
    func `one token alone leaves the other as it was`() {
        let body = #"{"result":"success","data":[],"access_token":"A2"}"#
        let found = dialect.tokens(in: answer(body), current: current, now: now)
        #expect(found?.accessToken == "A2" && found?.refreshToken == "R1")
    }

    @Test
    func `the exchange's answer brings a pair without an end`() {
        let body =
            #"{"result":"success","uid":"U-77","access_token":"A1","refresh_token":"R1","company_ne_id":"NE0000042","pic_mail_address":"p@example.invalid"}"#
        guard
            case .tokens(let tokens) = dialect.renewed(by: answer(body), old: TokenSet(uid: "U-77"), now: now)
        else { return #expect(Bool(false), "no tokens") }
        #expect(tokens.accessToken == "A1" && tokens.refreshToken == "R1" && tokens.accessExpiresAt == nil)
    }

    @Test(arguments: [
        (#"{"result":"error","code":"002003","message":"x"}"#, 200, "refused"),
        (#"{"result":"redirect"}"#, 200, "refused"),
        (#"{"result":"success"}"#, 200, "refused"),
        ("<html></html>", 503, "server_failed retry"), ("", 200, "malformed_response retry"),
    ])
    func `only a definite no ends the renewal`(body: String, status: Int, word: String) {
        #expect(dialect.renewed(by: answer(body, status: status), old: current, now: now).word == word)
    }

    @Test
    func `a token is called due a minute before its end`() {
        var tokens = current
        #expect(!dialect.isRenewalDue(tokens, now: now))
        tokens.accessExpiresAt = now.adding(seconds: 61)
        #expect(!dialect.isRenewalDue(tokens, now: now))
        tokens.accessExpiresAt = now.adding(seconds: 60)
        #expect(dialect.isRenewalDue(tokens, now: now))
    }

    // MARK: Verdicts

    @Test(arguments: [
        (#"{"result":"success","count":"0","data":[]}"#, 200, "accepted"),
        (#"{"result":"success","count":3214}"#, 200, "accepted"),
        (#"{"result":"redirect","code":"002004","message":"トークンの期限切れ(例)"}"#, 200, "needs_authorization"),
        (#"{"result":"redirect"}"#, 200, "needs_authorization"),
        (#"{"result":"error","code":"002002","message":"古いトークン(例)"}"#, 200, "expired"),
        (#"{"result":"error","code":"002003","message":"x"}"#, 200, "needs_authorization"),
        (#"{"result":"error","code":"002004","message":"期限切れ(例)"}"#, 200, "needs_authorization"),
        (#"{"result":"error","code":"002001","message":"x"}"#, 200, "request_rejected"),
        (#"{"result":"error","code":"002099","message":"x"}"#, 400, "needs_authorization"),
        (#"{"result":"error","code":"003002","message":"混雑中(例)"}"#, 200, "overloaded retry"),
        (#"{"result":"error","code":"003001","message":"接続不可(例)"}"#, 200, "overloaded retry"),
        (#"{"result":"error","code":"006005"}"#, 200, "overloaded retry"),
        (#"{"result":"error","code":"008003"}"#, 500, "overloaded retry"),
        (#"{"result":"error","code":"009005"}"#, 200, "overloaded retry"),
        (#"{"result":"error","code":"011007"}"#, 200, "overloaded retry"),
        (#"{"result":"error","code":"004001","message":[{"message":"権限なし(例)"}]}"#, 200, "not_permitted"),
        (#"{"result":"error","code":"001003"}"#, 200, "client_rejected"),
        (#"{"result":"error","code":"001001"}"#, 200, "request_rejected"),
        (#"{"result":"error","code":"999999"}"#, 200, "request_rejected"),
        (#"{"result":"error"}"#, 200, "request_rejected"),
        (#"{"result":"error","code":"999999"}"#, 429, "rate_limited retry"),
        (#"{"result":"error","code":"999999"}"#, 503, "server_failed retry"),
        (#"{"result":"error","code":"999999"}"#, 404, "request_rejected"),
        ("<html>Service Unavailable</html>", 503, "server_failed retry"),
        ("", 429, "rate_limited retry"), ("<html></html>", 404, "request_rejected"),
    ])
    func `an answer is judged by its result, then by its code`(body: String, status: Int, word: String) {
        #expect(dialect.verdict(on: answer(body, status: status)).word == word)
    }

    @Test(arguments: [#""権限なし""#, #"[{"message":"権限なし"}]"#, #"{"message":"権限なし"}"#])
    func `the platform's words are kept whatever their form`(message: String) {
        let found = dialect.verdict(
            on: answer("{\"result\":\"error\",\"code\":\"004001\",\"message\":\(message)}"))
        #expect(found.failure?.message?.contains("権限なし") == true)
        #expect(found.failure?.platformCode == "004001")
    }

    @Test
    func `an empty body under status 200 is no empty list`() {
        guard case .failure = answer("", records: ["data"]).page else {
            return #expect(Bool(false), "an empty body was read as a page")
        }
        guard case .failure = answer(#"{"result":"success","count":"0"}"#, records: ["data"]).page else {
            return #expect(Bool(false), "a missing member was read as a page")
        }
    }

    // MARK: Account

    @Test
    func `the account is the company behind the tokens`() {
        let body = #"{"result":"success","data":[{"company_ne_id":"NE0000042","company_name":"さくら商店"}]}"#
        var response = HTTPResponse(status: 200, body: Array(body.utf8))
        let found = dialect.identity(in: Answer(scanning: &response, layout: dialect.identity.layout))
        #expect(found == AccountIdentity(id: "NE0000042", name: "さくら商店"))
        #expect(dialect.identity.path == "/api_v1_login_company/info")
        #expect(dialect.identity.parameters.isEmpty)
    }

    @Test
    func `the sign-in address never carries the client's secret`() {
        let url = dialect.signIn.url(
            account: account(["redirect_uri": "https://localhost:3000/callback"]), nonce: "N")
        #expect(
            url == "https://base.next-engine.org/users/sign_in/?client_id=CID"
                + "&redirect_uri=https%3A%2F%2Flocalhost%3A3000%2Fcallback")
    }
}
