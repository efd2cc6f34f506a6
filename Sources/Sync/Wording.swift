package import HTTP
package import JSON

/// Every sentence for people that a fact becomes, in one place.
package enum Wording {
    // MARK: Stopping

    package static func stopped(_ reason: RunControl.StopReason) -> Problem {
        switch reason {
        case .signal(let number):
            Problem(
                .interrupted, "The run was stopped by signal \(number == 15 ? "SIGTERM" : "SIGINT").",
                next: "Run it again; it goes on after the last stored page.")
        case .deadline:
            Problem(
                .deadlineReached, "The run reached its time limit (--max-duration).",
                next: "Run it again; it goes on after the last stored page.")
        case .budget:
            Problem(
                .budgetReached, "The run reached its request limit (--max-requests).",
                next: "Run it again; it goes on after the last stored page.")
        }
    }

    // MARK: Calls

    package static func transport(_ error: TransportError, subject: String, host: String) -> Problem {
        let what = "\(subject) from \(host) could not be fetched: \(error.message)."
        switch error.kind {
        case .timedOut:
            return Problem(
                .timedOut, what, next: "Try again later, or raise 'timeout' in the config.",
                httpStatus: error.status)
        case .tls:
            return Problem(
                .tlsFailed, what,
                next:
                    "Check the machine's clock and its CA certificates (package ca-certificates), and whether a proxy is in between."
            )
        case .responseTooLarge:
            return Problem(
                .responseTooLarge, what,
                next: "Lower 'limit' of this resource, or raise 'max_response' in the config.",
                httpStatus: error.status)
        case .malformed:
            return Problem(
                .malformedResponse, what,
                next: "Run it again; if it stays, check 'base_url' and what answers there.",
                httpStatus: error.status)
        case .noLibrary:
            return Problem(.networkFailed, what, next: nextForLibrary)
        default:
            return Problem(
                .networkFailed, what, next: "Check this machine's network and 'base_url', then run again.",
                httpStatus: error.status)
        }
    }

    private static let nextForLibrary =
        "See that libcurl 7.88 or newer is installed (Debian: apt-get install libcurl4) and that a process may open"
        + " enough files (ulimit -n), then run again."

    /// Before anything that must not be begun in vain.
    package static func noLibrary(_ error: TransportError) -> Problem {
        Problem(
            .networkFailed, "Nobody can be asked: \(error.message). Nothing was changed.",
            next: nextForLibrary)
    }

    package static func malformed(_ error: JSONError, answer: Answer, subject: String, host: String)
        -> Problem
    {
        let code: Problem.Code = error.kind == .recordTooLarge ? .responseTooLarge : .malformedResponse
        let shown = beginning(answer.beginning)
        let next =
            code == .responseTooLarge
            ? "Raise 'max_record' in the config, or cut the large member out with 'drop'."
            : "Run it again; if it stays, send the quoted text to whoever runs \(host), or report it as a bug."
        return Problem(
            code,
            "The answer to \(subject) from \(host) cannot be used: \(error.problem). It began with: \(shown)",
            next: next, httpStatus: answer.status)
    }

    /// The first bytes of a body as readable text.
    static func beginning(_ bytes: [UInt8]) -> String {
        let text = String(decoding: bytes.prefix(200), as: UTF8.self)
        let shown = String(text.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? " " : Character($0) })
        return shown.isEmpty ? "(nothing that may be shown)" : shown
    }

    package static func failure(
        _ failure: Failure, answer: Answer, subject: String, connection: Connection, host: String? = nil
    ) -> Problem {
        let words = failure.message.map { ": \(quoted($0))" } ?? ""
        let code = failure.platformCode.map { " (code \($0))" } ?? ""
        let place = host == nil ? "'base_url' and the path" : "'token_url'"
        let host = host ?? URLParts.parse(connection.baseURL)?.host ?? connection.platform.id
        let said = "\(host) answered \(subject) with HTTP \(answer.status)\(code)\(words)."
        var problem = Problem(
            failure.code, said,
            next: (300..<400).contains(answer.status)
                ? "Set \(place) to the address that answers by itself."
                : nextStep(failure.code, subject, connection, hasWords: failure.message != nil),
            platformCode: failure.platformCode,
            httpStatus: answer.status)
        if failure.code == .needsAuthorization { problem = authorization(connection, reason: said) }
        problem.endsConnection = failure.stopsConnection
        problem.platformCode = failure.platformCode
        problem.httpStatus = answer.status
        return problem
    }

    /// The platform's words without their full stop, so that they can stand inside a sentence.
    static func quoted(_ words: String) -> String {
        var words = words.prefix(300)
        while let last = words.last, ".。 \n".contains(last) { words.removeLast() }
        return String(words)
    }

    private static func nextStep(
        _ code: Problem.Code, _ subject: String, _ connection: Connection, hasWords: Bool
    ) -> String {
        let resource = connection.platform.resource(named: subject)
        switch code {
        case .rateLimited:
            return
                "Run it again later; if it happens often, lower 'requests_per_second' of [connections.\(connection.id)]."
        case .overloaded: return "The platform is busy; run it again later, best outside its busy hours."
        case .serverFailed: return "The platform has a fault; run it again later."
        case .clientRejected:
            let keys = connection.platform.settings.filter { $0.kind == .secret }.map(\.name).joined(
                separator: ", ")
            return "Check \(keys) under [connections.\(connection.id)], and this machine's clock."
        case .notPermitted where connection.platform.declared != nil:
            return
                "Check what the account of [connections.\(connection.id)] may read, or take '\(subject)' out of 'resources'."
        case .notPermitted:
            let wanted = resource?.permission.map { " (\($0))" } ?? ""
            return
                "Grant the app the permission for '\(subject)'\(wanted), authorize again, or take '\(subject)' out of 'resources'."
        default:
            return hasWords
                ? "Read the platform's words above; if the request itself is wrong, report it as a bug."
                : "The platform gives no reason; check the settings of [connections.\(connection.id)], else report it as a bug."
        }
    }

    /// The connection needs a person.
    package static func authorization(_ connection: Connection, reason: String) -> Problem {
        let separator = reason.hasSuffix(".") ? "" : "."
        let place =
            connection.platform.dialect.signIn.hasPage
            ? "sign in at \(signIn(connection))"
            : "with \(connection.platform.seeds.joined(separator: ", ")) as JSON on its standard input, or set"
                + " them anew under [connections.\(connection.id)]"
        return Problem(
            .needsAuthorization, "'\(connection.id)' needs to be authorized again: \(reason)\(separator)",
            next: "Run: \(connection.authorizeCommand)   (\(place))")
    }

    private static func signIn(_ connection: Connection) -> String {
        var values: [String: String] = [:]
        for (name, value) in connection.settings {
            switch value {
            case .text(let text): values[name] = text
            case .list(let list): values[name] = list.joined(separator: ",")
            case .secret(.literal(let text)) where name == "client_id" || name == "app_key":
                values[name] = text
            default: break
            }
        }
        let account = AccountAccess(
            connection: connection.id, baseURL: connection.baseURL, signInURL: connection.signInURL,
            values: values,
            timeoutSeconds: 0, maximumResponse: 0)
        let url = connection.platform.dialect.signIn.url(account: account, nonce: "")
        return url.split(separator: "?", maxSplits: 1).first.map(String.init) ?? url
    }

    // MARK: Pulling

    package static func identity(_ connection: String, held: AccountIdentity, found: AccountIdentity)
        -> Problem
    {
        func shown(_ account: AccountIdentity) -> String {
            account.name.map { "\($0) (\(account.id))" } ?? account.id
        }
        return Problem(
            .identityMismatch,
            "The token of '\(connection)' belongs to \(shown(found)), but the mirror holds the rows of \(shown(held)). Nothing was written.",
            next:
                "Run: shopmirror authorize \(connection) and sign in to \(shown(held)), or give the other account a connection of its own."
        )
    }

    package static func shrink(_ resource: String, gone: Int, live: Int, limit: Double) -> Problem {
        Problem(
            .shrinkHeld,
            "\(gone) of \(live) rows of \(resource) were no longer listed, more than max_shrink = \(limit) allows; none was marked deleted.",
            next:
                "Look whether they are really gone; if so, run once with a higher max_shrink for this connection and --full."
        )
    }

    package static func count(_ resource: String, received: Int, before: Int?, after: Int?) -> Problem {
        let figures = [before, after].compactMap { $0 }.map(String.init)
        let said =
            figures.count == 2 && figures[0] != figures[1]
            ? figures.joined(separator: " and then ") : figures.first ?? "another number"
        return Problem(
            .countDiffers,
            "The listing of \(resource) brought \(received) different records, but the platform counts \(said); nothing was marked deleted.",
            next: "The next full pull tries again; if it stays, compare with the platform's own admin page.")
    }

    package static func window(_ resource: String, held: Int, counted: Int) -> Problem {
        Problem(
            .countDiffers,
            "The listing of what changed in \(resource) left something out: the platform counts \(counted) records, the mirror has \(held); the cursor stays where it was.",
            next: "The next run asks for the same time again; if it stays, run once with --full.")
    }

    package static func duplicates(_ resource: String, _ count: Int) -> Problem {
        Problem(
            .duplicateKey,
            "\(count) records of \(resource) had a key that came again in the same page; the last one was kept.",
            next: "Nothing has to be done; if it is many, ask the platform why it lists a record twice.")
    }

    package static func unreadableTimes(_ resource: String, _ count: Int) -> Problem {
        Problem(
            .timeUnreadable,
            "\(count) times in \(resource) could not be read and are NULL in created_at or updated_at.",
            next: "The value itself is kept in 'payload'; report its form as a bug.")
    }

    package static func repairedTexts(_ resource: String, _ count: Int) -> Problem {
        Problem(
            .textRepaired,
            "\(count) records of \(resource) held half a character (a lone surrogate), stored as \\ufffd.",
            next: "Correct the text on the platform if it matters.")
    }

    package static func unknownFields(_ resource: String, _ names: [String], connection: String) -> Problem {
        Problem(
            .fieldUnknown,
            "The platform does not know these fields of \(resource): \(names.joined(separator: ", ")); they were left out.",
            next:
                "List the other fields as 'fields' of '\(resource)' under [connections.\(connection)], or report it as a bug."
        )
    }

    package static func checkpointHeld(_ path: String) -> Problem {
        Problem(
            .checkpointHeld,
            "A reader holds a part of the mirror's log back (\(path)-wal); nothing is lost, the log stays larger.",
            next: "Look for a program that keeps a read transaction open on the mirror for long.")
    }
}
