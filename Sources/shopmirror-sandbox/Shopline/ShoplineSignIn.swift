import Digest

extension Shopline {
    /// The authorize page: everything stands behind the `#`, in camelCase; the merchant agrees at once.
    func signIn(_ address: SignInAddress?, account: String?) -> SignInOutcome? {
        guard let address else { return nil }
        if address.host.hasSuffix(".myshopline.com") || address.path.contains("/oauth-web") {
            return authorize(address)
        }
        return nil
    }

    private func authorize(_ address: SignInAddress) -> SignInOutcome {
        guard address.path.hasSuffix("/admin/oauth-web/") else { return .refused("blank page: wrong path") }
        guard address.query.isEmpty else { return .refused("blank page: the query stands before the #") }
        guard address.fragment == "/oauth/authorize" else { return .refused("blank page: wrong fragment") }
        let prefix = address.path.dropLast("/admin/oauth-web/".count).drop { $0 == "/" }
        var handle = prefix.isEmpty ? "open001" : String(prefix)
        if !address.isLoopback {
            guard address.scheme == "https", address.host.hasSuffix(".myshopline.com"), prefix.isEmpty else {
                return .refused("wrong host")
            }
            handle = String(address.host.dropLast(".myshopline.com".count))
        }
        guard let store = store(named: handle) else { return .refused("no such store") }
        let form = SignInForm(
            address.fragmentQuery, required: ["appKey", "responseType", "scope", "redirectUri"],
            optional: ["customField"])
        if let problem = form.problem { return .refused(problem) }
        guard form["appKey"] == Self.appKey else { return .refused("unknown appKey") }
        guard form["responseType"] == "code" else { return .refused("responseType must be code") }
        let scopes = form["scope"].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard scopes.allSatisfy({ ShoplineGrant.allScopes.contains($0) }) else {
            return .refused("scope: comma separated, of " + ShoplineGrant.allScopes.joined(separator: ","))
        }
        guard isRegistered(form["redirectUri"]) else { return .refused("REDIRECT_URI_NOT_WHITELISTED") }
        let code = store.grant.newCode(scopes: scopes, now: clock.seconds)
        return .redirect(callback(form["redirectUri"], store, code, form["customField"]))
    }

    private func isRegistered(_ redirect: String) -> Bool {
        if let only = settings.switches["shopline.redirect-uri"] { return redirect == only }
        return redirect.hasPrefix("https://") || redirect.hasPrefix("http://localhost")
            || redirect.hasPrefix("http://127.0.0.1")
    }

    /// The callback with its signature over every parameter, values decoded, names in order.
    private func callback(_ redirect: String, _ store: ShoplineStore, _ code: String, _ customField: String)
        -> String
    {
        var pairs = [
            ("appkey", Self.appKey), ("code", code), ("handle", store.handle),
            ("timestamp", "\(clock.milliseconds)"),
        ]
        if !customField.isEmpty { pairs.append(("customField", customField)) }
        if settings.isOn("shopline.callback-lang") { pairs.append(("lang", "zh-hant-tw")) }
        let source = pairs.sorted { $0.0 < $1.0 }.map { $0.0 + "=" + $0.1 }.joined(separator: "&")
        let sign = Hex.encode(
            HMACSHA256.authenticationCode(for: Array(source.utf8), key: Array(Self.appSecret.utf8)))
        return SignInForm.extended(redirect, with: pairs + [("sign", sign)])
    }
}
