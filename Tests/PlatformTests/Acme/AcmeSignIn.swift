import HTTP
import Sync

/// A page that shows a key; nothing comes back from it, so the key goes into the config.
struct AcmeSignIn: SignIn {
    let needs: [String] = []
    let usesNonce = false

    func url(account: AccountAccess, nonce: String) -> String { "\(account.signInURL)/settings/keys" }

    func grant(
        in callback: Callback, account: AccountAccess, nonce: String?, now: Timestamp
    ) throws(CallbackFlaw) -> SignInGrant { throw .unreadable }

    func exchange(_ grant: SignInGrant, account: AccountAccess, now: Timestamp) -> HTTPRequest? { nil }

    func exchanged(by answer: Answer, for grant: SignInGrant, now: Timestamp) -> Renewal {
        .refused(platformCode: nil, message: nil)
    }
}
