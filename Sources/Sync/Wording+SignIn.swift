/// What is said around signing in.
extension Wording {
    package static func tokensInUse(_ connection: String, lock: String) -> Problem {
        Problem(
            .locked, "The tokens of '\(connection)' are in use by another process (\(lock)).",
            next: "Wait until that run has ended; two runs must not spend the same tokens.")
    }

    static func nameless(_ host: String, _ answer: Answer) -> Problem {
        var problem = Problem(
            .malformedResponse, "The answer from \(host) does not say whose account the token belongs to.",
            next: "Run it again; if it stays, check 'base_url' and what answers there.")
        problem.httpStatus = answer.status
        return problem
    }

    /// The connection needs a person, as an earlier run was told.
    package static func stillRefused(_ connection: Connection, _ reason: String) -> Problem {
        Problem(.needsAuthorization, reason, next: "Run: \(connection.authorizeCommand)")
    }

    static func importOnly(_ connection: Connection) -> Problem {
        Problem(
            .configInvalid,
            "'\(connection.id)' has no sign-in page: its tokens come from elsewhere.",
            next:
                "Get them as the platform's documentation says, then run: \(connection.authorizeCommand)   (with"
                + " \(connection.platform.seeds.joined(separator: ", ")) as JSON on its standard input)")
    }

    static func nothingToAuthorize(_ connection: Connection) -> Problem {
        Problem(
            .configInvalid,
            "'\(connection.id)' is signed with the secrets of the config; there is nothing to authorize.",
            next:
                "Correct them under [connections.\(connection.id)]; shopmirror check --online tells whether they work."
        )
    }

    /// Adds that our clock is off, where it is by more than five minutes.
    static func withClock(_ problem: Problem, skew: Int64?, host: String) -> Problem {
        guard let skew, skew.magnitude > 300 else { return problem }
        var problem = problem
        let side = skew > 0 ? "behind" : "ahead of"
        let amount = Quantity.text(seconds: Int64(clamping: skew.magnitude))
        problem.message += " This machine's clock is \(amount) \(side) that of \(host)."
        problem.nextStep = "Set this machine's clock (timedatectl set-ntp true), then authorize again."
        return problem
    }

    static func cannotSignIn(_ connection: Connection, lacking: [String]) -> Problem {
        let keys = lacking.map { "'\($0)'" }.joined(separator: ", ")
        let hasSeed = !connection.seeds.isEmpty
        let isFixed = hasSeed && lacking.contains { $0 == "app_key" || $0 == "app_secret" }
        if isFixed {
            return Problem(
                .configInvalid,
                "'\(connection.id)' has a fixed access token in the config and no app to sign in with; there is nothing to authorize.",
                next:
                    "Make a new token where this one came from, and set it as access_token under [connections.\(connection.id)]."
            )
        }
        return Problem(
            .configInvalid,
            "'\(connection.id)' cannot be authorized: [connections.\(connection.id)] lacks \(keys).",
            next:
                "Set \(keys) as registered with the platform, then run: shopmirror authorize \(connection.id)"
        )
    }

    static func incompleteTokens(_ connection: Connection) -> Problem {
        Problem(
            .needsAuthorization,
            "The token set for '\(connection.id)' has no access_token and nothing to get one with.",
            next:
                "Pass at least access_token; the keys are \(connection.platform.seeds.joined(separator: ", "))."
        )
    }

    static func codeRefused(_ connection: Connection, host: String, code: String?, message: String?)
        -> Problem
    {
        let said = [code.map { "code \($0)" }, message.map(quoted)].compactMap { $0 }
        var problem = Problem(
            .needsAuthorization,
            "\(host) refused the sign-in of '\(connection.id)'\(said.isEmpty ? "" : " (\(said.joined(separator: ": ")))"). Nothing was stored.",
            next: "A code works once and for minutes only; run again: shopmirror authorize \(connection.id)")
        problem.platformCode = code
        return problem
    }

    static func lostSignIn(_ problem: Problem, _ connection: Connection) -> Problem {
        var problem = problem
        problem.message += " The code of this sign-in may be spent."
        problem.nextStep = "Run again: shopmirror authorize \(connection.id)"
        return problem
    }

    /// A callback that did not pass a check.
    ///
    /// Nothing was changed.
    package static func callback(_ flaw: CallbackFlaw, _ connection: Connection) -> Problem {
        let again = "Run: shopmirror authorize \(connection.id)   and open the address that it prints."
        func failed(_ check: String, next: String? = nil, code: Problem.Code = .needsAuthorization) -> Problem
        {
            Problem(
                code, "The callback for '\(connection.id)' was not accepted: \(check). Nothing was changed.",
                next: next ?? again)
        }
        switch flaw {
        case .unreadable:
            return failed(
                "it is no address with parameters",
                next:
                    "Copy the whole address from the browser's address bar, from https:// (or http://) to its end."
            )
        case .declined(let word):
            return failed("the platform answered '\(word.prefix(80))'", next: "Sign in again and agree.")
        case .missing(let name):
            return failed(
                "'\(name)' is missing",
                next: "Copy the whole address from the browser's address bar; \(again)")
        case .nothingWaiting:
            return failed("no sign-in is waiting; an address works once and for ten minutes")
        case .nonceDiffers(let name):
            return failed("'\(name)' is not the one that was sent along; it belongs to another sign-in")
        case .foreign(let name, let expected):
            return failed("'\(name)' is not '\(expected)'; it is meant for another connection")
        case .badSignature:
            return failed(
                "its signature is wrong",
                next:
                    "If it came from the platform, check app_secret under [connections.\(connection.id)]; else somebody forged it."
            )
        case .stale(let seconds):
            let amount = Quantity.text(seconds: Int64(clamping: seconds.magnitude))
            return failed("its time is \(amount) \(seconds > 0 ? "ago" : "ahead"), more than ten minutes")
        case .accountDiffers:
            return failed("the token is another account's than its 'userId' says", code: .identityMismatch)
        }
    }
}
