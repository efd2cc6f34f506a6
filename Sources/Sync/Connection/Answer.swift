package import HTTP
package import JSON

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
