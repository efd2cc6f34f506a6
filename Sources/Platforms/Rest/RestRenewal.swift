import JSON
import Sync

/// What a token endpoint's answer says.
///
/// Not every endpoint keeps to RFC 6749: some answer an error with status 200, some in a shape of their own. Only an
/// answer that has an access token and no error is a success.
struct RestRenewal {
    let dialect: RestDialect
    let answer: Answer
    let now: Timestamp

    private typealias Member = RestDialect.Member

    func outcome(_ old: TokenSet) -> Renewal {
        guard (200..<300).contains(answer.status), !saysError, let access = token(Member.access) else {
            return refusal()
        }
        var tokens = brought(old) ?? old
        tokens.accessToken = access
        tokens.accessExpiresAt = end(Member.life)
        tokens.scope = answer.text(Member.scope) ?? old.scope
        return .tokens(tokens)
    }

    /// A rotated pair, whatever else the answer says: the old one may be spent.
    func brought(_ old: TokenSet) -> TokenSet? {
        guard dialect.auth == .refreshToken, let refresh = token(Member.refresh) else { return nil }
        var tokens = old
        if refresh != old.refreshToken { tokens.refreshExpiresAt = nil }
        tokens.refreshToken = refresh
        tokens.refreshExpiresAt = end(Member.refreshLife) ?? tokens.refreshExpiresAt
        if let access = token(Member.access) {
            tokens.accessToken = access
            tokens.accessExpiresAt = end(Member.life)
        }
        return tokens
    }

    /// A text that fits into a header; nil for anything else.
    private func token(_ member: Int) -> String? {
        guard member < answer.envelope.count, case .string(let text)? = answer.envelope[member],
            !text.isEmpty,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return nil }
        return text
    }

    /// A life that leaves no room to renew ahead of its end is no more than a guess: the token is used until refused.
    private func end(_ member: Int) -> Timestamp? {
        guard let text = answer.text(member), let seconds = Int64(text.prefix { $0 != "." }),
            seconds > 2 * RestDialect.margin, seconds < 100 * 366 * 86_400
        else { return nil }
        return now.adding(seconds: seconds)
    }

    /// Whether there is an error that is not just empty.
    private var saysError: Bool {
        guard Member.error < answer.envelope.count, let error = answer.envelope[Member.error] else {
            return false
        }
        switch error {
        case .null, .boolean(false): return false
        case .string(let text): return !text.isEmpty
        case .number(let text): return text != "0"
        case .boolean(true): return true
        case .container(let text): return text != "{}" && text != "[]"
        }
    }

    private func refusal() -> Renewal {
        let (code, message) = dialect.words(answer)
        func failed(_ kind: Problem.Code, _ retry: Failure.Retry = .never) -> Renewal {
            .failed(Failure(kind, platformCode: code, message: message, retry: retry))
        }
        switch code {
        case "invalid_grant": return definite(code, message)
        case "invalid_client", "unauthorized_client", "unsupported_grant_type", "invalid_scope",
            "invalid_request":
            return failed(.clientRejected)
        case "temporarily_unavailable", "server_error": return failed(.serverFailed, .backOff)
        default: break
        }
        switch answer.status {
        case 200..<300:
            // No JSON at all, or nothing said: a proxy's page, as good as a 5xx.
            if case .failure = answer.page { return failed(.malformedResponse, .backOff) }
            return code == nil && message == nil && !saysError
                ? .failed(
                    Failure(
                        .malformedResponse, message: "the answer brought no access_token that can be used",
                        retry: .backOff))
                : definite(code, message)
        case 400, 401, 403: return definite(code ?? "\(answer.status)", message)
        default:
            guard var failure = Failure.plain(status: answer.status, message: message) else {
                return failed(.malformedResponse, .backOff)
            }
            failure.platformCode = code
            return .failed(failure)
        }
    }

    /// A no to what was shown: the refresh token, or the client where nothing else was.
    private func definite(_ code: String?, _ message: String?) -> Renewal {
        dialect.auth == .refreshToken
            ? .refused(platformCode: code, message: message)
            : .failed(Failure(.clientRejected, platformCode: code, message: message))
    }
}
