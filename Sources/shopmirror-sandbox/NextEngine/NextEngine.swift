/// The simulated Next Engine.
///
/// Client `sandbox-client` with secret `sandbox-secret`; account 1 is company NE0000042 with the pair
/// `NE-ACCESS-1`, `NE-REFRESH-1` and uid `U-77`; account n (2 and up) has the suffix `-n` on all three and
/// company NE00000(42+n). Every answer to a known account echoes its pair, errors included.
final class NextEngine: Simulation {
    static let clientID = "sandbox-client"
    static let clientSecret = "sandbox-secret"
    private static let stateLife = 300

    let name = "next-engine"
    private let clock: SandboxClock
    private var settings: Settings
    private let accounts: [NextEngineAccount]
    /// One-time codes of the sign-in page: whose they are and when they die.
    private var states: [String: (account: Int, end: Int)] = [:]
    private var stateCount = 0

    init(_ settings: Settings, _ clock: SandboxClock) {
        self.settings = settings
        self.clock = clock
        let now = clock.start
        accounts = (1...max(1, settings.stores)).map {
            NextEngineAccount(number: $0, settings: settings, now: now)
        }
    }

    func serves(_ request: Request) -> Bool {
        request.path.hasPrefix("/api_") || request.path == "/users/sign_in"
            || request.path == "/users/sign_in/"
    }

    func answer(_ request: Request, fault: Fault?) -> Response {
        guard request.path.hasPrefix("/api_") else {
            return SignInPage.answer(signIn(SignInAddress(request), account: nil))
        }
        let path = request.path.hasSuffix("/") ? String(request.path.dropLast()) : request.path
        let isForm = request.method == "POST" && request.mediaType == "application/x-www-form-urlencoded"
        let form = isForm ? PercentCoding.pairs(String(decoding: request.body, as: UTF8.self)) ?? [] : []
        switch path {
        case "/api_neauth": return exchange(form)
        case "/api_app/company": return companies(form)
        default: return call(path, form, fault)
        }
    }

    /// A new one-time code for an account.
    func newState(for account: String?) -> (uid: String, state: String)? {
        guard let found = accounts.first(where: { $0.isNamed(account) }) else { return nil }
        stateCount += 1
        var mixer = Mixer(seed: settings.seed, Mixer.salt("state"), stateCount)
        let state = "S-\(stateCount)-\(mixer.next(1_000_000_000))"
        states[state] = (found.number, clock.seconds + Self.stateLife)
        return (found.user, state)
    }

    /// Whether the app has that callback registered.
    func isRegistered(_ redirect: String) -> Bool {
        if let only = settings.switches["next-engine.redirect-uri"] { return redirect == only }
        return redirect.hasPrefix("https://") || redirect.hasPrefix("http://localhost")
            || redirect.hasPrefix("http://127.0.0.1")
    }

    func expireAccess(of account: String?) -> Int {
        meet(account) { $0.tokens.expireAccess(now: clock.seconds) }
    }
    func expireRefresh(of account: String?) -> Int {
        meet(account) { $0.tokens.expireRefresh(now: clock.seconds) }
    }
    func revoke(_ account: String?) -> Int { meet(account) { $0.tokens.revoke() } }

    func edit(_ resource: String, of account: String?, _ plan: EditPlan) -> Bool {
        guard let found = accounts.first(where: { $0.isNamed(account) }) else { return false }
        return found.edit(resource, plan, now: clock.seconds)
    }

    func apply(_ settings: Settings) {
        self.settings = settings
        for account in accounts { account.settings = settings }
    }

    func report(into json: inout JSONText) {
        json.array("accounts") { json in
            for account in accounts {
                json.object { json in
                    json.member("account", account.company)
                    json.member("uid", account.user)
                    json.member("access_token", account.tokens.access)
                    json.member("refresh_token", account.tokens.refresh)
                    json.member("access_token_end_date", CivilTime.japanese(account.tokens.accessEnd))
                    json.member("refresh_token_end_date", CivilTime.japanese(account.tokens.refreshEnd))
                    json.member("refreshes", account.tokens.rotations)
                    json.member("logins", account.tokens.logins)
                    json.member("double_spends", account.tokens.doubleSpends)
                    json.member("data_version", account.version)
                    json.object("versions") { json in
                        for (name, version) in account.versions { json.member(name, version) }
                    }
                }
            }
        }
    }

    private func meet(_ name: String?, _ change: (NextEngineAccount) -> Void) -> Int {
        let met = accounts.filter { $0.isNamed(name) }
        met.forEach(change)
        return met.count
    }

    private func exchange(_ form: [(name: String, value: String)]) -> Response {
        func value(_ name: String) -> String { form.last { $0.name == name }?.value ?? "" }
        guard !value("uid").isEmpty else { return failure(.uidMissing, nil, sent: nil) }
        guard value("client_id") == Self.clientID, value("client_secret") == Self.clientSecret else {
            return failure(.clientRejected, nil, sent: nil)
        }
        let now = clock.seconds
        if let entry = states.removeValue(forKey: value("state")), entry.end > now,
            let account = accounts.first(where: { $0.number == entry.account }), account.user == value("uid")
        {
            account.tokens.login(now: now)
            return signedIn(account)
        }
        // The harmless try some clients make; refused unless a test asks for it.
        if settings.isOn("next-engine.exchange-takes-refresh"),
            let account = accounts.first(where: { $0.tokens.refresh == value("refresh_token") })
        {
            account.tokens.login(now: now)
            return signedIn(account)
        }
        return failure(.stateRejected, nil, sent: nil)
    }

    private func signedIn(_ account: NextEngineAccount) -> Response {
        var json = JSONText()
        json.object {
            $0.member("result", "success")
            $0.member("uid", account.user)
            $0.member("access_token", account.tokens.access)
            $0.member("refresh_token", account.tokens.refresh)
            $0.member("company_ne_id", account.company)
            $0.member("company_name", account.companyName)
            $0.member("company_kana", "サクラストア")
            $0.member("company_app_header", "<script src=\"https://example.invalid/h.js\"></script>")
            $0.member("pic_ne_id", "P0007")
            $0.member("pic_name", "佐藤 花子")
            $0.member("pic_kana", "サトウ ハナコ")
            $0.member("pic_mail_address", "p@example.invalid")
        }
        return Response(status: 200, type: "application/json; charset=utf-8", body: [json.bytes])
    }

    private func companies(_ form: [(name: String, value: String)]) -> Response {
        func value(_ name: String) -> String { form.last { $0.name == name }?.value ?? "" }
        guard value("client_id") == Self.clientID, value("client_secret") == Self.clientSecret else {
            return failure(.clientRejected, nil, sent: nil)
        }
        var json = JSONText()
        json.object { json in
            json.member("result", "success")
            json.member("count", "\(accounts.count)")
            json.array("data") { json in
                for account in accounts {
                    json.object {
                        $0.member("company_ne_id", account.company)
                        $0.member("company_name", account.companyName)
                    }
                }
            }
        }
        return Response(status: 200, type: "application/json; charset=utf-8", body: [json.bytes])
    }

    private func call(_ path: String, _ form: [(name: String, value: String)], _ fault: Fault?) -> Response {
        let sent = form.last { $0.name == "refresh_token" && !$0.value.isEmpty }?.value
        guard let token = form.last(where: { $0.name == "access_token" })?.value, !token.isEmpty else {
            return failure(.tokenMissing, nil, sent: nil)
        }
        guard let account = accounts.first(where: { $0.tokens.knows(access: token) }) else {
            return failure(.refused, nil, sent: nil)
        }
        let echo: String?
        do throws(NextEngineProblem) {
            echo = try account.tokens.admit(token, refresh: sent, now: clock.seconds)
        } catch {
            return failure(error, nil, sent: nil)
        }
        do throws(NextEngineProblem) {
            return try work(path, form, account, fault, sent: echo)
        } catch {
            return failure(error, account, sent: echo)
        }
    }

    private func work(
        _ path: String, _ form: [(name: String, value: String)], _ account: NextEngineAccount,
        _ fault: Fault?,
        sent: String?
    ) throws(NextEngineProblem) -> Response {
        let denied = (settings.switches["next-engine.not-permitted"] ?? "").split(separator: ",")
        guard fault?.kind != .notPermitted, !denied.contains(where: { path.contains($0) }) else {
            throw .notPermitted
        }
        var hold = 0
        if fault?.kind == .busy {
            guard form.contains(where: { $0.name == "wait_flag" && $0.value == "1" }) else {
                throw .busy(code: fault?.code ?? "003002")
            }
            hold = fault?.milliseconds ?? 300
            if fault?.code == "003001" { throw .busy(code: "003001") }
        }
        var response = try answer(path, form, account, fault?.kind, sent: sent)
        response.holdMilliseconds = hold
        return response
    }

    private func answer(
        _ path: String, _ form: [(name: String, value: String)], _ account: NextEngineAccount,
        _ fault: Fault.Kind?, sent: String?
    ) throws(NextEngineProblem) -> Response {
        if let data = NextEngineLookups.data(path, account: account) {
            return success([Array("\"data\":".utf8), data], account, sent)
        }
        guard let slash = path.lastIndex(of: "/"),
            let entity = (NextEngineMasters.all + NextEngineMovements.all).first(where: {
                $0.path == path[..<slash]
            })
        else { return .html("<html><body>404 Not Found</body></html>", status: 404) }
        let numbers = settings.isOn("next-engine.numbers")
        switch path[path.index(after: slash)...] {
        case "search":
            let search = try NextEngineSearch(entity, of: account, form: form, selects: true)
            let returned = settings.isOn("next-engine.count-returned")
            return success(
                [search.page(fault: fault, numbers: numbers, returnedCount: returned)], account, sent)
        case "count":
            let total = try NextEngineSearch(entity, of: account, form: form, selects: false).total
            let count = numbers ? "\"count\":\(total)" : "\"count\":\"\(total)\""
            return success([Array(count.utf8)], account, sent)
        default: return .html("<html><body>404 Not Found</body></html>", status: 404)
        }
    }

    private func success(_ members: [[UInt8]], _ account: NextEngineAccount, _ sent: String?) -> Response {
        Response(
            status: 200, type: "application/json; charset=utf-8",
            body: [Array("{\"result\":\"success\",".utf8)] + members
                + [Array(("," + pair(account, sent) + "}").utf8)])
    }

    /// The members of the token pair; a call that left the refresh token out gets none back.
    private func pair(_ account: NextEngineAccount, _ sent: String?) -> String {
        let tokens = account.tokens
        var text = "\"access_token\":\"\(tokens.access)\","
        text += "\"access_token_end_date\":\"\(CivilTime.japanese(tokens.accessEnd))\""
        guard let sent else { return text }
        text +=
            ",\"refresh_token\":\"\(sent.filter { $0.isASCII && $0 != "\"" && $0 != "\\" && $0 >= " " })\","
        return text + "\"refresh_token_end_date\":\"\(CivilTime.japanese(tokens.refreshEnd))\""
    }

    private func failure(_ problem: NextEngineProblem, _ account: NextEngineAccount?, sent: String?)
        -> Response
    {
        var result = "error"
        var message = "\"\(problem.message)\""
        switch problem {
        case .browserNeeded: result = "redirect"
        case .expired: result = settings.switches["next-engine.expired-result"] ?? "error"
        case .notPermitted: message = "[{\"message\":\(message)}]"
        default: break
        }
        var text = "{\"result\":\"\(result)\",\"code\":\"\(problem.code)\",\"message\":\(message)"
        if let account { text += "," + pair(account, sent) }
        return .json(text + "}")
    }
}
