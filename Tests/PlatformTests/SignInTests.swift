import HTTP
import Platforms
import Testing

@testable import Sync

/// What callbacks must prove, with the vectors of the platforms' own papers.
struct SignInTests {
    private static let shop = AccountAccess(
        connection: "one", baseURL: "https://open001.myshopline.com",
        signInURL: "https://open001.myshopline.com",
        values: [
            "app_key": "demo_app_key_0001", "app_secret": "sl_demo_secret_0123456789abcdef",
            "handle": "open001",
            "redirect_uri": "https://example.com/cb/", "scopes": "read_orders,read_products",
        ], timeoutSeconds: 60, maximumResponse: 1 << 20)
    private static let sent = Timestamp(secondsSinceEpoch: 1_767_225_660)
    private static let plain = "7d9b35cbdd2a9f3013907151dd1481b48e5a4c8e42c8bc9775fbe2ff436454dc"
    private static let decoded = "8a66ba2c3b6de66b5012924548dae09e2622e766ccded6aa7510771d0489735e"
    private static let encoded = "159b14667db9410e26e35754f7f041a1c607c48f8284ced62a34afc83ac78fc0"

    private func signIn(_ id: String) throws -> any SignIn {
        try #require(platforms.first { $0.id == id }).dialect.signIn
    }

    private func flaw(
        of query: String, nonce: String?, at now: Timestamp = sent, on platform: String = "shopline"
    ) throws -> CallbackFlaw? {
        let callback = try #require(Callback("https://example.com/cb/?\(query)"))
        let signIn = try signIn(platform)
        do throws(CallbackFlaw) {
            _ = try signIn.grant(in: callback, account: Self.shop, nonce: nonce, now: now)
            return nil
        } catch {
            return error
        }
    }

    @Test func `SHOPLINE's address has its parameters behind the number sign`() throws {
        #expect(
            try signIn("shopline").url(account: Self.shop, nonce: "n0nce")
                == "https://open001.myshopline.com/admin/oauth-web/#/oauth/authorize?appKey=demo_app_key_0001"
                + "&responseType=code&scope=read_orders%2Cread_products&redirectUri=https%3A%2F%2Fexample.com%2Fcb%2F"
                + "&customField=n0nce")
    }

    @Test(arguments: [(decoded, "sync%20job%2F1"), (encoded, "sync%20job%2F1"), (decoded, "sync+job/1")])
    func `signatures over decoded and over raw values are accepted`(sign: String, field: String) throws {
        let query =
            "appkey=demo_app_key_0001&code=demo-code-7f3a&customField=\(field)&handle=open001"
            + "&timestamp=1767225660000&sign=\(sign)"
        #expect(try flaw(of: query, nonce: "sync job/1") == nil)
    }

    @Test func `the order of parameters and the case of the signature do not matter`() throws {
        let query =
            "sign=\(Self.plain.uppercased())&timestamp=1767225660000&handle=open001&code=demo-code-7f3a"
            + "&appkey=demo_app_key_0001"
        #expect(try flaw(of: query, nonce: "x") == .nonceDiffers("customField"))
        #expect(try flaw(of: query, nonce: nil) == .nothingWaiting)
    }

    @Test(arguments: [Int64(-601), 601, 900, 86_400])
    func `ten minutes in either direction are the limit`(seconds: Int64) throws {
        let query =
            "appkey=demo_app_key_0001&code=demo-code-7f3a&handle=open001&timestamp=1767225660000&sign=\(Self.plain)"
        #expect(
            try flaw(of: query, nonce: "x", at: Self.sent.adding(seconds: seconds))
                == .stale(seconds: seconds))
        let near = seconds.signum() * 600
        #expect(
            try flaw(of: query, nonce: "x", at: Self.sent.adding(seconds: near))
                == .nonceDiffers("customField"))
    }

    @Test func `the first value of a repeated parameter counts, in both forms`() throws {
        let query =
            "appkey=demo_app_key_0001&code=demo-code-7f3a&handle=open001&timestamp=1767225660000&sign=\(Self.plain)"
            + "&code=other&handle=open002"
        #expect(try flaw(of: query, nonce: "x") == .nonceDiffers("customField"))
    }

    @Test func `the account center takes a token from any host that is loopback or its own`() throws {
        #expect(try signIn("account-center").callbackAddress(port: 4711) == "http://localhost:4711/callback")
        #expect(try flaw(of: "userId=u", nonce: nil, on: "account-center") == .missing("token"))
        #expect(try flaw(of: "error=no", nonce: nil, on: "account-center") == .declined("no"))
    }

    @Test(arguments: [
        "", "   ", "https://example.com/", "://?=", "?", "a=b", "x\u{0}=1", "https://e.com/?%zz=%",
    ])
    func `reading a callback is total`(text: String) {
        let callback = Callback(text)
        #expect(callback == nil || callback?.raw.count ?? 0 >= 0)
    }

    @Test func `a callback that is far too long is none`() {
        #expect(Callback("https://e.com/?a=" + String(repeating: "x", count: 20_000)) == nil)
        #expect(Callback("  uid=U-1&state=S-1\r\n")?["state"] == "S-1")
    }
}
