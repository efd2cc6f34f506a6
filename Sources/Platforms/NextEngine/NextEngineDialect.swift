import HTTP
import JSON
import Sync

/// Form posts that carry both tokens, and answers of which every one may bring a new pair.
struct NextEngineDialect: Dialect {
    /// Indexes into `envelope`.
    private enum Member {
        static let result = 0, code = 1, message = 2, access = 3, refresh = 4, accessEnd = 5, refreshEnd = 6,
            uid = 7
    }

    let envelope: [[String]] = [
        ["result"], ["code"], ["message"], ["access_token"], ["refresh_token"], ["access_token_end_date"],
        ["refresh_token_end_date"], ["uid"],
    ]
    let rotatesOnAnyAnswer = true
    let listingMethod = HTTPRequest.Method.post

    func request(for call: Call, tokens: TokenSet, account: AccountAccess) -> HTTPRequest {
        var form: [(String, String)] = []
        if let token = tokens.accessToken { form.append(("access_token", token)) }
        if let token = tokens.refreshToken { form.append(("refresh_token", token)) }
        let waits = account["wait_when_busy"] == "true"
        if waits { form.append(("wait_flag", "1")) }
        form += call.parameters.map { ($0.name, $0.value) }
        // The server holds a waiting request for up to an hour; cut off, a rotated pair would be lost.
        return post(
            call.path, form, account,
            seconds: waits ? max(account.timeoutSeconds, 3660) : account.timeoutSeconds)
    }

    func post(
        _ path: String, _ form: [(String, String)], _ account: AccountAccess, seconds: Int64
    ) -> HTTPRequest {
        HTTPRequest(
            method: .post, url: account.baseURL + path,
            headers: [("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json")],
            body: FormBody.encode(form), timeoutMilliseconds: Int(seconds) * 1000,
            maximumResponseBytes: account.maximumResponse)
    }

    // MARK: Answers

    func verdict(on answer: Answer) -> Verdict {
        let code = answer.text(Member.code)
        let message = answer.text(Member.message)
        switch answer.text(Member.result) {
        case "success": return .accepted
        case "redirect":
            return .failed(
                Failure(
                    .needsAuthorization, platformCode: code, message: message ?? "a browser login is needed"))
        case "error": return refusal(code, message, status: answer.status)
        default:
            if let failure = Failure.plain(status: answer.status, message: message) {
                return .failed(failure)
            }
            return .accepted
        }
    }

    /// Whether the platform sends `data: []` or leaves it out when nothing is found is not documented.
    func saysEmpty(_ answer: Answer) -> Bool {
        answer.text(Member.result) == "success" && answer.text(envelope.count) == "0"
    }

    private func refusal(_ code: String?, _ message: String?, status: Int) -> Verdict {
        func failed(_ kind: Problem.Code, _ retry: Failure.Retry = .never) -> Verdict {
            .failed(Failure(kind, platformCode: code, message: message, retry: retry))
        }
        switch code {
        case "002002": return .tokenExpired(platformCode: code, message: message)
        case "001003": return failed(.clientRejected)
        case "002001": return failed(.requestRejected)
        case "003001", "003002", "006005", "008003", "009005", "011007":
            return failed(.overloaded, .throttled)
        case "004001": return failed(.notPermitted)
        case .some(let code) where code.hasPrefix("002"): return failed(.needsAuthorization)
        default:
            // A code that nobody knows under a status that everybody knows.
            guard let plain = Failure.plain(status: status, message: message), plain.retry != .never else {
                return failed(.requestRejected)
            }
            return failed(plain.code, plain.retry)
        }
    }

    func tokens(in answer: Answer, current: TokenSet, now: Timestamp) -> TokenSet? {
        let access = answer.text(Member.access)
        let refresh = answer.text(Member.refresh)
        guard access != nil || refresh != nil else { return nil }
        var tokens = current
        if let access {
            if access != current.accessToken { tokens.accessExpiresAt = nil }
            tokens.accessToken = access
            tokens.accessExpiresAt = japanTime(answer, Member.accessEnd) ?? tokens.accessExpiresAt
        }
        if let refresh {
            if refresh != current.refreshToken { tokens.refreshExpiresAt = nil }
            tokens.refreshToken = refresh
            tokens.refreshExpiresAt = japanTime(answer, Member.refreshEnd) ?? tokens.refreshExpiresAt
        }
        return tokens
    }

    private func japanTime(_ answer: Answer, _ member: Int) -> Timestamp? {
        answer.text(member).flatMap { Timestamp($0, zone: TimeForm.japan.zone) }
    }

    // MARK: Renewal

    func isRenewalDue(_ tokens: TokenSet, now: Timestamp) -> Bool {
        tokens.accessExpiresAt.map { now >= $0.adding(seconds: -60) } ?? false
    }

    /// Only for 002002 with nothing newer in the vault.
    ///
    /// No source promises that it works; it does no harm.
    func renewal(of tokens: TokenSet, account: AccountAccess, now: Timestamp) -> HTTPRequest? {
        guard let uid = tokens.uid, let state = tokens.state else { return nil }
        var form = [("uid", uid), ("state", state)]
        if let token = tokens.refreshToken { form.append(("refresh_token", token)) }
        form += [("client_id", account["client_id"]), ("client_secret", account["client_secret"])]
        return post("/api_neauth", form, account, seconds: account.timeoutSeconds)
    }

    func renewed(by answer: Answer, old: TokenSet, now: Timestamp) -> Renewal {
        let code = answer.text(Member.code)
        let message = answer.text(Member.message)
        switch answer.text(Member.result) {
        case "success":
            guard let tokens = tokens(in: answer, current: old, now: now), answer.text(Member.access) != nil
            else {
                return .refused(platformCode: code, message: "the answer brought no token")
            }
            return .tokens(tokens)
        case .some: return .refused(platformCode: code, message: message)
        case nil:
            let failure = Failure.plain(status: answer.status, message: message)
            return .failed(
                failure ?? Failure(.malformedResponse, message: "the answer was no JSON", retry: .backOff))
        }
    }

    // MARK: Account

    var identity: Call {
        let layout = PageLayout(
            records: ["data"], form: .arrayOrObject, key: [["company_ne_id"]], envelope: envelope,
            maximumRecordBytes: 1 << 20)
        return Call(.post, "/api_v1_login_company/info", layout: layout, subject: "the account")
    }

    func identity(in answer: Answer) -> AccountIdentity? {
        guard case .success(let page) = answer.page, page.count > 0 else { return nil }
        let id = page.withID(0) { String(decoding: $0, as: UTF8.self) }
        let record = page.withPayload(0) { try? JSONValue.parse(Array($0)) }
        return AccountIdentity(id: id, name: record?["company_name"]?.stringValue)
    }

    var signIn: any SignIn { NextEngineSignIn(dialect: self) }
}
