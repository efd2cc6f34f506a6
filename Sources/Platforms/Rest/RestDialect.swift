import Digest
import HTTP
import JSON
import Sync

/// The parts of HTTP that APIs agree on, and OAuth 2.0's token endpoint (RFC 6749).
struct RestDialect: Dialect {
    let auth: RestAuth
    /// The call that says whose account it is; nil where there is none.
    var accountPath: String?
    var accountID = "id"
    var accountName: String?

    init(auth: RestAuth) { self.auth = auth }

    /// Indexes into `envelope`.
    enum Member {
        static let error = 0, description = 1, innerCode = 2, innerMessage = 3, message = 4, detail = 5,
            code = 6
        static let access = 7, refresh = 8, life = 9, refreshLife = 10, scope = 11
    }

    let envelope: [[String]] = [
        ["error"], ["error_description"], ["error", "code"], ["error", "message"], ["message"], ["detail"],
        ["code"], ["access_token"], ["refresh_token"], ["expires_in"], ["refresh_token_expires_in"],
        ["scope"],
    ]

    var usesTokens: Bool { auth.usesTokens }
    var knowsAccounts: Bool { accountPath != nil }

    func tokenHost(_ connection: Connection) -> String? {
        guard case .text(let url) = connection.settings["token_url"] else { return nil }
        return URLParts.parse(url)?.host
    }

    // MARK: Calls

    func request(for call: Call, tokens: TokenSet, account: AccountAccess) -> HTTPRequest {
        let query =
            call.query
            ?? call.parameters.map {
                "\(PercentEncoding.query($0.name))=\(PercentEncoding.query($0.value))"
            }.joined(separator: "&")
        let url =
            call.path.hasPrefix("//")
            ? Self.origin(account.baseURL) + call.path.dropFirst()
            : "\(account.baseURL)/\(call.path.drop { $0 == "/" })"
        var headers = Self.fixedHeaders(account)
        if !headers.contains(where: { $0.name.lowercased() == "accept" }) {
            headers.append(("Accept", "application/json"))
        }
        headers += authorization(tokens, account)
        return HTTPRequest(
            method: call.method, url: query.isEmpty ? url : "\(url)?\(query)", headers: headers,
            timeoutMilliseconds: Int(account.timeoutSeconds) * 1000,
            maximumResponseBytes: account.maximumResponse)
    }

    private static func origin(_ url: String) -> String {
        URLParts.parse(url).map { "\($0.scheme)://\($0.authority)" } ?? url
    }

    /// What the config sends along with every call.
    private static func fixedHeaders(_ account: AccountAccess) -> [(name: String, value: String)] {
        let prefix = "headers."
        return account.values.filter { $0.key.hasPrefix(prefix) }.sorted { $0.key < $1.key }.map {
            (name: String($0.key.dropFirst(prefix.count)), value: $0.value)
        }
    }

    private func authorization(
        _ tokens: TokenSet, _ account: AccountAccess
    ) -> [(name: String, value: String)] {
        switch auth {
        case .none: return []
        case .header: return [(account["auth_header"], account["api_key"])]
        case .basic: return [Self.basic(account["username"], account["password"])]
        case .bearer, .refreshToken, .clientCredentials:
            return [("Authorization", "Bearer \(tokens.accessToken ?? "")")]
        }
    }

    private static func basic(_ name: String, _ password: String) -> (name: String, value: String) {
        ("Authorization", "Basic \(Base64.encode(Array("\(name):\(password)".utf8)))")
    }

    // MARK: Answers

    func verdict(on answer: Answer) -> Verdict {
        let (code, message) = words(answer)
        func failed(_ kind: Problem.Code, _ retry: Failure.Retry = .never) -> Verdict {
            .failed(Failure(kind, platformCode: code, message: message, retry: retry))
        }
        switch answer.status {
        case 401 where usesTokens: return .tokenExpired(platformCode: code ?? "401", message: message)
        case 401: return failed(.clientRejected)
        case 403 where Self.isThrottled(answer): return failed(.rateLimited, .throttled)
        case 403: return failed(.notPermitted)
        case 300..<400:
            let place = answer.headers["location"].flatMap { URLParts.parse($0)?.authority }
            let words = "a redirect\(place.map { " to \($0)" } ?? ""), which is not followed"
            return .failed(Failure(.requestRejected, platformCode: code, message: words))
        default:
            guard var failure = Failure.plain(status: answer.status, message: message) else {
                return .accepted
            }
            failure.platformCode = code
            return .failed(failure)
        }
    }

    /// Some answer 403 instead of 429, and say so in a header.
    private static func isThrottled(_ answer: Answer) -> Bool {
        answer.headers["retry-after"] != nil || answer.headers["x-ratelimit-remaining"] == "0"
    }

    /// The error's name and its words, in whichever of the usual places they stand.
    func words(_ answer: Answer) -> (code: String?, message: String?) {
        var name: String?
        if case .string(let text)? = answer.envelope.first ?? nil, !text.isEmpty { name = text }
        let isName = name?.utf8.allSatisfy { $0.isASCIILetterOrDigit || $0 == 0x5F || $0 == 0x2D } ?? false
        let code = (isName ? name : nil) ?? answer.text(Member.innerCode) ?? answer.text(Member.code)
        let message =
            answer.text(Member.description) ?? answer.text(Member.innerMessage)
            ?? answer.text(Member.message) ?? answer.text(Member.detail) ?? (isName ? nil : name)
        return (code.map { String($0.prefix(100)) }, message)
    }

    // MARK: Tokens

    /// Whether the secrets of the config are enough.
    func canSignInAlone(_ connection: Connection) -> Bool { auth.seeds.isEmpty }

    /// A minute ahead; a token whose end is not known is used until it is refused.
    func isRenewalDue(_ tokens: TokenSet, now: Timestamp) -> Bool {
        guard auth.renews else { return false }
        guard tokens.accessToken != nil else { return true }
        return tokens.accessExpiresAt.map { now >= $0.adding(seconds: -Self.margin) } ?? false
    }

    static let margin: Int64 = 60

    func renewal(of tokens: TokenSet, account: AccountAccess, now: Timestamp) -> HTTPRequest? {
        var form: [(String, String)]
        switch auth {
        case .refreshToken:
            guard let refresh = tokens.refreshToken, !refresh.isEmpty else { return nil }
            form = [("grant_type", "refresh_token"), ("refresh_token", refresh)]
        case .clientCredentials: form = [("grant_type", "client_credentials")]
        default: return nil
        }
        if !account["scopes"].isEmpty { form.append(("scope", account["scopes"].replacing(",", with: " "))) }
        let prefix = "token_parameters."
        form += account.values.filter { $0.key.hasPrefix(prefix) }.sorted { $0.key < $1.key }.map {
            (String($0.key.dropFirst(prefix.count)), $0.value)
        }
        var headers = Self.fixedHeaders(account)
        headers.removeAll { ["accept", "content-type"].contains($0.name.lowercased()) }
        headers += [("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json")]
        if account["client_auth"] == "body" || account["client_secret"].isEmpty {
            form.append(("client_id", account["client_id"]))
            if !account["client_secret"].isEmpty { form.append(("client_secret", account["client_secret"])) }
        } else {
            // RFC 6749, section 2.3.1: both are form-encoded before they are joined.
            headers.append(
                Self.basic(
                    PercentEncoding.form(account["client_id"]), PercentEncoding.form(account["client_secret"])
                ))
        }
        return HTTPRequest(
            method: .post, url: account["token_url"], headers: headers, body: FormBody.encode(form),
            timeoutMilliseconds: Int(account.timeoutSeconds) * 1000, maximumResponseBytes: 1 << 20)
    }

    func brought(by answer: Answer, old: TokenSet, now: Timestamp) -> TokenSet? {
        RestRenewal(dialect: self, answer: answer, now: now).brought(old)
    }

    func renewed(by answer: Answer, old: TokenSet, now: Timestamp) -> Renewal {
        RestRenewal(dialect: self, answer: answer, now: now).outcome(old)
    }

    // MARK: Account

    /// Asked only where the config names its path.
    var identity: Call {
        let layout = PageLayout(
            records: [], form: .object, key: [accountID.split(separator: ".").map(String.init)],
            envelope: envelope, maximumRecordBytes: 1 << 20)
        return Call(.get, accountPath ?? "", layout: layout, subject: "the account")
    }

    func identity(in answer: Answer) -> AccountIdentity? {
        guard case .success(let page) = answer.page, page.count > 0 else { return nil }
        let id = page.withID(0) { String(decoding: $0, as: UTF8.self) }
        let record = page.withPayload(0) { try? JSONValue.parse(Array($0)) }
        let name = accountName?.split(separator: ".").reduce(record) { $0?[String($1)] }
        return AccountIdentity(id: id, name: name?.stringValue)
    }

    var signIn: any SignIn { RestSignIn(dialect: self) }
}
