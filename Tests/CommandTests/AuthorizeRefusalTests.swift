import Foundation
import JSON
import Testing

/// Callbacks that are forged, stale or meant for somebody else, and what a wrong secret looks like.
@Suite(.timeLimit(.minutes(10)))
struct AuthorizeRefusalTests {
    let sandbox: SandboxServer
    let work: Workplace

    init() async throws {
        sandbox = try await SandboxServer()
        work = try Workplace(sandbox)
    }

    private func expectRefused(
        _ id: String, _ callback: String, _ words: String, code: Int32 = 3, hooks: String = ""
    ) async throws {
        let before = try work.storedTokens(of: id)
        let outcome = try await work.finish(id, with: callback, hooks: hooks)
        #expect(outcome.exitCode == code)
        #expect(outcome.stderr.contains(words), "\(outcome.stderr)")
        #expect(try work.storedTokens(of: id) == before)
    }

    // MARK: SHOPLINE

    @Test func `a forged callback names the check that failed and leaves the sign-in open`() async throws {
        try work.configure(work.newStore())
        let callback = try sandbox.callback(for: try await work.signInAddress(of: "taipei"))
        let checks = [
            (callback.replacing("handle=open001", with: "handle=open002"), "'handle' is not 'open001'"),
            (
                callback.replacing("appkey=sandbox-app-key", with: "appkey=other"),
                "'appkey' is not '"
            ),
            (callback.replacing("code=code", with: "code=c0de"), "its signature is wrong"),
            (callback.replacing("customField=", with: "customField=0"), "its signature is wrong"),
            (callback + "&extra=1", "its signature is wrong"),
            (callback.replacing("&sign=", with: "&other="), "'sign' is missing"),
            ("https://example.com/callback", "it is no address with parameters"),
            ("\u{0}\u{FFFD}%%%", "it is no address with parameters"),
        ]
        for (forged, words) in checks { try await expectRefused("taipei", forged, words) }
        #expect(try await work.finish("taipei", with: callback).exitCode == 0)
        // It worked once; nothing waits for it now.
        try await expectRefused("taipei", callback, "no sign-in is waiting")
    }

    @Test func `the callback of an earlier address is not taken for the newer one's`() async throws {
        try work.configure(work.newStore())
        let callback = try sandbox.callback(for: try await work.signInAddress(of: "taipei"))
        _ = try await work.signInAddress(of: "taipei")
        try await expectRefused("taipei", callback, "'customField' is not the one that was sent along")
    }

    @Test func `an old callback is stale, and a wrong clock is told apart from it`() async throws {
        try work.configure(work.newStore())
        let callback = try sandbox.callback(for: try await work.signInAddress(of: "taipei"))
        try sandbox.control(#"{"op":"clock","advance_seconds":700}"#)
        try await expectRefused(
            "taipei", callback, "more than ten minutes. Nothing was changed.\n", hooks: "clock=700")
        let other = try sandbox.callback(for: try await work.signInAddress(of: "taipei", hooks: "clock=1600"))
        try await expectRefused(
            "taipei", other, "This machine's clock is 15m", hooks: "clock=1600")
        try await expectRefused("taipei", other, "timedatectl set-ntp true", hooks: "clock=1600")
    }

    @Test func `a wrong app secret fails the signature and names the key`() async throws {
        try work.configure(work.newStore(secret: "sandbox-app-secreT"))
        let callback = try sandbox.callback(for: try await work.signInAddress(of: "taipei"))
        try await expectRefused("taipei", callback, "check app_secret under [connections.taipei]")
    }

    @Test func `a private app has nothing to authorize`() async throws {
        try work.configure(work.privateApp())
        let outcome = try await work.command("authorize", "taipei", "--print-url")
        #expect(outcome.exitCode == 2)
        #expect(outcome.stderr.contains("there is nothing to authorize"))
        #expect(outcome.stderr.contains("set it as access_token under [connections.taipei]"))
    }

    @Test(arguments: [
        ("OAUTH_CODE_INVALID", Int32(3)), ("APP_AUDIT_NOT_PASS", 1), ("STORE_INFORMATION_ERROR", 1),
    ])
    func `the platform's own name for a refused exchange is shown`(name: String, code: Int32) async throws {
        try work.configure(work.newStore())
        let callback = try sandbox.callback(for: try await work.signInAddress(of: "taipei"))
        try sandbox.control(#"{"op":"switch","name":"shopline.token-error","value":"\#(name)"}"#)
        try await expectRefused("taipei", callback, name, code: code)
    }

    @Test func `scopes that were not granted are named`() async throws {
        try work.configure(work.newStore("taipei", "scopes = [\"read_store_information\"]"))
        let outcome = try await work.authorize("taipei")
        #expect(outcome.exitCode == 0)
        #expect(outcome.stderr.contains("warning [taipei] not granted: read_orders"))
    }

    // MARK: Next Engine

    @Test func `a used or old state is refused in the platform's words`() async throws {
        try work.configure(work.newCompany())
        let callback = try sandbox.callback(for: try await work.signInAddress(of: "tokyo"))
        #expect(try await work.finish("tokyo", with: callback).exitCode == 0)
        try await expectRefused("tokyo", callback, "127.0.0.1 refused the sign-in of 'tokyo' (code ")
        let other = try sandbox.callback(for: try await work.signInAddress(of: "tokyo"))
        try sandbox.control(#"{"op":"clock","advance_seconds":400}"#)
        try await expectRefused("tokyo", other, "refused the sign-in of 'tokyo'")
        try await expectRefused("tokyo", "https://localhost:3000/callback?uid=U-77", "'state' is missing")
    }

    @Test func `a wrong client secret is the config's fault`() async throws {
        try work.configure(work.newCompany(secret: "wrong-secret"))
        let callback = try sandbox.callback(for: try await work.signInAddress(of: "tokyo"))
        try await expectRefused("tokyo", callback, "error [tokyo] client_rejected: ", code: 1)
    }

    @Test func `another company than the mirror's is not let in`() async throws {
        try work.configure(work.nextEngine())
        #expect(try await work.sync().exitCode == 0)
        let callback = try sandbox.callback(for: try await work.signInAddress(of: "tokyo"), account: "2")
        try await expectRefused("tokyo", callback, "error [tokyo] identity_mismatch: ")
    }

    // MARK: AiHubMix

    @Test func `a refused consent, a foreign state and a late code are told apart`() async throws {
        try work.configure(work.aiHubMix())
        let callback = try sandbox.callback(for: try await work.signInAddress(of: "models"))
        try await expectRefused(
            "models", callback.replacing("&state=", with: "&state=0"),
            "'state' is not the one that was sent along")
        try sandbox.control(#"{"op":"clock","advance_seconds":700}"#)
        try await expectRefused("models", callback, "code invalid_grant")
        try sandbox.control(#"{"op":"switch","name":"aihubmix.consent-error","value":"access_denied"}"#)
        let denied = try sandbox.callback(for: try await work.signInAddress(of: "models"))
        try await expectRefused("models", denied, "the platform answered 'access_denied'")
    }

    @Test func `a wrong hub secret is the config's fault`() async throws {
        try work.configure(work.aiHubMix(secret: "wrong-secret"))
        let callback = try sandbox.callback(for: try await work.signInAddress(of: "models"))
        try await expectRefused("models", callback, "client_rejected: ", code: 1)
    }

    // MARK: Account center

    @Test func `a callback that names another user than its token is not believed`() async throws {
        try work.configure(work.accountCenter())
        let callback = try sandbox.callback(for: try await work.signInAddress(of: "staff"))
        let start = try #require(callback.range(of: "userId="))
        var forged = callback
        forged.replaceSubrange(start, with: "userId=0")
        try await expectRefused("staff", forged, "the token is another account's than its 'userId' says")
        try await expectRefused(
            "staff", "http://localhost:8976/callback?token=not.a.token", "needs_authorization")
    }

    // MARK: The command line

    @Test func `a callback on the command line is refused and not repeated`() async throws {
        try work.configure(work.newCompany())
        let secret = "https://localhost:3000/callback?uid=U-77&state=SECRET-STATE"
        for words in [["tokyo", "--callback", secret], ["tokyo", secret]] {
            let outcome = try await work.run(
                ["authorize", "-c", work.path("config.toml")] + words, input: "")
            #expect(outcome.exitCode == 2)
            #expect(!outcome.stderr.contains("SECRET-STATE"))
        }
    }

    @Test func `one account may be authorized under two connections`() async throws {
        try work.configure(work.newCompany("tokyo"), work.newCompany("osaka"))
        #expect(try await work.authorize("tokyo").exitCode == 0)
        #expect(try await work.authorize("osaka").exitCode == 0)
        #expect(try work.storedTokens(of: "osaka") != nil)
        let outcome = try await work.command("authorize", "tokio", "--print-url")
        #expect(outcome.exitCode == 2)
        #expect(outcome.stderr.contains("did you mean 'tokyo'?"))
    }
}
