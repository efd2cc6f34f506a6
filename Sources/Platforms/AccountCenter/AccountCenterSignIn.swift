import HTTP
import Sync

/// The WeChat entry.
///
/// Its callback has changed over time: `userId` and `token`, `token` alone, or `code` and `type`.
struct AccountCenterSignIn: SignIn {
    let dialect: AccountCenterDialect
    let needs = ["redirect_uri"]
    let usesNonce = false

    /// `localhost` needs no entry in the server's list of callback hosts.
    func callbackAddress(port: Int) -> String? { "http://localhost:\(port)/callback" }

    func url(account: AccountAccess, nonce: String) -> String {
        "\(account.signInURL)/api/auth/wechat/login?callbackUrl=\(PercentEncoding.query(account["redirect_uri"]))"
    }

    func grant(
        in callback: Callback, account: AccountAccess, nonce: String?, now: Timestamp
    ) throws(CallbackFlaw) -> SignInGrant {
        if let error = callback["error"] { throw .declined(error) }
        if let token = callback["token"] {
            let tokens = TokenSet(
                accessToken: token, accessExpiresAt: JWT.expiry(of: token) ?? now.adding(seconds: 7 * 86_400))
            return SignInGrant(tokens: tokens, accountID: callback["userId"])
        }
        guard let code = callback["code"] else { throw .missing("token") }
        return SignInGrant(code: code, kind: callback["type"] ?? "open")
    }

    func exchange(_ grant: SignInGrant, account: AccountAccess, now: Timestamp) -> HTTPRequest? {
        guard let code = grant.code else { return nil }
        let members = [
            ("code", code), ("type", grant.kind ?? "open"), ("callbackUrl", account["redirect_uri"]),
        ]
        return dialect.post("/api/auth/wechat/login", members, account)
    }

    func exchanged(by answer: Answer, for grant: SignInGrant, now: Timestamp) -> Renewal {
        let renewal = dialect.renewed(by: answer, old: grant.tokens, now: now)
        // Here it is the code that is refused, not the config.
        guard case .failed(let failure) = renewal, failure.code == .clientRejected else { return renewal }
        return .refused(platformCode: failure.platformCode, message: failure.message)
    }
}
