/// The simulated account center.
///
/// User 1 signs in with phone 19900000001 and password `sandbox-password`; user 2, phone 19900000002 and password
/// `sandbox-admin`, is the administrator. Tokens come from signing in; the state report shows the latest.
final class AccountCenter: Simulation {
    private static let passwords = [1: "sandbox-password", 2: "sandbox-admin"]
    private static let administrator = 2

    let name = "account-center"
    private let clock: SandboxClock
    private(set) var settings: Settings
    private(set) var people: AccountCenterPeople
    private var desk: AccountCenterDesk
    private var codes: [String: Int] = [:]
    private var codeCount = 0
    private var editCount = 0
    private var shuffles = 0
    private var writes = 0
    private var logins = 0

    init(_ settings: Settings, _ clock: SandboxClock) {
        self.settings = settings
        self.clock = clock
        people = AccountCenterPeople(settings: settings)
        desk = AccountCenterDesk(seed: settings.seed)
        // Older sessions, one of them already over.
        for (user, age) in [(1, 900_000), (1, 86_400), (2, 86_400), (3, 3600)] {
            _ = desk.issue(to: user, name: people.name(user), at: clock.start - age)
        }
    }

    func serves(_ request: Request) -> Bool {
        request.path.hasPrefix("/api/auth/") || request.path.hasPrefix("/api/admin/")
            || request.path == "/health"
    }

    func answer(_ request: Request, fault: Fault?) -> Response {
        guard request.header("origin") == nil else { return Self.failure(403, "来源不被允许") }
        if fault?.kind == .busy { return Self.failure(503, "服务繁忙") }
        if fault?.kind == .notPermitted { return denied(nil) }
        switch (request.method, request.path) {
        case ("GET", "/health"): return .json("{\"status\":\"ok\",\"service\":\"auth-center\"}")
        case ("GET", "/api/auth/wechat/login"):
            return SignInPage.answer(signIn(SignInAddress(request), account: nil))
        case ("POST", "/api/auth/wechat/login"): return exchange(request)
        case ("POST", "/api/auth/verify-token"): return verify(request)
        case ("GET", "/api/auth/user-info"): return userInfo(request)
        case ("GET", "/api/auth/sessions"): return sessions(request)
        case ("POST", "/api/auth/password/login"): return login(request)
        case ("POST", "/api/auth/signout"): return signOut(request)
        case ("GET", "/api/admin/users"): return users(request)
        case ("GET", "/api/admin/verify"): return verifyAdministrator(request)
        case ("POST", "/api/admin/set-phone-password"):
            writes += 1
            return .json("{\"success\":true}")
        default: return .plain("404 page not found", status: 404)
        }
    }

    func expireAccess(of account: String?) -> Int { meet(account) { desk.expire($0, now: clock.seconds) } }
    func expireRefresh(of account: String?) -> Int { expireAccess(of: account) }
    func revoke(_ account: String?) -> Int { meet(account) { desk.revoke($0) } }

    func edit(_ resource: String, of account: String?, _ plan: EditPlan) -> Bool {
        guard resource == "users" else { return false }
        editCount += 1
        var mixer = Mixer(seed: settings.seed, Mixer.salt("people edit"), editCount)
        people.table.edit(plan, now: clock.seconds, &mixer)
        for _ in 0..<plan.insert {
            let number = (people.table.rows.last?.identifier ?? 0) + 1
            people.table.insert(RecordRow(identifier: number, created: clock.seconds, updated: clock.seconds))
        }
        return true
    }

    func apply(_ settings: Settings) { self.settings = settings }

    func report(into json: inout JSONText) {
        json.member("logins", logins)
        json.member("sign_outs", desk.signOuts)
        json.member("writes", writes)
        json.member("data_version", people.table.version)
        json.array("accounts") { json in
            for user in [1, Self.administrator] {
                let own = desk.sessions.filter { $0.user == user }
                json.object {
                    $0.member("account", people.name(user))
                    $0.member("phone", people.phone(user))
                    $0.member("sessions", own.count { $0.isAlive })
                    $0.member("access_token", own.last?.token)
                    $0.member(
                        "access_token_ends",
                        own.last.map { CivilTime.offsetTime($0.end, offset: 0, zulu: true) })
                }
            }
        }
    }

    func user(named name: String) -> Int? {
        people.table.rows.first { row in
            let number = row.identifier
            return "\(number)" == name || people.name(number) == name || people.phone(number) == name
        }?.identifier
    }

    private func meet(_ name: String?, _ change: (Int) -> Void) -> Int {
        guard let name else {
            people.table.rows.forEach { change($0.identifier) }
            return people.table.rows.count
        }
        guard let user = user(named: name) else { return 0 }
        change(user)
        return 1
    }

    func newSession(_ user: Int) -> AccountCenterSession {
        people.logins[user] = clock.seconds
        shuffles += 1
        logins += 1
        return desk.issue(to: user, name: people.name(user), at: clock.seconds)
    }

    /// A code for the older callback, exchanged later for a token.
    func newCode(_ user: Int) -> String {
        codeCount += 1
        codes["wx-code-\(codeCount)"] = user
        return "wx-code-\(codeCount)"
    }

    private func session(_ request: Request) -> AccountCenterSession? {
        request.bearer.flatMap { desk.session($0, now: clock.seconds) }
    }

    private func body(_ request: Request) -> JSONValue? {
        guard request.mediaType == "application/json", let value = JSONReader.value(request.body),
            value.isObject
        else {
            return nil
        }
        return value
    }

    private func exchange(_ request: Request) -> Response {
        guard let code = body(request)?["code"]?.text, let user = codes.removeValue(forKey: code),
            let row = people.table.row(user)
        else { return Self.failure(400, "微信授权失败") }
        let session = newSession(user)
        var json = JSONText()
        json.object { json in
            json.member("success", true)
            json.member("token", session.token)
            json.member("userId", people.name(user))
            json.key("data")
            people.writeSelf(row, into: &json)
        }
        return Self.success(json)
    }

    private func verify(_ request: Request) -> Response {
        guard let token = body(request)?["token"], token.isString, let text = token.text, !text.isEmpty else {
            return Self.failure(400, "缺少 token")
        }
        guard let session = desk.session(text, now: clock.seconds), session.isAlive else {
            return settings.switches["account-center.verify-shape"] == "next"
                ? .json(
                    "{\"success\":false,\"error\":{\"code\":\"TOKEN_INVALID\",\"message\":\"无效\"}}",
                    status: 401)
                : Self.failure(401, "token 无效或已过期")
        }
        let user = people.name(session.user)
        switch settings.switches["account-center.verify-shape"] {
        case "guide": return .json("{\"valid\":true,\"userId\":\"\(user)\"}")
        case "next": return .json("{\"success\":true,\"data\":{\"valid\":true,\"userId\":\"\(user)\"}}")
        default:
            let union = people.unionID(session.user)
            return .json("{\"success\":true,\"data\":{\"userId\":\"\(user)\",\"unionId\":\"\(union)\"}}")
        }
    }

    /// Looks at the signature and the time only, like the two below it.
    private func userInfo(_ request: Request) -> Response {
        guard let session = session(request) else { return Self.failure(401, "未授权") }
        guard let row = people.table.row(session.user) else { return Self.failure(404, "用户不存在") }
        var json = JSONText()
        json.object { json in
            json.member("success", true)
            json.key("data")
            people.writeSelf(row, into: &json)
        }
        return Self.success(json)
    }

    private func sessions(_ request: Request) -> Response {
        guard let session = session(request) else { return Self.failure(401, "未授权") }
        var json = JSONText()
        json.object { json in
            json.member("success", true)
            json.object("data") { json in
                json.array("sessions") { json in
                    for own in living(session.user) { people.write(own, into: &json) }
                }
            }
        }
        return Self.success(json)
    }

    private func living(_ user: Int) -> [AccountCenterSession] {
        desk.sessions.filter { $0.user == user && $0.isAlive }.sorted { $0.created > $1.created }
    }

    private func login(_ request: Request) -> Response {
        guard let body = body(request), let phone = body["phoneNumber"], let password = body["password"],
            phone.isString, password.isString, let number = phone.text, let word = password.text,
            !number.isEmpty,
            !word.isEmpty
        else { return Self.failure(400, "缺少手机号或密码") }
        guard let user = people.number(phone: number) else { return Self.failure(404, "用户不存在") }
        guard Self.passwords[user] == word else { return Self.failure(401, "密码错误") }
        let session = newSession(user)
        let pair = "\"token\":\"\(session.token)\",\"userId\":\"\(people.name(user))\""
        let isNested = settings.switches["account-center.verify-shape"] == "next"
        return .json(isNested ? "{\"success\":true,\"data\":{\(pair)}}" : "{\"success\":true,\(pair)}")
    }

    private func signOut(_ request: Request) -> Response {
        guard let token = request.bearer else { return Self.failure(400, "缺少 Authorization") }
        desk.signOut(token)
        return .json("{\"success\":true}")
    }

    private func verifyAdministrator(_ request: Request) -> Response {
        guard let session = session(request) else { return Self.failure(401, "未授权") }
        guard session.user == Self.administrator else { return denied(session.user) }
        return .json("{\"success\":true,\"isAdmin\":true,\"userId\":\"\(people.name(session.user))\"}")
    }

    private func users(_ request: Request) -> Response {
        guard let session = session(request) else { return Self.failure(401, "未授权") }
        guard session.user == Self.administrator else { return denied(session.user) }
        let pairs = PercentCoding.pairs(request.query) ?? []
        func number(_ name: String, _ fallback: Int, _ range: ClosedRange<Int>) -> Int {
            let value = pairs.first { $0.name == name }.flatMap { Int($0.value) } ?? fallback
            return range.contains(value) ? value : fallback
        }
        let page = number("page", 1, 1...1_000_000)
        let size = number("pageSize", 10, 1...100)
        if settings.isOn("account-center.unstable") { shuffles += 1 }
        let rows = people.table.rows.map { row -> (Int, RecordRow) in
            var mixer = Mixer(seed: settings.seed, 68, row.identifier, shuffles)
            return (mixer.next(1_000_000_000), row)
        }.sorted { $0.0 < $1.0 }
        let start = min((page - 1) * size, rows.count)
        var json = JSONText(capacity: 65_536)
        json.object { json in
            json.member("success", true)
            json.object("data") { json in
                json.array("users") { json in
                    for (_, row) in rows[start..<min(start + size, rows.count)] {
                        people.writeFull(row, sessions: living(row.identifier), into: &json)
                    }
                }
                json.object("statistics") {
                    $0.member("total", rows.count)
                    $0.member("withPassword", 0)
                    $0.member("wechatLogin", rows.count)
                }
                json.object("pagination") {
                    $0.member("total", rows.count)
                    $0.member("page", page)
                    $0.member("pageSize", size)
                }
            }
        }
        return Self.success(json)
    }

    private func denied(_ user: Int?) -> Response {
        let union = people.unionID(user ?? 1)
        var response = Response.json(
            "{\"success\":false,\"error\":\"没有管理员权限\",\"debug\":{\"yourUnionId\":\"\(union)\",\"adminUnionId\":\"\(people.unionID(Self.administrator))\"}}",
            status: 403)
        response.headers.append(("X-Debug-Union-Id", union))
        return response
    }

    private static func success(_ json: JSONText) -> Response {
        Response(status: 200, type: "application/json; charset=utf-8", body: [json.bytes])
    }

    private static func failure(_ status: Int, _ text: String) -> Response {
        .json("{\"success\":false,\"error\":\"\(text)\"}", status: status)
    }
}
