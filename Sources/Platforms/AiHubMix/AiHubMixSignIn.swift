import Digest
import HTTP
import Sync

/// The consent page of AiHubMix, an authorization code grant.
struct AiHubMixSignIn: SignIn {
    let dialect: AiHubMixDialect
    let needs = ["redirect_uri"]
    let usesNonce = true

    func url(account: AccountAccess, nonce: String) -> String {
        let parameters = [
            ("client_id", account["client_id"]), ("redirect_uri", account["redirect_uri"]),
            ("response_type", "code"),
            ("scope", "profile balance"), ("state", nonce), ("auto_authorize", "true"),
        ]
        let query = parameters.map { "\($0.0)=\(PercentEncoding.query($0.1))" }.joined(separator: "&")
        return "\(account.signInURL)/api/oauth2/authorize?\(query)"
    }

    func grant(
        in callback: Callback, account: AccountAccess, nonce: String?, now: Timestamp
    ) throws(CallbackFlaw) -> SignInGrant {
        if let error = callback["error"] { throw .declined(error) }
        let state = try callback.required("state")
        let code = try callback.required("code")
        guard let nonce else { throw .nothingWaiting }
        guard constantTimeEquals(Array(state.utf8), Array(nonce.utf8)) else { throw .nonceDiffers("state") }
        return SignInGrant(code: code)
    }

    func exchange(_ grant: SignInGrant, account: AccountAccess, now: Timestamp) -> HTTPRequest? {
        let form = [
            ("grant_type", "authorization_code"), ("code", grant.code ?? ""),
            ("redirect_uri", account["redirect_uri"]),
        ]
        return dialect.token(form, account)
    }

    func exchanged(by answer: Answer, for grant: SignInGrant, now: Timestamp) -> Renewal {
        dialect.renewed(by: answer, old: grant.tokens, now: now)
    }
}
