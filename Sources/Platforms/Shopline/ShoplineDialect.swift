import Digest
import HTTP
import JSON
import Sync

/// Bearer tokens of ten hours, renewed with a signed call that needs no refresh token.
struct ShoplineDialect: Dialect {
    /// Indexes into `envelope`.
    private enum Member {
        static let errors = 0, code = 1, name = 2, message = 3, token = 4, expiry = 5, scope = 6
    }

    let envelope: [[String]] = [
        ["errors"], ["code"], ["i18nCode"], ["message"], ["data", "accessToken"], ["data", "expireTime"],
        ["data", "scope"],
    ]

    func request(for call: Call, tokens: TokenSet, account: AccountAccess) -> HTTPRequest {
        let query =
            call.query
            ?? call.parameters.map { "\($0.name)=\(PercentEncoding.query($0.value))" }.joined(separator: "&")
        let url = "\(account.baseURL)/admin/openapi/\(account["api_version"])/\(call.path)"
        return HTTPRequest(
            method: call.method, url: query.isEmpty ? url : "\(url)?\(query)",
            headers: [
                ("Authorization", "Bearer \(tokens.accessToken ?? "")"),
                ("Content-Type", "application/json; charset=utf-8"), ("Accept", "application/json"),
            ],
            timeoutMilliseconds: Int(account.timeoutSeconds) * 1000,
            maximumResponseBytes: account.maximumResponse)
    }

    // MARK: Answers

    func verdict(on answer: Answer) -> Verdict {
        let message = answer.text(Member.errors) ?? answer.text(Member.message)
        func failed(_ code: Problem.Code, _ retry: Failure.Retry = .never, stops: Bool = false) -> Verdict {
            .failed(
                Failure(
                    code, platformCode: answer.text(Member.name), message: traced(message, answer),
                    retry: retry,
                    stopsConnection: stops))
        }
        switch answer.status {
        case 200: return .accepted
        case 401: return .tokenExpired(platformCode: "401", message: message)
        case 403: return failed(.notPermitted)
        case 402, 423: return failed(.requestRejected, stops: true)
        case 433...436: return failed(.rateLimited, stops: true)
        case 500 where asksForScope(message): return failed(.notPermitted)
        case 500 where isValidation(message): return failed(.requestRejected)
        default:
            guard var failure = Failure.plain(status: answer.status, message: traced(message, answer)) else {
                return .accepted
            }
            failure.platformCode = answer.text(Member.name)
            return .failed(failure)
        }
    }

    /// The platform's support asks for the trace id of a failed call.
    private func traced(_ message: String?, _ answer: Answer) -> String? {
        guard let trace = answer.headers["traceId"], trace.utf8.count <= 100 else { return message }
        return "\(message ?? "no message") [traceId \(trace)]"
    }

    /// A 500 can be a refused parameter in disguise; asking again would not help.
    private func isValidation(_ message: String?) -> Bool {
        guard let text = message?.lowercased() else { return false }
        return ["invalid", "illegal", "must be", "not supported"].contains { text.contains($0) }
    }

    private func asksForScope(_ message: String?) -> Bool {
        message.map { $0.contains("requires") && $0.contains("scope") } ?? false
    }

    // MARK: Renewal

    func canSignInAlone(_ connection: Connection) -> Bool { connection.settings["app_secret"] != nil }

    /// Half an hour ahead, so that no token ends in the middle of a run.
    func isRenewalDue(_ tokens: TokenSet, now: Timestamp) -> Bool {
        guard let token = tokens.accessToken else { return true }
        guard !token.isEmpty, let expiry = expiry(of: tokens) else { return false }
        return now >= expiry.adding(seconds: -1800)
    }

    func expiry(of tokens: TokenSet) -> Timestamp? {
        tokens.accessExpiresAt ?? tokens.accessToken.flatMap { JWT.expiry(of: $0) }
    }

    func renewal(of tokens: TokenSet, account: AccountAccess, now: Timestamp) -> HTTPRequest? {
        guard !account["app_key"].isEmpty, !account["app_secret"].isEmpty else { return nil }
        return signed("/admin/oauth/token/refresh", body: [], account: account, now: now)
    }

    /// The exact body bytes and the timestamp are what is signed.
    func signed(_ path: String, body: [UInt8], account: AccountAccess, now: Timestamp) -> HTTPRequest {
        let timestamp = String(now.secondsSinceEpoch * 1000)
        let sign = HMACSHA256.authenticationCode(
            for: body + Array(timestamp.utf8), key: Array(account["app_secret"].utf8))
        return HTTPRequest(
            method: .post, url: account.baseURL + path,
            headers: [
                ("Content-Type", "application/json"), ("appkey", account["app_key"]),
                ("timestamp", timestamp),
                ("sign", Hex.encode(sign)),
            ],
            body: body, timeoutMilliseconds: Int(account.timeoutSeconds) * 1000, maximumResponseBytes: 1 << 20
        )
    }

    func renewed(by answer: Answer, old: TokenSet, now: Timestamp) -> Renewal {
        if answer.status == 200, answer.text(Member.code) == "200", let token = answer.text(Member.token) {
            var tokens = old
            tokens.accessToken = token
            tokens.accessExpiresAt =
                answer.text(Member.expiry).flatMap { Timestamp($0) ?? Timestamp($0 + "T00:00:00Z") }
                ?? JWT.expiry(of: token) ?? now.adding(seconds: 36_000)
            tokens.scope = answer.text(Member.scope) ?? old.scope
            return .tokens(tokens)
        }
        return refusal(answer)
    }

    private func refusal(_ answer: Answer) -> Renewal {
        let name = answer.text(Member.name)
        let message = answer.text(Member.message) ?? answer.text(Member.errors)
        func failed(_ code: Problem.Code, _ retry: Failure.Retry = .never) -> Renewal {
            .failed(Failure(code, platformCode: name, message: traced(message, answer), retry: retry))
        }
        switch name {
        case "STORE_NOT_INSTALL_APP", "OAUTH_CODE_INVALID":
            return .refused(platformCode: name, message: message)
        case "REQUEST_FREQUENTLY": return failed(.rateLimited, .throttled)
        case "TOKEN_CREATE_EXCEPTION": return failed(.serverFailed, .backOff)
        case "SUCCESS": return failed(.malformedResponse, .backOff)
        case .some: return failed(.clientRejected)
        case nil:
            if answer.status >= 500 || answer.status == 429 || answer.status == 200 {
                return .failed(
                    Failure.plain(status: answer.status, message: message)
                        ?? Failure(
                            .malformedResponse, message: "the answer brought no token", retry: .backOff))
            }
            return failed(.clientRejected)
        }
    }

    // MARK: Account

    var identity: Call {
        let layout = PageLayout(
            records: ["data"], form: .object, key: [["id"]], envelope: envelope, maximumRecordBytes: 1 << 20)
        return Call(.get, "merchants/shop.json", layout: layout, subject: "the store")
    }

    func identity(in answer: Answer) -> AccountIdentity? {
        guard case .success(let page) = answer.page, page.count > 0 else { return nil }
        let id = page.withID(0) { String(decoding: $0, as: UTF8.self) }
        let record = page.withPayload(0) { try? JSONValue.parse(Array($0)) }
        return AccountIdentity(id: id, name: record?["name"]?.stringValue)
    }

    var signIn: any SignIn { ShoplineSignIn(dialect: self) }
}
