import HTTP
import JSON
import Sync

/// Bearer tokens of seven days that are never refreshed: a stored password gets the next one.
struct AccountCenterDialect: Dialect {
    /// Indexes into `envelope`.
    private enum Member {
        static let error = 0, errorCode = 1, errorMessage = 2, success = 3, valid = 4, innerValid = 5,
            user = 6
        static let innerUser = 7, token = 8, innerToken = 9, isAdmin = 10
    }

    /// A day ahead.
    ///
    /// Nobody can renew without a password, so a person has two days to sign in.
    private static let margin: Int64 = 86_400
    private static let life: Int64 = 7 * 86_400

    let envelope: [[String]] = [
        ["error"], ["error", "code"], ["error", "message"], ["success"], ["valid"], ["data", "valid"],
        ["userId"],
        ["data", "userId"], ["token"], ["data", "token"], ["isAdmin"],
    ]
    let renewalsPerRun = 1
    let warningSeconds: Int64 = 48 * 3600
    /// Phone numbers and tokens of other people are in them.
    let hidesBodies = true

    func request(for call: Call, tokens: TokenSet, account: AccountAccess) -> HTTPRequest {
        let token = tokens.accessToken ?? ""
        if call.path == Self.verifyPath { return post(call.path, [("token", token)], account) }
        let query = call.parameters.map { "\($0.name)=\(PercentEncoding.query($0.value))" }.joined(
            separator: "&")
        return HTTPRequest(
            method: call.method, url: account.baseURL + call.path + (query.isEmpty ? "" : "?\(query)"),
            headers: [("Authorization", "Bearer \(token)"), ("Accept", "application/json")],
            timeoutMilliseconds: Int(account.timeoutSeconds) * 1000,
            maximumResponseBytes: account.maximumResponse)
    }

    func post(_ path: String, _ members: [(String, String)], _ account: AccountAccess) -> HTTPRequest {
        let body = JSONValue.object(members.map { (key: $0.0, value: JSONValue.string($0.1)) })
        return HTTPRequest(
            method: .post, url: account.baseURL + path,
            headers: [("Content-Type", "application/json"), ("Accept", "application/json")],
            body: JSONWriter.bytes(body), timeoutMilliseconds: Int(account.timeoutSeconds) * 1000,
            maximumResponseBytes: 1 << 20)
    }

    // MARK: Answers

    func verdict(on answer: Answer) -> Verdict {
        let (code, message) = words(answer)
        func failed(_ kind: Problem.Code) -> Verdict {
            .failed(Failure(kind, platformCode: code, message: message))
        }
        switch answer.status {
        case 401: return .tokenExpired(platformCode: code ?? "401", message: message)
        case 403: return failed(.notPermitted)
        // The user's row is gone, or the query failed: the platform says the same in both cases.
        case 404: return failed(.serverFailed)
        case 200..<300 where isFalse(answer, Member.valid) || isFalse(answer, Member.innerValid):
            return .tokenExpired(platformCode: code, message: message)
        case 200..<300 where isFalse(answer, Member.isAdmin): return failed(.notPermitted)
        case 200..<300 where isFalse(answer, Member.success): return failed(.requestRejected)
        default:
            guard var failure = Failure.plain(status: answer.status, message: message) else {
                return .accepted
            }
            failure.platformCode = code
            return .failed(failure)
        }
    }

    private func isFalse(_ answer: Answer, _ member: Int) -> Bool {
        guard member < answer.envelope.count else { return false }
        return answer.envelope[member] == .boolean(false)
    }

    /// `error` is a text or an object; nothing else of the answer is ever quoted.
    private func words(_ answer: Answer) -> (code: String?, message: String?) {
        if case .string(let text) = answer.envelope.first ?? nil, !text.isEmpty { return (nil, text) }
        return (answer.text(Member.errorCode), answer.text(Member.errorMessage))
    }

    // MARK: Renewal

    func canSignInAlone(_ connection: Connection) -> Bool {
        connection.settings["phone_number"] != nil && connection.settings["password"] != nil
    }

    func isRenewalDue(_ tokens: TokenSet, now: Timestamp) -> Bool {
        guard tokens.accessToken != nil, let expiry = expiry(of: tokens) else { return true }
        return now >= expiry.adding(seconds: -Self.margin)
    }

    func expiry(of tokens: TokenSet) -> Timestamp? {
        tokens.accessToken.flatMap { JWT.expiry(of: $0) } ?? tokens.accessExpiresAt
    }

    func renewal(of tokens: TokenSet, account: AccountAccess, now: Timestamp) -> HTTPRequest? {
        guard !account["phone_number"].isEmpty, !account["password"].isEmpty else { return nil }
        let members = [("phoneNumber", account["phone_number"]), ("password", account["password"])]
        return post("/api/auth/password/login", members, account)
    }

    func renewed(by answer: Answer, old: TokenSet, now: Timestamp) -> Renewal {
        let token = answer.text(Member.token) ?? answer.text(Member.innerToken)
        if answer.status == 200, !isFalse(answer, Member.success), let token {
            return .tokens(
                TokenSet(
                    accessToken: token,
                    accessExpiresAt: JWT.expiry(of: token) ?? now.adding(seconds: Self.life)))
        }
        let (code, message) = words(answer)
        func failed(_ kind: Problem.Code, _ retry: Failure.Retry = .never) -> Renewal {
            .failed(Failure(kind, platformCode: code, message: message, retry: retry))
        }
        switch answer.status {
        case 401: return .refused(platformCode: code ?? "401", message: message)
        // An unknown phone number, or a field that is missing: what the config says is wrong.
        case 400, 404: return failed(.clientRejected)
        case 200..<300: return failed(.malformedResponse, .backOff)
        default:
            guard var failure = Failure.plain(status: answer.status, message: message) else {
                return failed(.malformedResponse)
            }
            failure.platformCode = code
            return .failed(failure)
        }
    }

    func signOut(of token: String, account: AccountAccess) -> HTTPRequest? {
        HTTPRequest(
            method: .post, url: account.baseURL + "/api/auth/signout",
            headers: [("Authorization", "Bearer \(token)"), ("Accept", "application/json")],
            timeoutMilliseconds: Int(min(account.timeoutSeconds, 15)) * 1000, maximumResponseBytes: 1 << 20)
    }

    // MARK: Account

    private static let verifyPath = "/api/auth/verify-token"

    var identity: Call {
        Call(.post, Self.verifyPath, layout: PageLayout(envelope: envelope), subject: "the token's owner")
    }

    func identity(in answer: Answer) -> AccountIdentity? {
        guard case .success = answer.page, let id = answer.text(Member.innerUser) ?? answer.text(Member.user)
        else { return nil }
        return AccountIdentity(id: id, name: nil)
    }

    var signIn: any SignIn { AccountCenterSignIn(dialect: self) }
}
