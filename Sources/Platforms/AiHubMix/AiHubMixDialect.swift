import HTTP
import JSON
import Sync

/// Bearer tokens of two hours and a refresh token of thirty days that is replaced whenever it is used.
struct AiHubMixDialect: Dialect {
    /// Indexes into `envelope`.
    private enum Member {
        static let error = 0, description = 1, innerCode = 2, innerMessage = 3, message = 4, success = 5,
            access = 6
        static let refresh = 7, life = 8, scope = 9, trace = 10
    }

    /// Thirty days.
    ///
    /// Source: <https://docs.aihubmix.com/en/api/Auth> (FAQ), read 2026-11-20.
    private static let refreshLife: Int64 = 30 * 86_400

    let envelope: [[String]] = [
        ["error"], ["error_description"], ["error", "code"], ["error", "message"], ["message"], ["success"],
        ["access_token"], ["refresh_token"], ["expires_in"], ["scope"], ["tid"],
    ]
    let renewalsPerRun = 1
    let warningSeconds: Int64 = 7 * 86_400

    func request(for call: Call, tokens: TokenSet, account: AccountAccess) -> HTTPRequest {
        let query = call.parameters.map { "\($0.name)=\(PercentEncoding.query($0.value))" }.joined(
            separator: "&")
        return HTTPRequest(
            method: call.method, url: account.baseURL + call.path + (query.isEmpty ? "" : "?\(query)"),
            headers: [
                ("Authorization", "Bearer \(tokens.accessToken ?? "")"), ("Accept", "application/json"),
            ],
            timeoutMilliseconds: Int(account.timeoutSeconds) * 1000,
            maximumResponseBytes: account.maximumResponse)
    }

    // MARK: Answers

    func verdict(on answer: Answer) -> Verdict {
        let (code, message) = words(answer)
        func failed(_ kind: Problem.Code, stops: Bool = false) -> Verdict {
            .failed(Failure(kind, platformCode: code, message: message, stopsConnection: stops))
        }
        switch answer.status {
        case 401: return .tokenExpired(platformCode: code, message: message)
        case 403 where code?.contains("scope") ?? false: return failed(.notPermitted)
        // A suspended account: nothing of it can be read now.
        case 403: return failed(.requestRejected, stops: true)
        case 200..<300 where isFailure(answer): return failed(.requestRejected)
        default:
            guard var failure = Failure.plain(status: answer.status, message: message) else {
                return .accepted
            }
            failure.platformCode = code
            return .failed(failure)
        }
    }

    private func isFailure(_ answer: Answer) -> Bool {
        if Member.success < answer.envelope.count, case .boolean(false) = answer.envelope[Member.success] {
            return true
        }
        return answer.text(Member.error) != nil
    }

    /// The error's name and its words, in whichever of the documented places they stand.
    private func words(_ answer: Answer) -> (code: String?, message: String?) {
        var name: String?
        if case .string(let text) = answer.envelope.first ?? nil, !text.isEmpty { name = text }
        let code = name ?? answer.text(Member.innerCode)
        let message =
            answer.text(Member.description) ?? answer.text(Member.innerMessage) ?? answer.text(Member.message)
        guard let trace = answer.text(Member.trace), trace.utf8.count <= 100 else { return (code, message) }
        return (code, "\(message ?? "no message") [tid \(trace)]")
    }

    // MARK: Renewal

    /// Five minutes ahead; a token whose end is not known counts as expired.
    func isRenewalDue(_ tokens: TokenSet, now: Timestamp) -> Bool {
        guard tokens.accessToken != nil, let expiry = tokens.accessExpiresAt else { return true }
        return now >= expiry.adding(seconds: -300)
    }

    func renewal(of tokens: TokenSet, account: AccountAccess, now: Timestamp) -> HTTPRequest? {
        guard let refresh = tokens.refreshToken, !refresh.isEmpty else { return nil }
        return token([("grant_type", "refresh_token"), ("refresh_token", refresh)], account)
    }

    func token(_ form: [(String, String)], _ account: AccountAccess) -> HTTPRequest {
        let client = [("client_id", account["client_id"]), ("client_secret", account["client_secret"])]
        return HTTPRequest(
            method: .post, url: account.baseURL + "/api/oauth2/token",
            headers: [("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json")],
            body: FormBody.encode(form + client), timeoutMilliseconds: Int(account.timeoutSeconds) * 1000,
            maximumResponseBytes: 1 << 20)
    }

    func renewed(by answer: Answer, old: TokenSet, now: Timestamp) -> Renewal {
        guard answer.status == 200, !isFailure(answer), let access = answer.text(Member.access) else {
            return refusal(answer)
        }
        var tokens = old
        tokens.accessToken = access
        tokens.accessExpiresAt = answer.text(Member.life).flatMap { Int64($0) }.map {
            now.adding(seconds: $0)
        }
        tokens.scope = answer.text(Member.scope) ?? old.scope
        if let refresh = answer.text(Member.refresh), refresh != old.refreshToken {
            tokens.refreshToken = refresh
            tokens.refreshExpiresAt = now.adding(seconds: Self.refreshLife)
        }
        return .tokens(tokens)
    }

    private func refusal(_ answer: Answer) -> Renewal {
        let (code, message) = words(answer)
        func failed(_ kind: Problem.Code, _ retry: Failure.Retry = .never) -> Renewal {
            .failed(Failure(kind, platformCode: code, message: message, retry: retry))
        }
        switch (code, answer.status) {
        case ("invalid_grant", _): return .refused(platformCode: code, message: message)
        case ("invalid_client", _), ("unauthorized_client", _): return failed(.clientRejected)
        case (nil, 401): return .refused(platformCode: "401", message: message)
        // No JSON at all: a proxy's page, as good as a 5xx.
        case (nil, 200): return failed(.malformedResponse, .backOff)
        case (_, 200): return failed(.requestRejected)
        default:
            guard var failure = Failure.plain(status: answer.status, message: message) else {
                return failed(.malformedResponse, .backOff)
            }
            failure.platformCode = code
            return .failed(failure)
        }
    }

    // MARK: Account

    var identity: Call {
        let layout = PageLayout(
            records: [], form: .object, key: [["id"]], envelope: envelope, maximumRecordBytes: 1 << 20)
        return Call(.get, "/api/oauth2/userinfo", layout: layout, subject: "the user")
    }

    func identity(in answer: Answer) -> AccountIdentity? {
        guard case .success(let page) = answer.page, page.count > 0 else { return nil }
        let id = page.withID(0) { String(decoding: $0, as: UTF8.self) }
        let record = page.withPayload(0) { try? JSONValue.parse(Array($0)) }
        return AccountIdentity(id: id, name: record?["username"]?.stringValue)
    }

    var signIn: any SignIn { AiHubMixSignIn(dialect: self) }
}
