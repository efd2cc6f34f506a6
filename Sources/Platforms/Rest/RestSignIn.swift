import HTTP
import Sync

/// There is no page to sign in at: a person brings tokens along.
struct RestSignIn: SignIn {
    let dialect: RestDialect
    let needs: [String] = []
    let usesNonce = false
    let hasPage = false

    func url(account: AccountAccess, nonce: String) -> String { account.signInURL }

    func grant(
        in callback: Callback, account: AccountAccess, nonce: String?, now: Timestamp
    ) throws(CallbackFlaw) -> SignInGrant { throw .unreadable }

    func exchange(_ grant: SignInGrant, account: AccountAccess, now: Timestamp) -> HTTPRequest? { nil }

    func exchanged(by answer: Answer, for grant: SignInGrant, now: Timestamp) -> Renewal {
        dialect.renewed(by: answer, old: grant.tokens, now: now)
    }
}
