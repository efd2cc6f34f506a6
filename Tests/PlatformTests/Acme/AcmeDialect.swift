import HTTP
import JSON
import Sync

/// Keys that a person makes on a page of the shop and that never end.
struct AcmeDialect: Dialect {
    /// Indexes into `envelope`.
    private enum Member { static let code = 0, message = 1, shop = 2, name = 3 }

    let envelope: [[String]] = [["error", "code"], ["error", "message"], ["shop_id"], ["shop_name"]]

    func request(for call: Call, tokens: TokenSet, account: AccountAccess) -> HTTPRequest {
        let query = call.parameters.map { "\($0.name)=\(PercentEncoding.query($0.value))" }.joined(
            separator: "&")
        return HTTPRequest(
            method: call.method, url: account.baseURL + call.path + (query.isEmpty ? "" : "?\(query)"),
            headers: [("X-Acme-Key", tokens.accessToken ?? ""), ("Accept", "application/json")],
            timeoutMilliseconds: Int(account.timeoutSeconds) * 1000,
            maximumResponseBytes: account.maximumResponse)
    }

    /// Acme says `forbidden` with a 400, and everything else with the status that fits.
    func verdict(on answer: Answer) -> Verdict {
        let (code, message) = (answer.text(Member.code), answer.text(Member.message))
        if answer.status == 401 { return .tokenExpired(platformCode: code, message: message) }
        if code == "forbidden" {
            return .failed(Failure(.notPermitted, platformCode: code, message: message))
        }
        guard var failure = Failure.plain(status: answer.status, message: message) else { return .accepted }
        failure.platformCode = code
        return .failed(failure)
    }

    // MARK: Renewal: there is none

    func isRenewalDue(_ tokens: TokenSet, now: Timestamp) -> Bool { false }
    func renewal(of tokens: TokenSet, account: AccountAccess, now: Timestamp) -> HTTPRequest? { nil }

    func renewed(by answer: Answer, old: TokenSet, now: Timestamp) -> Renewal {
        .refused(platformCode: nil, message: nil)
    }

    // MARK: Account

    var identity: Call {
        Call(.get, "/v1/me", layout: PageLayout(envelope: envelope), subject: "the shop")
    }

    func identity(in answer: Answer) -> AccountIdentity? {
        answer.text(Member.shop).map { AccountIdentity(id: $0, name: answer.text(Member.name)) }
    }

    var signIn: any SignIn { AcmeSignIn() }
}
