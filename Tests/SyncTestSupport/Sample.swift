package import HTTP
package import JSON
package import Sync

/// An invented platform, as small as one can be: `{"items":[{"id":...,"at":...}]}`.
package enum Sample {
    /// - Parameters:
    ///   - pages: How its one resource goes on.
    ///   - limit: Records per page.
    ///   - passes: Listings that together are the whole.
    ///   - cursor: How it is asked by modification time.
    ///   - columns: Beside `id`.
    ///   - times: How it writes times.
    ///   - key: The parts of its key.
    /// - Returns: A platform with the resource `items`.
    package static func platform(
        pages: Pagination = .offset(limit: "limit", offset: "offset"), limit: Int = 3,
        passes: [[Parameter]] = [[]],
        cursor: Cursor? = Cursor(since: "from", until: "to"), columns: [Column] = [],
        times: TimeForm = .iso8601,
        key: [String] = ["id"]
    ) -> Platform {
        let resource = Resource(
            "items", "Things", at: "items", records: ["items"], key: key, created: "made", updated: "at",
            cursor: cursor, columns: [.exact("id")] + columns, pages: pages, limit: limit, maximumLimit: 1000,
            passes: passes, count: CountCall("items/count"))
        return Platform(
            "sample", title: "Sample", at: "https://sample.example", pace: .perSecond(0, burst: 1),
            times: times,
            settings: [Setting("secret", .secret, .optional)], seeds: ["access_token", "refresh_token"],
            dialect: SampleDialect(), resources: [resource], defaults: 1)
    }

    /// A connection `main` of the platform, with further lines of config.
    package static func connection(_ platform: Platform = platform(), _ more: String = "") throws
        -> Connection
    {
        let text = "[connections.main]\nplatform = \"sample\"\n\(more)\n"
        let config = try ConfigLoader.parse(
            Array(text.utf8), path: "/sample/config.toml", mode: 0o600, platforms: [platform])
        guard let connection = config.connections.first else { throw SampleError() }
        return connection
    }

    /// A page of records with these ids.
    package static func page(_ ids: [String], key: [[String]] = [["id"]]) throws -> ScannedPage {
        try page(records: ids.map { #"{"id":"\#($0)"}"# }, key: key)
    }

    /// A page of these records, as JSON.
    package static func page(records: [String], key: [[String]] = [["id"]]) throws -> ScannedPage {
        let text = #"{"items":[\#(records.joined(separator: ","))]}"#
        let layout = PageLayout(records: ["items"], key: key, created: ["made"], updated: ["at"])
        return try RecordScanner.scan(Array(text.utf8), layout: layout)
    }

    /// An answer around a page.
    package static func answer(
        _ page: ScannedPage, total: String? = nil, headers: [(String, String)] = []
    ) -> Answer {
        Answer(
            status: 200, headers: HTTPHeaders(headers.map { (name: $0.0, value: $0.1) }),
            page: .success(page),
            beginning: [], envelope: [nil, total.map { .string($0) }])
    }

    /// What a run depends on, without a network.
    package static func context(
        clock: TestClock = TestClock(), transport: ScriptedTransport = ScriptedTransport(),
        environment: [String: String] = [:], control: RunControl? = nil
    ) -> RunContext {
        RunContext(
            clock: clock.clock, transport: transport,
            control: control ?? RunControl(clock: clock.clock, maxSeconds: 3600, maxRequests: nil),
            pacer: Pacer(),
            redactor: Redactor(), log: .none, progress: Progress(), environment: environment, random: { 0.5 })
    }
}

package struct SampleError: Error {}

/// Bearer tokens that are never renewed.
package struct SampleDialect: Dialect {
    package init() {}

    package let envelope: [[String]] = [["error"]]

    package func request(for call: Call, tokens: TokenSet, account: AccountAccess) -> HTTPRequest {
        let query = call.query ?? call.parameters.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        return HTTPRequest(
            method: call.method, url: "\(account.baseURL)/\(call.path)?\(query)",
            headers: [("Authorization", "Bearer \(tokens.accessToken ?? "")")], timeoutMilliseconds: 1000,
            maximumResponseBytes: 1 << 20)
    }

    package func verdict(on answer: Answer) -> Verdict {
        if answer.status == 401 { return .tokenExpired(platformCode: "401", message: answer.text(0)) }
        return Failure.plain(status: answer.status, message: answer.text(0)).map { .failed($0) } ?? .accepted
    }

    package func isRenewalDue(_ tokens: TokenSet, now: Timestamp) -> Bool { false }
    package func renewal(of tokens: TokenSet, account: AccountAccess, now: Timestamp) -> HTTPRequest? { nil }

    package func renewed(by answer: Answer, old: TokenSet, now: Timestamp) -> Renewal {
        .refused(platformCode: nil, message: nil)
    }

    package var identity: Call {
        Call(.get, "me", layout: PageLayout(envelope: envelope), subject: "the account")
    }

    package func identity(in answer: Answer) -> AccountIdentity? { AccountIdentity(id: "1", name: "One") }
    package var signIn: any SignIn { SampleSignIn() }
}

/// Nobody signs in to the sample.
package struct SampleSignIn: SignIn {
    package let needs: [String] = []
    package let usesNonce = false

    package func url(account: AccountAccess, nonce: String) -> String { "\(account.signInURL)/sign-in" }

    package func grant(
        in callback: Callback, account: AccountAccess, nonce: String?, now: Timestamp
    ) throws(CallbackFlaw) -> SignInGrant { throw .unreadable }

    package func exchange(_ grant: SignInGrant, account: AccountAccess, now: Timestamp) -> HTTPRequest? {
        nil
    }

    package func exchanged(by answer: Answer, for grant: SignInGrant, now: Timestamp) -> Renewal {
        .refused(platformCode: nil, message: nil)
    }
}
