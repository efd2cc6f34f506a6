package import HTTP

/// How a person signs in: the page to open, what its callback must prove, and how that becomes tokens.
package protocol SignIn: Sendable {
    /// Settings without which nobody can sign in.
    var needs: [String] { get }

    /// Whether the address carries a nonce of ours that the callback has to bring back.
    var usesNonce: Bool { get }

    /// Whether there is a page to sign in at; else tokens are brought along (`authorize --import`).
    var hasPage: Bool { get }

    /// Where the browser may be sent when the config does not say; nil where it has to.
    func callbackAddress(port: Int) -> String?

    /// The page for a person.
    func url(account: AccountAccess, nonce: String) -> String

    /// Checks everything that a callback shows.
    ///
    /// - Parameters:
    ///   - callback: The address that the browser was sent to.
    ///   - account: The connection's settings.
    ///   - nonce: The nonce of the page that was printed, nil when none is waiting.
    ///   - now: Our clock.
    /// - Returns: What can be exchanged.
    /// - Throws: `CallbackFlaw` naming the check that failed.
    func grant(
        in callback: Callback, account: AccountAccess, nonce: String?, now: Timestamp
    ) throws(CallbackFlaw) -> SignInGrant

    /// The call that exchanges it; nil where the callback brought the token itself.
    func exchange(_ grant: SignInGrant, account: AccountAccess, now: Timestamp) -> HTTPRequest?

    /// What the answer to the exchange says.
    func exchanged(by answer: Answer, for grant: SignInGrant, now: Timestamp) -> Renewal
}

extension SignIn {
    package var hasPage: Bool { true }
    package func callbackAddress(port: Int) -> String? { nil }
}

/// What a callback gave.
package struct SignInGrant: Sendable {
    /// The one-time code, where there is one to exchange.
    package var code: String?
    /// What the callback said of the tokens already.
    package var tokens: TokenSet
    /// Whose account it claims to be; the platform has to say the same.
    package var accountID: String?
    /// What the exchange needs besides.
    package var kind: String?

    package init(
        code: String? = nil, tokens: TokenSet = TokenSet(), accountID: String? = nil, kind: String? = nil
    ) {
        self.code = code
        self.tokens = tokens
        self.accountID = accountID
        self.kind = kind
    }

    var secrets: [String] { [code].compactMap { $0 } + tokens.secrets }
}

/// The check that a callback did not pass.
package enum CallbackFlaw: Error, Sendable, Equatable {
    case unreadable
    /// The platform or the person said no, in the platform's word.
    case declined(String)
    case missing(String)
    /// Nothing is waiting for a callback: the page is older than ten minutes, or was used already.
    case nothingWaiting
    case nonceDiffers(String)
    /// It is meant for another app or store.
    case foreign(name: String, expected: String)
    case badSignature
    /// Seconds by which its time is away from ours; above zero when it is older.
    case stale(seconds: Int64)
    /// The platform says that the token is another account's than the callback claims.
    case accountDiffers
}

/// The address that a browser was sent to after signing in.
package struct Callback: Sendable {
    /// Names and values as they stand in the address; of a repeated name the first one.
    package let raw: [(name: String, value: String)]
    /// The same, decoded, `+` as a space.
    package let items: [String: String]

    /// Reads a whole address, or the query of one alone; total on any text.
    package init?(_ text: String) {
        var rest = Substring(text)
        while let first = rest.unicodeScalars.first, first.properties.isWhitespace { rest = rest.dropFirst() }
        while let last = rest.unicodeScalars.last, last.properties.isWhitespace { rest = rest.dropLast() }
        let trimmed = String(rest)
        let isQuery = !trimmed.contains("://") && trimmed.contains("=")
        let address = isQuery ? "http://localhost/?" + trimmed.drop { $0 == "?" } : trimmed
        guard trimmed.utf8.count <= 16_384, let parts = URLParts.parse(address), parts.query != nil else {
            return nil
        }
        var names: Set<String> = []
        raw = parts.queryPairs.filter {
            names.insert(PercentEncoding.decoded($0.name, plusIsSpace: true)).inserted
        }
        items = parts.queryItems
    }

    package subscript(_ name: String) -> String? { items[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// A parameter without which the callback is none.
    package func required(_ name: String) throws(CallbackFlaw) -> String {
        guard let value = self[name] else { throw .missing(name) }
        return value
    }
}
