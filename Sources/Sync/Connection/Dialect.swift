package import HTTP
package import JSON

/// What is really a platform's own: how a call is written, what an answer means, and how tokens are renewed.
package protocol Dialect: Sendable {
    /// Scalars of every answer that the other members read, by their index.
    var envelope: [[String]] { get }

    /// How listings are asked for.
    var listingMethod: HTTPRequest.Method { get }

    /// The finished request of a call.
    func request(for call: Call, tokens: TokenSet, account: AccountAccess) -> HTTPRequest

    /// What an answer says of the call.
    func verdict(on answer: Answer) -> Verdict

    /// Tokens that came with an answer, errors included; nil where it brought none.
    func tokens(in answer: Answer, current: TokenSet, now: Timestamp) -> TokenSet?

    /// Whether any answer may rotate the tokens, so that a pull holds the connection's lock all the time.
    var rotatesOnAnyAnswer: Bool { get }

    /// Whether the access token has expired or will soon.
    func isRenewalDue(_ tokens: TokenSet, now: Timestamp) -> Bool

    /// Whether the connection gets a token by itself, without a first one (a stored password).
    func canSignInAlone(_ connection: Connection) -> Bool

    /// The call that renews; nil when these tokens cannot be renewed.
    func renewal(of tokens: TokenSet, account: AccountAccess, now: Timestamp) -> HTTPRequest?

    /// What the answer to a renewal says.
    func renewed(by answer: Answer, old: TokenSet, now: Timestamp) -> Renewal

    /// The cheapest call that says whose account the token opens, and the layout of its answer.
    var identity: Call { get }

    /// The account in the identity call's answer.
    func identity(in answer: Answer) -> AccountIdentity?

    /// The sign-in page for a person.
    func signInURL(account: AccountAccess, nonce: String) -> String
}

extension Dialect {
    package func tokens(in answer: Answer, current: TokenSet, now: Timestamp) -> TokenSet? { nil }
    package var rotatesOnAnyAnswer: Bool { false }
    package var listingMethod: HTTPRequest.Method { .get }
    package func canSignInAlone(_ connection: Connection) -> Bool { false }
}

/// One call of a platform's API, before its dialect writes it.
package struct Call: Sendable {
    package var method: HTTPRequest.Method
    package var path: String
    package var parameters: [Parameter]
    /// A query that the platform made (a link to the next page), used as it is instead of the parameters.
    package var query: String?
    package var layout: PageLayout
    /// What it is for, as messages name it: `orders`.
    package var subject: String

    package init(
        _ method: HTTPRequest.Method = .get, _ path: String, parameters: [Parameter] = [], query: String? = nil,
        layout: PageLayout, subject: String
    ) {
        self.method = method
        self.path = path
        self.parameters = parameters
        self.query = query
        self.layout = layout
        self.subject = subject
    }
}

/// A connection's settings with its secrets opened.
package struct AccountAccess: Sendable {
    package var connection: String
    package var baseURL: String
    package var signInURL: String
    package var values: [String: String]
    package var timeoutSeconds: Int64
    package var maximumResponse: Int

    package init(
        connection: String, baseURL: String, signInURL: String, values: [String: String], timeoutSeconds: Int64,
        maximumResponse: Int
    ) {
        self.connection = connection
        self.baseURL = baseURL
        self.signInURL = signInURL
        self.values = values
        self.timeoutSeconds = timeoutSeconds
        self.maximumResponse = maximumResponse
    }

    package subscript(_ name: String) -> String { values[name] ?? "" }
}

/// An HTTP answer after the scanner has been over it.
package struct Answer: Sendable {
    package var status: Int
    package var headers: HTTPHeaders
    /// The page, or why it is none.
    package var page: Result<ScannedPage, JSONError>
    /// The first 200 bytes of the body as they came.
    package var beginning: [UInt8]
    /// Scalars of the envelope, by the index of their path.
    package var envelope: [JSONScalar?]

    package init(
        status: Int, headers: HTTPHeaders, page: Result<ScannedPage, JSONError>, beginning: [UInt8],
        envelope: [JSONScalar?]
    ) {
        self.status = status
        self.headers = headers
        self.page = page
        self.beginning = beginning
        self.envelope = envelope
    }

    /// A text or number of the envelope as text; nil where it is missing, null or empty.
    package func text(_ index: Int) -> String? {
        guard index < envelope.count else { return nil }
        switch envelope[index] {
        case .string(let text): return text.isEmpty ? nil : text
        case .number(let text), .container(let text): return text
        default: return nil
        }
    }
}

/// What an answer says of its call.
package enum Verdict: Sendable {
    case accepted
    /// The access token is no longer taken: renew it and repeat the call once.
    case tokenExpired(platformCode: String?, message: String?)
    case failed(Failure)
}

/// A platform's refusal, as facts; the words for people are `Wording`'s.
package struct Failure: Sendable {
    package enum Retry: Sendable { case never, backOff, throttled }

    package var code: Problem.Code
    package var platformCode: String?
    /// The platform's own words.
    package var message: String?
    package var retry: Retry
    /// The account cannot be read at all now (a frozen store): its other resources are not tried.
    package var stopsConnection: Bool

    package init(
        _ code: Problem.Code, platformCode: String? = nil, message: String? = nil, retry: Retry = .never,
        stopsConnection: Bool = false
    ) {
        self.code = code
        self.platformCode = platformCode
        self.message = message
        self.retry = retry
        self.stopsConnection = stopsConnection
    }

    /// What a plain HTTP status says, for the cases that are alike everywhere; nil for a success.
    package static func plain(status: Int, message: String?) -> Failure? {
        switch status {
        case 200..<300: nil
        case 408, 425: Failure(.serverFailed, message: message, retry: .backOff)
        case 429: Failure(.rateLimited, message: message, retry: .throttled)
        case 501, 505: Failure(.requestRejected, message: message)
        case 500...599: Failure(.serverFailed, message: message, retry: .backOff)
        default: Failure(.requestRejected, message: message)
        }
    }
}

/// What became of a renewal.
package enum Renewal: Sendable {
    case tokens(TokenSet)
    /// A definite no: a person must authorize.
    case refused(platformCode: String?, message: String?)
    case failed(Failure)
}

/// Whose data a connection holds.
package struct AccountIdentity: Sendable, Equatable {
    package var id: String
    package var name: String?

    package init(id: String, name: String?) {
        self.id = id
        self.name = name
    }
}

/// The tokens of one connection. Printing it shows none of them.
package struct TokenSet: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    package var accessToken: String?
    package var refreshToken: String?
    package var uid: String?
    package var state: String?
    package var accessExpiresAt: Timestamp?
    package var refreshExpiresAt: Timestamp?
    package var scope: String?

    package init(
        accessToken: String? = nil, refreshToken: String? = nil, uid: String? = nil, state: String? = nil,
        accessExpiresAt: Timestamp? = nil, refreshExpiresAt: Timestamp? = nil, scope: String? = nil
    ) {
        self.accessToken = accessToken
        self.refreshToken = refreshToken
        self.uid = uid
        self.state = state
        self.accessExpiresAt = accessExpiresAt
        self.refreshExpiresAt = refreshExpiresAt
        self.scope = scope
    }

    package var description: String { "TokenSet(<redacted>)" }
    package var customMirror: Swift.Mirror { Swift.Mirror(self, children: [:]) }

    /// Every secret text in it.
    package var secrets: [String] { [accessToken, refreshToken, state].compactMap { $0 } }
}
