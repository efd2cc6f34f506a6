import HTTP
import Sync

/// Signing in at Next Engine.
///
/// The callback's `state` is half of the credential, valid five minutes, not ours.
struct NextEngineSignIn: SignIn {
    let dialect: NextEngineDialect
    let needs = ["redirect_uri"]
    let usesNonce = false

    func url(account: AccountAccess, nonce: String) -> String {
        "\(account.signInURL)/users/sign_in/?client_id=\(PercentEncoding.query(account["client_id"]))"
            + "&redirect_uri=\(PercentEncoding.query(account["redirect_uri"]))"
    }

    func grant(
        in callback: Callback, account: AccountAccess, nonce: String?, now: Timestamp
    ) throws(CallbackFlaw) -> SignInGrant {
        SignInGrant(
            tokens: TokenSet(uid: try callback.required("uid"), state: try callback.required("state")))
    }

    func exchange(_ grant: SignInGrant, account: AccountAccess, now: Timestamp) -> HTTPRequest? {
        let form = [
            ("uid", grant.tokens.uid ?? ""), ("state", grant.tokens.state ?? ""),
            ("client_id", account["client_id"]),
            ("client_secret", account["client_secret"]),
        ]
        return dialect.post("/api_neauth", form, account, seconds: account.timeoutSeconds)
    }

    func exchanged(by answer: Answer, for grant: SignInGrant, now: Timestamp) -> Renewal {
        let renewal = dialect.renewed(by: answer, old: grant.tokens, now: now)
        guard case .refused(let code, let message) = renewal, let code, code.hasPrefix("001") else {
            return renewal
        }
        return .failed(Failure(.clientRejected, platformCode: code, message: message))
    }
}
