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

    /// Whether an answer without its records' member says by itself that there are none.
    func saysEmpty(_ answer: Answer) -> Bool

    /// Tokens that came with an answer, errors included; nil where it brought none.
    func tokens(in answer: Answer, current: TokenSet, now: Timestamp) -> TokenSet?

    /// Whether any answer may rotate the tokens, so that a pull holds the connection's lock all the time.
    var rotatesOnAnyAnswer: Bool { get }

    /// Whether the access token has expired or will soon.
    func isRenewalDue(_ tokens: TokenSet, now: Timestamp) -> Bool

    /// Whether the connection gets a token by itself, without a first one (a stored password).
    func canSignInAlone(_ connection: Connection) -> Bool

    /// Tokens that a renewal's answer brought although it may be a refusal; nil where it brought none.
    func brought(by answer: Answer, old: TokenSet, now: Timestamp) -> TokenSet?

    /// The call that renews; nil when these tokens cannot be renewed.
    func renewal(of tokens: TokenSet, account: AccountAccess, now: Timestamp) -> HTTPRequest?

    /// What the answer to a renewal says.
    func renewed(by answer: Answer, old: TokenSet, now: Timestamp) -> Renewal

    /// The cheapest call that says whose account the token opens, and the layout of its answer.
    var identity: Call { get }

    /// Whether anybody can say whose account a token opens; else `identity` is never asked.
    var knowsAccounts: Bool { get }

    /// Whether calls carry a token of the vault; else the config's own secrets are all there is.
    var usesTokens: Bool { get }

    /// The host that renews tokens, where it is not the API's own.
    func tokenHost(_ connection: Connection) -> String?

    /// The account in the identity call's answer.
    func identity(in answer: Answer) -> AccountIdentity?

    /// How a person signs in.
    var signIn: any SignIn { get }

    /// The call that ends a token on the platform's side; nil where there is none.
    func signOut(of token: String, account: AccountAccess) -> HTTPRequest?

    /// When the access token ends, where that can be known.
    func expiry(of tokens: TokenSet) -> Timestamp?

    /// How often one run may renew.
    var renewalsPerRun: Int { get }

    /// Seconds before its end at which a token that nobody can renew is worth a warning, however often the job runs.
    var warningSeconds: Int64 { get }

    /// Whether answers hold what not even an error message may quote.
    var hidesBodies: Bool { get }
}

extension Dialect {
    package func tokens(in answer: Answer, current: TokenSet, now: Timestamp) -> TokenSet? { nil }
    package var rotatesOnAnyAnswer: Bool { false }
    package func brought(by answer: Answer, old: TokenSet, now: Timestamp) -> TokenSet? { nil }
    package func saysEmpty(_ answer: Answer) -> Bool { false }
    package var listingMethod: HTTPRequest.Method { .get }
    package func canSignInAlone(_ connection: Connection) -> Bool { false }
    package func signOut(of token: String, account: AccountAccess) -> HTTPRequest? { nil }
    package func expiry(of tokens: TokenSet) -> Timestamp? { tokens.accessExpiresAt }
    package var knowsAccounts: Bool { true }
    package var usesTokens: Bool { true }
    package func tokenHost(_ connection: Connection) -> String? { nil }
    package var renewalsPerRun: Int { .max }
    package var warningSeconds: Int64 { 0 }
    package var hidesBodies: Bool { false }
}

/// One call of a platform's API, before its dialect writes it.
package struct Call: Sendable {
    package var method: HTTPRequest.Method
    package var path: String
    package var parameters: [Parameter]
    /// A query that the platform made (a link to the next page), used as it is instead of the parameters.
    package var query: String?
    package var layout: PageLayout
    /// Places in the answer whose texts are replaced by their SHA-256 before anything else sees them.
    package var hashed: [JSONPath]
    /// What it is for, as messages name it: `orders`.
    package var subject: String

    package init(
        _ method: HTTPRequest.Method = .get, _ path: String, parameters: [Parameter] = [],
        query: String? = nil,
        layout: PageLayout, hashed: [JSONPath] = [], subject: String
    ) {
        self.method = method
        self.path = path
        self.parameters = parameters
        self.query = query
        self.layout = layout
        self.hashed = hashed
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
        connection: String, baseURL: String, signInURL: String, values: [String: String],
        timeoutSeconds: Int64,
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
