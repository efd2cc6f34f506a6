import Digest
import HTTP
import JSON
import Testing

@testable import Platforms
@testable import Sync

/// The example exchanges of SHOPLINE, in both forms wherever the sources disagree.
struct ShoplineDialectTests {
    private let dialect = ShoplineDialect()
    private let now = Timestamp(secondsSinceEpoch: 1_767_258_000)
    private let tokens = TokenSet(accessToken: "DEMO.TOKEN.A")

    private func account(_ values: [String: String] = [:]) -> AccountAccess {
        AccountAccess(
            connection: "taipei", baseURL: "https://open001.myshopline.com",
            signInURL: "https://open001.myshopline.com",
            values: [
                "handle": "open001", "api_version": "v20260901", "app_key": "demo_app_key_0001",
                "app_secret": "sl_demo_secret_0123456789abcdef",
            ].merging(values) { _, new in new }, timeoutSeconds: 60, maximumResponse: 1 << 20)
    }

    private func answer(_ body: String, status: Int = 200, headers: [(String, String)] = []) -> Answer {
        Answers.make(body, dialect, status: status, headers: headers)
    }

    // MARK: Requests

    @Test
    func `a data call carries the bearer and escapes its query`() {
        let call = Call(
            .get, "orders.json",
            parameters: [
                Parameter("status", "any"), Parameter("limit", "2"),
                Parameter("updated_at_min", "2025-12-31T23:55:00+00:00"),
            ], layout: PageLayout(envelope: []), subject: "orders")
        let request = dialect.request(for: call, tokens: tokens, account: account())
        #expect(request.method == .get && request.body == nil)
        #expect(
            request.url == "https://open001.myshopline.com/admin/openapi/v20260901/orders.json"
                + "?status=any&limit=2&updated_at_min=2025-12-31T23%3A55%3A00%2B00%3A00")
        #expect(Sent.header(request, "Authorization") == "Bearer DEMO.TOKEN.A")
        #expect(Sent.header(request, "Content-Type") == "application/json; charset=utf-8")
        #expect(Sent.header(request, "sign") == nil, "data calls are not signed")
    }

    @Test
    func `the platform's own query is used as it is`() {
        let query = "limit=2&page_info=eyJzaW5jZUlkIjoiMSJ9%3D"
        let call = Call(
            .get, "orders.json", parameters: [Parameter("status", "any")], query: query,
            layout: PageLayout(envelope: []), subject: "orders")
        #expect(
            dialect.request(for: call, tokens: tokens, account: account()).url.hasSuffix(
                "/orders.json?\(query)"))
    }

    // MARK: Signatures

    @Test
    func `a renewal signs its timestamp alone and sends no body`() throws {
        let request = try #require(dialect.renewal(of: tokens, account: account(), now: now))
        #expect(request.url == "https://open001.myshopline.com/admin/oauth/token/refresh")
        #expect(request.method == .post && (request.body ?? []).isEmpty)
        #expect(Sent.header(request, "appkey") == "demo_app_key_0001")
        #expect(Sent.header(request, "timestamp") == "1767258000000")
        #expect(
            Sent.header(request, "sign") == "46a201c2593fca02989cb7a5f03a85e3cf97f4f7a8b00ded101886bb507287fe"
        )
    }

    @Test(arguments: [
        (#"{"code":"demo-code-7f3a"}"#, "be5ffaf626345d7e6a86ff89ced5905b8cc9392726e866c6463775b040fae002"),
        (#"{"code": "demo-code-7f3a"}"#, "77c2e50f87714203e5876caca4e0d216235fd7f8ba867f6a8ce3d7b6ded2134c"),
    ])
    func `the very bytes of a body are signed`(body: String, sign: String) {
        let request = dialect.signed(
            "/admin/oauth/token/create", body: Array(body.utf8), account: account(),
            now: Timestamp(secondsSinceEpoch: 1_767_225_665))
        #expect(Sent.header(request, "sign") == sign)
        #expect(request.body == Array(body.utf8))
        #expect(Sent.header(request, "Content-Type") == "application/json")
    }

    @Test(arguments: [
        (
            "appkey=demo_app_key_0001&handle=open001&timestamp=1767225600000",
            "10cea1cb0697a2dc4b99f1fcc161b0b4c1cb277231935d2c64884a2b36bbb8e8"
        ),
        (
            "appkey=demo_app_key_0001&handle=open001&lang=en&timestamp=1767225600000",
            "e9bcff855b2acb705ab0700ec4f2a6bfadb4953294f98ce6c8434957543f328b"
        ),
        (
            "appkey=demo_app_key_0001&code=demo-code-7f3a&handle=open001&timestamp=1767225660000",
            "7d9b35cbdd2a9f3013907151dd1481b48e5a4c8e42c8bc9775fbe2ff436454dc"
        ),
        (
            "appkey=demo_app_key_0001&code=demo-code-7f3a&customField=sync job/1&handle=open001&timestamp=1767225660000",
            "8a66ba2c3b6de66b5012924548dae09e2622e766ccded6aa7510771d0489735e"
        ),
        (
            "appkey=demo_app_key_0001&code=demo-code-7f3a&customField=sync%20job%2F1&handle=open001&timestamp=1767225660000",
            "159b14667db9410e26e35754f7f041a1c607c48f8284ced62a34afc83ac78fc0"
        ),
        ("{}1767258000000", "9d508bcf5cda061b83532d435ba610dbc7d0e7b197df89bd8411e91e729d8a0e"),
        (
            #"{"id":"21070000000000000001","status":"open"}"#,
            "6a0b86df72448e6d646f04cd12756cf76485076451b61a0d7342800370aae821"
        ),
    ])
    func `the published vectors hold`(message: String, sign: String) {
        let key = Array(account()["app_secret"].utf8)
        #expect(Hex.encode(HMACSHA256.authenticationCode(for: Array(message.utf8), key: key)) == sign)
    }

    // MARK: Renewal

    @Test(arguments: [#"200"#, #""200""#])
    func `a token comes with its end, whatever the code's type`(code: String) {
        let body = """
            {"code":\(code),"i18nCode":"SUCCESS","data":{"accessToken":"DEMO.TOKEN.B",\
            "expireTime":"2026-01-01T19:00:00.000+00:00","scope":"read_orders,read_products"}}
            """
        guard case .tokens(let found) = dialect.renewed(by: answer(body), old: tokens, now: now) else {
            return #expect(Bool(false), "no tokens")
        }
        #expect(found.accessToken == "DEMO.TOKEN.B")
        #expect(found.accessExpiresAt?.text == "2026-01-01T19:00:00Z")
        #expect(found.scope == "read_orders,read_products")
    }

    @Test(arguments: [
        (#""2026-01-02""#, "a.b.c", "2026-01-02T00:00:00Z"),
        ("null", "e30.eyJleHAiOjE3NjczMDAwMDB9.x", "2026-01-01T20:40:00Z"),
        ("null", "no-jwt", "2026-01-01T19:00:00Z"),
    ])
    func `a missing end is read from the token, else it is ten hours`(
        end: String, token: String, text: String
    ) {
        let body = #"{"code":200,"data":{"accessToken":"\#(token)","expireTime":\#(end)}}"#
        guard case .tokens(let found) = dialect.renewed(by: answer(body), old: tokens, now: now) else {
            return #expect(Bool(false), "no tokens")
        }
        #expect(found.accessExpiresAt?.text == text)
    }

    @Test(arguments: [
        (
            #"{"code":"500","i18nCode":"SIGN_INVALID_PLACEHOLDER","message":"signature verification failed","data":null}"#,
            "client_rejected"
        ),
        (#"{"code":500,"i18nCode":"STORE_NOT_INSTALL_APP","message":"x","data":null}"#, "refused"),
        (#"{"code":500,"i18nCode":"OAUTH_CODE_INVALID"}"#, "refused"),
        (#"{"code":500,"i18nCode":"REQUEST_FREQUENTLY"}"#, "rate_limited retry"),
        (#"{"code":500,"i18nCode":"TOKEN_CREATE_EXCEPTION"}"#, "server_failed retry"),
        (#"{"code":500,"i18nCode":"REQUEST_NOT_IN_APP_IP_WHITELIST"}"#, "client_rejected"),
        (#"{"code":500,"i18nCode":"APP_AUDIT_NOT_PASS"}"#, "client_rejected"),
        (#"{"code":200,"i18nCode":"SUCCESS","data":{"accessToken":""}}"#, "malformed_response retry"),
    ])
    func `a refusal is judged by its name, under any status`(body: String, word: String) {
        for status in [200, 400, 401, 403] {
            #expect(dialect.renewed(by: answer(body, status: status), old: tokens, now: now).word == word)
        }
    }

    @Test(arguments: [
        (503, "server_failed retry"), (429, "rate_limited retry"), (200, "malformed_response retry"),
    ])
    func `a renewal without an answer of its own may be tried again`(status: Int, word: String) {
        #expect(
            dialect.renewed(by: answer("<html></html>", status: status), old: tokens, now: now).word == word)
    }

    @Test
    func `renewal is due half an hour ahead, and never without a secret`() {
        var tokens = tokens
        tokens.accessExpiresAt = now.adding(seconds: 1801)
        #expect(!dialect.isRenewalDue(tokens, now: now))
        tokens.accessExpiresAt = now.adding(seconds: 1800)
        #expect(dialect.isRenewalDue(tokens, now: now))
        #expect(dialect.isRenewalDue(TokenSet(), now: now))
        #expect(dialect.renewal(of: tokens, account: account(["app_secret": ""]), now: now) == nil)
    }

    // MARK: Verdicts

    @Test(arguments: [
        (200, #"{"orders":[]}"#, "accepted"), (401, #"{"errors":"ACCESS_TOKEN is invalid!"}"#, "expired"),
        (403, #"{"errors":"ACCESS_TOKEN is no permission!"}"#, "not_permitted"),
        (429, #"{"errors":"Too many request"}"#, "rate_limited retry"),
        (
            500,
            #"{"errors":"invalid OpenApiOrderSearchReqDTO.Limit: value must be less than or equal to 100"}"#,
            "request_rejected"
        ),
        (500, #"{"errors":"fulfillment status value is illegal"}"#, "request_rejected"),
        (500, #"{"errors":"This action requires read_customers scope"}"#, "not_permitted"),
        (500, #"{"errors":"oops"}"#, "server_failed retry"), (503, "", "server_failed retry"),
        (504, "<html></html>", "server_failed retry"), (404, "<html></html>", "request_rejected"),
        (400, #"{"errors":{"limit":["too large"]}}"#, "request_rejected"),
        (422, #"{"errors":["a","b"]}"#, "request_rejected"), (406, "", "request_rejected"),
        (501, "", "request_rejected"), (402, "", "request_rejected"), (423, "", "request_rejected"),
        (433, "", "rate_limited"), (436, "", "rate_limited"),
    ])
    func `an answer is judged by its status and its words`(status: Int, body: String, word: String) {
        #expect(dialect.verdict(on: answer(body, status: status)).word == word)
    }

    @Test(arguments: [(402, true), (423, true), (433, true), (434, true), (404, false), (422, false)])
    func `a frozen or blocked store is left alone`(status: Int, stops: Bool) {
        #expect(dialect.verdict(on: answer("", status: status)).failure?.stopsConnection == stops)
    }

    @Test(arguments: ["traceId", "traceid", "TRACEID"])
    func `a failure names the trace that support asks for`(header: String) {
        let found = dialect.verdict(
            on: answer(#"{"errors":"no"}"#, status: 403, headers: [(header, "demo-trace-0004")]))
        #expect(found.failure?.message == "no [traceId demo-trace-0004]")
    }

    // MARK: Account

    @Test
    func `the account is the store`() {
        let body = #"{"data":{"id":1700000000001,"name":"示範商店"}}"#
        var response = HTTPResponse(status: 200, body: Array(body.utf8))
        let found = dialect.identity(in: Answer(scanning: &response, layout: dialect.identity.layout))
        #expect(found == AccountIdentity(id: "1700000000001", name: "示範商店"))
    }

    @Test
    func `the sign-in page reads its parameters behind the fragment`() {
        let url = dialect.signIn.url(
            account: account([
                "scopes": "read_orders,read_products", "redirect_uri": "https://example.com/cb/",
            ]),
            nonce: "n0nce")
        #expect(
            url == "https://open001.myshopline.com/admin/oauth-web/#/oauth/authorize?appKey=demo_app_key_0001"
                + "&responseType=code&scope=read_orders%2Cread_products"
                + "&redirectUri=https%3A%2F%2Fexample.com%2Fcb%2F&customField=n0nce")
    }
}
