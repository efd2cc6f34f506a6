import Foundation
import Glibc
import JSON
import Testing

/// `shopmirror authorize`: from the printed address to tokens in the vault.
@Suite(.timeLimit(.minutes(10)))
struct AuthorizeTests {
    let sandbox: SandboxServer
    let work: Workplace

    init() async throws {
        sandbox = try await SandboxServer()
        work = try Workplace(sandbox)
    }

    private func value(_ name: String, in address: String) throws -> String {
        let items = URLComponents(string: address)?.queryItems ?? []
        return try #require(items.first { $0.name == name }?.value, "\(address) has no \(name)")
    }

    // MARK: Every platform

    @Test func `Next Engine is authorized with client and redirect alone`() async throws {
        try work.configure(work.newCompany())
        let address = try await work.signInAddress(of: "tokyo")
        #expect(
            address == "\(sandbox.address)/users/sign_in/?client_id=sandbox-client"
                + "&redirect_uri=https%3A%2F%2Flocalhost%3A3000%2Fcallback")
        let callback = try sandbox.callback(for: address)
        let outcome = try await work.finish("tokyo", with: callback)
        #expect(outcome.exitCode == 0)
        #expect(outcome.stdout.contains("'tokyo' is authorized: Sakura Store (NE0000042)"))
        #expect(outcome.stdout.contains("access token     until "))
        #expect(outcome.stdout.contains("refresh token    until "))
        #expect(try await work.sync().exitCode == 0)
        let account = try sandbox.account("NE0000042", of: "next-engine")
        let pair = [account["access_token"]?.stringValue, account["refresh_token"]?.stringValue]
        #expect(try work.storedTokens(of: "tokyo") == pair)
        let secrets = pair.compactMap { $0 } + ["sandbox-secret", try value("state", in: callback)]
        try work.expectNowhere(secrets, in: [outcome])
    }

    @Test func `SHOPLINE is authorized with a nonce behind the number sign and the scopes that are needed`()
        async throws
    {
        try work.configure(work.newStore())
        let address = try await work.signInAddress(of: "taipei")
        #expect(
            address.hasPrefix(
                "\(sandbox.address)/open001/admin/oauth-web/#/oauth/authorize?appKey=sandbox-app-key&responseType=code"
                    + "&scope=read_store_information%2Cread_orders&redirectUri=https%3A%2F%2Fexample.com%2Fcallback"
                    + "&customField="))
        let callback = try sandbox.callback(for: address)
        let outcome = try await work.finish("taipei", with: callback)
        #expect(outcome.exitCode == 0)
        #expect(outcome.stdout.contains("'taipei' is authorized: 示範商店 open001 (1700000000001)"))
        #expect(outcome.stdout.contains("scopes granted   read_store_information read_orders"))
        #expect(try await work.sync().exitCode == 0)
        let token = try #require(try work.storedTokens(of: "taipei")?[0])
        try work.expectNowhere(
            [token, "sandbox-app-secret", try value("code", in: callback), try value("sign", in: callback)],
            in: [outcome])
    }

    @Test func `SHOPLINE callbacks with further parameters are verified with all of them`() async throws {
        try work.configure(work.newStore())
        try sandbox.control(#"{"op":"switch","name":"shopline.callback-lang","value":"true"}"#)
        #expect(try await work.authorize("taipei").exitCode == 0)
    }

    @Test func `AiHubMix is authorized with a state of its own`() async throws {
        try work.configure(work.aiHubMix())
        let address = try await work.signInAddress(of: "models")
        #expect(
            address.hasPrefix(
                "\(sandbox.address)/api/oauth2/authorize?client_id=sandbox-hub-client"
                    + "&redirect_uri=https%3A%2F%2Fexample.com%2Foauth%2Fcallback&response_type=code"
                    + "&scope=profile%20balance&state="))
        #expect(address.hasSuffix("&auto_authorize=true"))
        let callback = try sandbox.callback(for: address)
        let outcome = try await work.finish("models", with: callback)
        #expect(outcome.exitCode == 0)
        #expect(outcome.stdout.contains("'models' is authorized: mirror-demo (88017)"))
        #expect(try await work.sync().exitCode == 0)
        let tokens = try #require(try work.storedTokens(of: "models")).compactMap { $0 }
        #expect(tokens.count == 2)
        try work.expectNowhere(
            tokens + ["sandbox-hub-secret", try value("code", in: callback)], in: [outcome])
    }

    @Test(arguments: ["", "token", "code"])
    func `the account center is authorized by any of its callbacks`(form: String) async throws {
        try work.configure(work.accountCenter())
        if !form.isEmpty {
            try sandbox.control(#"{"op":"switch","name":"account-center.callback","value":"\#(form)"}"#)
        }
        let address = try await work.signInAddress(of: "staff")
        #expect(
            address
                == "\(sandbox.address)/api/auth/wechat/login?callbackUrl=http%3A%2F%2Flocalhost%3A8976%2Fcallback"
        )
        let outcome = try await work.finish("staff", with: try sandbox.callback(for: address))
        #expect(outcome.exitCode == 0, "\(outcome.stderr)")
        #expect(try await work.sync().exitCode == 0)
        let token = try #require(try work.storedTokens(of: "staff")?[0])
        try work.expectNowhere([token], in: [outcome])
    }

    @Test(arguments: ["guide", "next"])
    func `every documented shape of verify-token is understood`(shape: String) async throws {
        try work.configure(work.accountCenter())
        try sandbox.control(#"{"op":"switch","name":"account-center.verify-shape","value":"\#(shape)"}"#)
        #expect(try await work.authorize("staff").exitCode == 0)
    }

    // MARK: The listener

    @Test func `the browser comes back to a port of this machine and is told what to do next`() async throws {
        try work.configure(work.accountCenter())
        var pair: [Int32] = [0, 0]
        try #require(
            socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &pair) == 0)
        let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
        let started = try work.start(
            ["authorize", "staff", "--listen", "0", "-c", work.path("config.toml")], stdin: null,
            stdout: pair[1])
        close(pair[1])
        close(null)
        let address = await Self.line(from: pair[0])
        let back = try value("callbackUrl", in: address)
        let port = try #require(URLComponents(string: back)?.port)
        #expect(try LoopbackClient.get("/favicon.ico", port: port).hasPrefix("HTTP/1.1 404 "))
        #expect(try LoopbackClient.send("\u{1}\u{2} nonsense\r\n\r\n", port: port).hasPrefix("HTTP/1.1 400 "))
        let callback = try sandbox.callback(for: address)
        let query = try #require(callback.split(separator: "?", maxSplits: 1).last)
        let page = try LoopbackClient.get("/callback?\(query)", port: port)
        #expect(page.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(page.contains("go back to the terminal"))
        #expect(!page.contains(query))
        let outcome = try await started.outcome()
        close(pair[0])
        #expect(outcome.exitCode == 0, "\(outcome.stderr)")
        #expect(try work.storedTokens(of: "staff")?[0] != nil)
    }

    private static func line(from descriptor: Int32) async -> String {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                var text: [UInt8] = []
                var byte: UInt8 = 0
                while read(descriptor, &byte, 1) == 1, byte != 0x0A { text.append(byte) }
                continuation.resume(returning: String(decoding: text, as: UTF8.self))
            }
        }
    }

    @Test func `a registered redirect that leads elsewhere cannot be listened for`() async throws {
        try work.configure(work.newCompany())
        let outcome = try await work.command("authorize", "tokyo", "--listen", "0")
        #expect(outcome.exitCode == 2)
        #expect(outcome.stderr.contains("redirect_uri of 'tokyo' is https://localhost:3000/callback"))
        #expect(!work.exists("private/vault.db"))
    }

    // MARK: Importing

    @Test func `an imported set is asked whose it is, stored, and wins over the config's own`() async throws {
        try work.configure(work.nextEngine())
        let set = #"{"access_token":"NE-ACCESS-1","refresh_token":"NE-REFRESH-1","uid":"U-77"}"#
        let outcome = try await work.run(
            ["authorize", "tokyo", "--import", "-c", work.path("config.toml")], input: set)
        #expect(outcome.exitCode == 0, "\(outcome.stderr)")
        #expect(outcome.stdout.contains("Sakura Store (NE0000042)"))
        try sandbox.control(#"{"op":"expire-access","platform":"next-engine","account":"1"}"#)
        #expect(try await work.sync().exitCode == 0)
        #expect(try await work.sync().exitCode == 0)
        #expect(try sandbox.figure("double_spends", of: "NE0000042", on: "next-engine") == 0)
        try work.expectNowhere(["NE-ACCESS-1", "NE-REFRESH-1"], in: [outcome])
    }

    @Test(arguments: [
        ("[]", "it is no JSON object"),
        (#"{"acces_token":"SECRET-1"}"#, "unknown key 'acces_token'; did you mean"),
        (#"{"access_token":""}"#, "'access_token' is no text"), (#"{"uid":"U-77"}"#, "it holds no token"),
    ])
    func `a token set that cannot be used is refused without quoting it`(set: String, words: String)
        async throws
    {
        try work.configure(work.newCompany())
        let outcome = try await work.run(
            ["authorize", "tokyo", "--import", "-c", work.path("config.toml")], input: set)
        #expect(outcome.exitCode == 2)
        #expect(outcome.stderr.contains(words))
        #expect(!outcome.stderr.contains("SECRET-1"))
    }

    @Test func `tokens of another account are not imported`() async throws {
        try work.configure(work.nextEngine())
        #expect(try await work.sync().exitCode == 0)
        let before = try work.storedTokens(of: "tokyo")
        let set = #"{"access_token":"NE-ACCESS-1-2","refresh_token":"NE-REFRESH-1-2"}"#
        let outcome = try await work.run(
            ["authorize", "tokyo", "--import", "-c", work.path("config.toml")], input: set)
        #expect(outcome.exitCode == 3)
        #expect(outcome.stderr.contains("error [tokyo] identity_mismatch: "))
        #expect(try work.storedTokens(of: "tokyo") == before)
    }

    private func importRefreshToken(_ token: String, hooks: String = "") async throws -> Workplace.Outcome {
        try await work.run(
            ["authorize", "models", "--import", "-c", work.path("config.toml")],
            input: #"{"refresh_token":"\#(token)"}"#, hooks: hooks)
    }

    private var userDoubleSpends: Int64? {
        get throws { try sandbox.figure("double_spends", of: "88017", on: "aihubmix") }
    }

    @Test func `the pair that follows an imported refresh token is kept whatever comes after`() async throws {
        try work.configure(work.aiHubMix())
        try sandbox.fault("status", at: "/api/oauth2/userinfo", #""status":403"#)
        let refused = try await importRefreshToken("HUB-REFRESH-1")
        #expect(refused.exitCode == 1, "\(refused.stderr)")
        #expect(try work.storedTokens(of: "models")?[1]?.hasPrefix("HUB-REFRESH-2") == true)
        #expect(try await work.sync().exitCode == 0)
        #expect(try userDoubleSpends == 0)
    }

    @Test func `a kill before the account is asked for costs no imported pair`() async throws {
        try work.configure(work.aiHubMix())
        let killed = try await importRefreshToken("HUB-REFRESH-1", hooks: "crash=after-vault-commit:1")
        #expect(killed.exit == .killed(9))
        #expect(try sandbox.requests(to: "/api/oauth2/userinfo") == 0)
        #expect(try await work.sync().exitCode == 0)
        #expect(try userDoubleSpends == 0)
    }

    @Test func `another account's refresh token leaves the pair as it was`() async throws {
        try work.configure(work.aiHubMix(user: 1))
        #expect(try await work.sync().exitCode == 0)
        let before = try work.storedTokens(of: "models")
        let outcome = try await importRefreshToken("HUB-REFRESH-1-2")
        #expect(outcome.exitCode == 3)
        #expect(outcome.stderr.contains("error [models] identity_mismatch: "), "\(outcome.stderr)")
        #expect(try work.storedTokens(of: "models") == before)
        #expect(try await work.sync().exitCode == 0)
    }

    @Test func `a pair that still works is not given up for one whose account is not known`() async throws {
        try work.configure(work.aiHubMix(user: 1))
        #expect(try await work.sync().exitCode == 0)
        let before = try work.storedTokens(of: "models")
        try sandbox.fault("status", at: "/api/oauth2/userinfo", #""status":403"#)
        #expect(try await importRefreshToken("HUB-REFRESH-1-2").exitCode == 1)
        #expect(try work.storedTokens(of: "models") == before)
        #expect(try await work.sync().exitCode == 0)
    }

    @Test func `a pair that was spent by the import is not put back`() async throws {
        try work.configure(work.aiHubMix())
        #expect(try await importRefreshToken("HUB-REFRESH-1").exitCode == 0)
        let held = try #require(try work.storedTokens(of: "models")?[1])
        try sandbox.fault("status", at: "/api/oauth2/userinfo", #""status":401,"times":9"#)
        #expect(try await importRefreshToken(held).exitCode == 3)
        #expect(try work.storedTokens(of: "models")?[1]?.hasPrefix("HUB-REFRESH-3") == true)
        try sandbox.control(#"{"op":"clear-faults"}"#)
        #expect(try await work.sync().exitCode == 0)
        #expect(try userDoubleSpends == 0)
    }

    @Test func `a pair that comes with a refusal of the import is kept`() async throws {
        try work.configure(work.newCompany())
        try sandbox.control(
            #"{"op":"fault","kind":"status","status":200,"match":"login_company","times":1,"body":"{\"result\":\"error\",\"code\":\"999999\",\"message\":\"m\",\"access_token\":\"NE-ROTATED-A\",\"refresh_token\":\"NE-ROTATED-R\"}"}"#
        )
        let set = #"{"access_token":"NE-ACCESS-1","refresh_token":"NE-REFRESH-1","uid":"U-77"}"#
        let outcome = try await work.run(
            ["authorize", "tokyo", "--import", "-c", work.path("config.toml")], input: set)
        #expect(outcome.exitCode == 1, "\(outcome.stderr)")
        #expect(try work.storedTokens(of: "tokyo") == ["NE-ROTATED-A", "NE-ROTATED-R"])
    }

    @Test func `a signal ends an import with the signal's code, and keeps what it spent`() async throws {
        try work.configure(work.aiHubMix())
        try sandbox.fault("status", at: "/api/oauth2/userinfo", #""status":503,"times":9"#)
        try work.write(#"{"refresh_token":"HUB-REFRESH-1"}"#, to: "set")
        let descriptor = open(work.path("set"), O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        let run = try work.start(
            ["authorize", "models", "--import", "-c", work.path("config.toml")],
            hooks: "stop=after-vault-commit:1",
            stdin: descriptor, stdout: nil)
        #expect(await run.process.next() == .stopped)
        let outcome = try await run.goOn(SIGINT)
        #expect(outcome.exit == .exited(130), "\(outcome.stderr)")
        #expect(try work.storedTokens(of: "models")?[1]?.hasPrefix("HUB-REFRESH-2") == true)
    }
}
