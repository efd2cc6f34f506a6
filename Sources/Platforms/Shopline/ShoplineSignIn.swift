import Digest
import HTTP
import JSON
import Sync

/// Approving the app in a store.
///
/// Source: <https://developer.shopline.com/docs/apps/api-instructions-for-use/app-authorization>.
struct ShoplineSignIn: SignIn {
    let dialect: ShoplineDialect
    let needs = ["app_key", "app_secret", "redirect_uri"]
    let usesNonce = true

    func url(account: AccountAccess, nonce: String) -> String {
        // The parameters stand behind the '#': the page itself reads them.
        let parameters = [
            ("appKey", account["app_key"]), ("responseType", "code"), ("scope", account["scopes"]),
            ("redirectUri", account["redirect_uri"]), ("customField", nonce),
        ]
        let query = parameters.map { "\($0.0)=\(PercentEncoding.query($0.1))" }.joined(separator: "&")
        return "\(account.signInURL)/admin/oauth-web/#/oauth/authorize?\(query)"
    }

    func grant(
        in callback: Callback, account: AccountAccess, nonce: String?, now: Timestamp
    ) throws(CallbackFlaw) -> SignInGrant {
        let code = try callback.required("code")
        let sign = try callback.required("sign")
        let stamp = try callback.required("timestamp")
        guard try callback.required("appkey") == account["app_key"] else {
            throw .foreign(name: "appkey", expected: account["app_key"])
        }
        guard try callback.required("handle").lowercased() == account["handle"].lowercased() else {
            throw .foreign(name: "handle", expected: account["handle"])
        }
        guard isSigned(callback, sign, secret: account["app_secret"]) else { throw .badSignature }
        guard let time = Timestamp(stamp, zone: .unix) else { throw .missing("timestamp") }
        let age = now.secondsSinceEpoch - time.secondsSinceEpoch
        guard age.magnitude <= 600 else { throw .stale(seconds: age) }
        guard let nonce else { throw .nothingWaiting }
        guard constantTimeEquals(Array((callback["customField"] ?? "").utf8), Array(nonce.utf8)) else {
            throw .nonceDiffers("customField")
        }
        return SignInGrant(code: code)
    }

    /// Over every parameter but `sign`, by name: the decoded values, or the ones that stand in the address.
    private func isSigned(_ callback: Callback, _ sign: String, secret: String) -> Bool {
        let decoded = callback.items.filter { $0.key != "sign" }.map { (name: $0.key, value: $0.value) }
        let raw = callback.raw.filter { $0.name != "sign" }
        let given = Array(sign.lowercased().utf8)
        return [decoded, raw].map { pairs in
            let sorted = pairs.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            let source = sorted.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
            let code = HMACSHA256.authenticationCode(for: Array(source.utf8), key: Array(secret.utf8))
            return constantTimeEquals(Array(Hex.encode(code).utf8), given)
        }.contains(true)
    }

    func exchange(_ grant: SignInGrant, account: AccountAccess, now: Timestamp) -> HTTPRequest? {
        // Signed and sent are the same bytes.
        let body = JSONWriter.bytes(.members(("code", .string(grant.code ?? ""))))
        return dialect.signed("/admin/oauth/token/create", body: body, account: account, now: now)
    }

    func exchanged(by answer: Answer, for grant: SignInGrant, now: Timestamp) -> Renewal {
        dialect.renewed(by: answer, old: grant.tokens, now: now)
    }
}
