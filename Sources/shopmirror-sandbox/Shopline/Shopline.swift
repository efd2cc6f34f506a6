/// The simulated SHOPLINE Admin Open API.
///
/// App `sandbox-app-key` with secret `sandbox-app-secret`, installed in stores `open001`, `open002` and so on.
/// Store n holds `SL-ACCESS-1-<handle>` (ten hours from the start) and, for a private app, `SL-STATIC-<handle>`.
/// The default store answers at `/admin/…`, each store at `/{handle}/admin/…`.
final class Shopline: Simulation {
    static let appKey = "sandbox-app-key"
    static let appSecret = "sandbox-app-secret"

    let name = "shopline"
    let clock: SandboxClock
    private(set) var settings: Settings
    private let stores: [ShoplineStore]
    private var answers = 0

    init(_ settings: Settings, _ clock: SandboxClock) {
        self.settings = settings
        self.clock = clock
        let now = clock.start
        stores = (1...max(1, settings.stores)).map { ShoplineStore(number: $0, settings: settings, now: now) }
    }

    func serves(_ request: Request) -> Bool { place(request.path) != nil }

    func answer(_ request: Request, fault: Fault?) -> Response {
        answers += 1
        var response: Response
        do throws(ShoplineRefusal) {
            response = try work(request, fault)
        } catch {
            response = Self.failure(error)
        }
        response.headers.append(("traceId", "sandbox-trace-" + CivilTime.padded(answers, 6)))
        return response
    }

    func store(named name: String?) -> ShoplineStore? { stores.first { isNamed($0, name) } }

    func expireAccess(of account: String?) -> Int { meet(account) { $0.grant.expire(now: clock.seconds) } }

    /// There is no refresh token here; what ends is the installation.
    func expireRefresh(of account: String?) -> Int { revoke(account) }

    func revoke(_ account: String?) -> Int { meet(account) { $0.grant.uninstall() } }

    func edit(_ resource: String, of account: String?, _ plan: EditPlan) -> Bool {
        store(named: account)?.edit(resource, plan, now: clock.seconds) ?? false
    }

    func apply(_ settings: Settings) {
        let before = self.settings.switches["shopline.scopes"]
        self.settings = settings
        for store in stores { store.settings = settings }
        guard let scopes = settings.switches["shopline.scopes"], scopes != before else { return }
        for store in stores { store.grant.limit(scopes: scopes.split(separator: ",").map(String.init)) }
    }

    func report(into json: inout JSONText) {
        json.array("accounts") { json in
            for store in stores {
                json.object { json in
                    json.member("account", store.handle)
                    json.member("access_token", store.grant.current)
                    json.member(
                        "access_token_ends",
                        CivilTime.offsetTime(store.grant.currentEnd, offset: 0, zulu: true))
                    json.member("static_token", store.grant.fixed)
                    json.member("installed", store.grant.isInstalled)
                    json.member("scopes", store.grant.scopes)
                    json.member("refreshes", store.grant.refreshes)
                    json.member("creations", store.grant.creations)
                    json.member("rate_refusals", store.bucket.refusals)
                    json.member("data_version", store.version)
                    json.object("versions") { json in
                        for (name, version) in store.versions { json.member(name, version) }
                    }
                }
            }
        }
    }

    private func isNamed(_ store: ShoplineStore, _ name: String?) -> Bool {
        name == nil || store.handle == name
    }

    private func meet(_ name: String?, _ change: (ShoplineStore) -> Void) -> Int {
        let met = stores.filter { isNamed($0, name) }
        met.forEach(change)
        return met.count
    }

    /// The handle and the rest of a path of this platform; the handle is `nil` for the default store.
    private func place(_ path: String) -> (handle: String?, rest: Substring)? {
        if path.hasPrefix("/admin/") { return (nil, path.dropFirst(7)) }
        let words = path.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: true)
        guard words.count == 3, words[1] == "admin", words[0] != "api" else { return nil }
        return (String(words[0]), words[2])
    }

    private func work(_ request: Request, _ fault: Fault?) throws(ShoplineRefusal) -> Response {
        guard let place = place(request.path) else { return Self.notFound }
        guard let store = store(named: place.handle ?? "open001") else { return Self.notFound }
        let words = place.rest.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false).map(
            String.init)
        if words.count == 3, words[0] == "oauth", words[1] == "token",
            ["create", "refresh"].contains(words[2])
        {
            return ShoplineTokenDesk(clock: clock, settings: settings).answer(request, words[2], store)
        }
        guard words.count == 3, words[0] == "openapi", Self.isVersion(words[1]) else { return Self.notFound }
        guard let token = request.bearer, store.grant.admits(token, now: clock.seconds) else { throw .token }
        if settings.limitsRate, !store.bucket.admit(now: clock.milliseconds) { throw .rate }
        guard request.method == "GET" else { throw ShoplineRefusal(status: 405, text: "method not allowed") }
        guard request.mediaType == "application/json" else {
            throw .parameter("Content-Type must be application/json; charset=utf-8")
        }
        if fault?.kind == .busy { return Response(status: 503, type: "text/plain", body: []) }
        let endpoints = ShoplineEndpoints(
            store: store, token: token, version: words[1], request: request, fault: fault?.kind)
        return try endpoints.answer(words[2])
    }

    private static func isVersion(_ word: String) -> Bool {
        word.utf8.count == 9 && word.hasPrefix("v20")
            && word.utf8.dropFirst().allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
    }

    private static var notFound: Response {
        .html(
            "<!DOCTYPE html><html><head><title>404</title></head><body>Not Found</body></html>", status: 404)
    }

    private static func failure(_ refusal: ShoplineRefusal) -> Response {
        // A path nobody serves is answered with a web page.
        guard refusal.text != "Resource not found: " else { return notFound }
        var json = JSONText()
        json.object { $0.member("errors", refusal.text) }
        return Response(status: refusal.status, type: "application/json;charset=UTF-8", body: [json.bytes])
    }
}
