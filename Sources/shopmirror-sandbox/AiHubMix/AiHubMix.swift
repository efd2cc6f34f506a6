/// The simulated AiHubMix.
///
/// Client `sandbox-hub-client` with secret `sandbox-hub-secret`; user 1 has id 88017 and the pair `HUB-ACCESS-1`,
/// `HUB-REFRESH-1`; user n has the suffix `-n` on both.
final class AiHubMix: Simulation {
    static let clientID = "sandbox-hub-client"
    private static let clientSecret = "sandbox-hub-secret"
    private static let codeLife = 600

    let name = "aihubmix"
    private let clock: SandboxClock
    private var settings: Settings
    private let users: [AiHubMixUser]
    private var codes: [String: (user: Int, redirect: String, scopes: [String], end: Int)] = [:]
    private var codeCount = 0

    init(_ settings: Settings, _ clock: SandboxClock) {
        self.settings = settings
        self.clock = clock
        users = (1...max(1, settings.stores)).map {
            AiHubMixUser(number: $0, settings: settings, now: clock.start)
        }
    }

    func serves(_ request: Request) -> Bool { request.path.hasPrefix("/api/oauth2/") }

    func answer(_ request: Request, fault: Fault?) -> Response {
        if fault?.kind == .busy { return Response(status: 503, type: "text/plain", body: []) }
        switch (request.method, request.path) {
        case ("GET", "/api/oauth2/authorize"):
            return SignInPage.answer(signIn(SignInAddress(request), account: nil))
        case ("POST", "/api/oauth2/token"): return token(request)
        case ("GET", "/api/oauth2/userinfo"): return userInfo(request, fault)
        case ("GET", "/api/oauth2/topup"):
            guard user(request) != nil else { return Self.failure(401, "invalid_token") }
            return .json("{\"topup_url\":\"https://pay.example.invalid/t/abc\"}")
        default: return Self.failure(404, "not_found")
        }
    }

    func expireAccess(of account: String?) -> Int {
        meet(account) { $0.grant.expireAccess(now: clock.seconds) }
    }
    func expireRefresh(of account: String?) -> Int {
        meet(account) { $0.grant.expireRefresh(now: clock.seconds) }
    }
    func revoke(_ account: String?) -> Int { meet(account) { $0.grant.revoke() } }

    /// Any change of the one record there is uses some quota.
    func edit(_ resource: String, of account: String?, _ plan: EditPlan) -> Bool {
        guard resource == "user", let user = users.first(where: { isNamed($0, account) }) else {
            return false
        }
        user.use((plan.update + plan.insert) * 123_457)
        return true
    }

    func apply(_ settings: Settings) { self.settings = settings }

    func report(into json: inout JSONText) {
        json.array("accounts") { json in
            for user in users {
                json.object { json in
                    json.member("account", "\(user.identifier)")
                    json.member("access_token", user.grant.access)
                    json.member(
                        "access_token_ends", CivilTime.offsetTime(user.grant.accessEnd, offset: 0, zulu: true)
                    )
                    json.member("refresh_token", user.grant.refresh)
                    json.member(
                        "refresh_token_ends",
                        CivilTime.offsetTime(user.grant.refreshEnd, offset: 0, zulu: true))
                    json.member("scopes", user.grant.scopes)
                    json.member("refreshes", user.grant.refreshes)
                    json.member("logins", user.grant.exchanges)
                    json.member("double_spends", user.grant.doubleSpends)
                    json.member("data_version", user.version)
                }
            }
        }
    }

    /// The consent page; someone is signed in and agrees at once.
    func signIn(_ address: SignInAddress?, account: String?) -> SignInOutcome? {
        guard let address, address.path == "/api/oauth2/authorize" else { return nil }
        guard address.isServed(by: ["api.aihubmix.com", "aihubmix.com"]) else {
            return .refused("wrong host")
        }
        guard address.fragment.isEmpty else { return .refused("nothing belongs behind a #") }
        let form = SignInForm(
            address.query, required: ["client_id", "redirect_uri", "response_type", "state"],
            optional: ["scope", "auto_authorize"])
        if let problem = form.problem { return .refused(problem) }
        guard form["client_id"] == Self.clientID else { return .refused("unknown client_id") }
        guard form["response_type"] == "code" else { return .refused("response_type must be code") }
        let redirect = form["redirect_uri"]
        guard isRegistered(redirect) else { return .refused("redirect_uri is not registered") }
        let words = form["scope"].split(separator: " ").map(String.init)
        guard words.allSatisfy({ ["profile", "balance"].contains($0) }) else {
            return .refused("scope: profile and balance, separated by a space")
        }
        guard form["auto_authorize"].isEmpty || form["auto_authorize"] == "true" else {
            return .refused("auto_authorize must be true")
        }
        if let error = settings.switches["aihubmix.consent-error"] {
            return .redirect(
                SignInForm.extended(redirect, with: [("error", error), ("state", form["state"])]))
        }
        guard let user = users.first(where: { isNamed($0, account) }) else {
            return .refused("no such account")
        }
        codeCount += 1
        var mixer = Mixer(seed: settings.seed, Mixer.salt("hub code"), codeCount)
        let code = "hub-code-\(codeCount)-\(mixer.next(1_000_000_000))"
        codes[code] = (
            user.number, redirect, words.isEmpty ? ["profile"] : words, clock.seconds + Self.codeLife
        )
        return .redirect(SignInForm.extended(redirect, with: [("code", code), ("state", form["state"])]))
    }

    private func isRegistered(_ redirect: String) -> Bool {
        if let only = settings.switches["aihubmix.redirect-uri"] { return redirect == only }
        return redirect.hasPrefix("https://") || redirect.hasPrefix("http://localhost")
            || redirect.hasPrefix("http://127.0.0.1")
    }

    private func isNamed(_ user: AiHubMixUser, _ name: String?) -> Bool {
        name == nil || name == "\(user.identifier)" || name == "\(user.number)"
    }

    private func meet(_ name: String?, _ change: (AiHubMixUser) -> Void) -> Int {
        let met = users.filter { isNamed($0, name) }
        met.forEach(change)
        return met.count
    }

    private func user(_ request: Request) -> AiHubMixUser? {
        guard let token = request.bearer else { return nil }
        return users.first { $0.grant.admits(token, now: clock.seconds) }
    }

    private func userInfo(_ request: Request, _ fault: Fault?) -> Response {
        guard let user = user(request) else { return Self.failure(401, "invalid_token") }
        guard fault?.kind != .notPermitted else { return Self.failure(403, "insufficient_scope") }
        var json = JSONText()
        let status = Int(settings.switches["aihubmix.status"] ?? "") ?? 1
        user.write(into: &json, status: status, textual: settings.isOn("aihubmix.textual-numbers"))
        return Response(status: 200, type: "application/json; charset=utf-8", body: [json.bytes])
    }

    private func token(_ request: Request) -> Response {
        guard request.mediaType == "application/x-www-form-urlencoded", request.query.isEmpty,
            let form = PercentCoding.pairs(String(decoding: request.body, as: UTF8.self))
        else { return Self.failure(400, "invalid_request") }
        func value(_ name: String) -> String { form.last { $0.name == name }?.value ?? "" }
        guard value("client_id") == Self.clientID, value("client_secret") == Self.clientSecret else {
            return Self.failure(401, "invalid_client")
        }
        let now = clock.seconds
        switch value("grant_type") {
        case "authorization_code":
            guard let entry = codes.removeValue(forKey: value("code")), now < entry.end,
                entry.redirect == value("redirect_uri"),
                let user = users.first(where: { $0.number == entry.user })
            else { return Self.failure(400, "invalid_grant") }
            user.grant.login(scopes: entry.scopes, now: now)
            return granted(user, showsRefresh: true)
        case "refresh_token":
            let sent = value("refresh_token")
            let keeps = settings.isOn("aihubmix.keeps-refresh")
            for user in users where user.grant.spend(sent, keepsToken: keeps, now: now) {
                return granted(user, showsRefresh: !keeps)
            }
            return Self.failure(400, "invalid_grant")
        default: return Self.failure(400, "unsupported_grant_type")
        }
    }

    private func granted(_ user: AiHubMixUser, showsRefresh: Bool) -> Response {
        var json = JSONText()
        let textual = settings.isOn("aihubmix.textual-numbers")
        json.object { json in
            json.member("access_token", user.grant.access)
            json.member("token_type", "Bearer")
            if textual {
                json.member("expires_in", "\(AiHubMixGrant.accessLife)")
            } else {
                json.member("expires_in", AiHubMixGrant.accessLife)
            }
            if showsRefresh { json.member("refresh_token", user.grant.refresh) }
            json.member("scope", user.grant.scopes.joined(separator: " "))
        }
        return Response(status: 200, type: "application/json; charset=utf-8", body: [json.bytes])
    }

    private static func failure(_ status: Int, _ name: String) -> Response {
        .json(
            "{\"error\":\"\(name)\",\"error_description\":\"refused by the sandbox\",\"tid\":\"sandbox-tid\"}",
            status: status)
    }
}
