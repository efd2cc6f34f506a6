import HTTP
import Sync

/// Any JSON API over HTTP that the config describes: address, sign-in, resources and paging.
enum Rest {
    /// A careful pace for an API of which nothing is known.
    static let platform: Platform = {
        var platform = make(.none)
        platform.declared = DeclaredPlatform(
            chosenBy: "auth", RestAuth.allCases.map { ($0.rawValue, make($0)) }, adapt: adapted)
        return platform
    }()

    private static func make(_ auth: RestAuth) -> Platform {
        Platform(
            "rest", title: "Any REST API, described in the config", at: "", pace: .perSecond(2, burst: 10),
            times: .zulu, settings: settings + auth.settings, seeds: auth.seeds,
            dialect: RestDialect(auth: auth), resources: [], defaults: 0, custom: custom)
    }

    /// What a connection's own settings make of it.
    private static let adapted: @Sendable (Connection) -> Platform = { connection in
        func text(_ name: String) -> String? {
            if case .text(let text) = connection.settings[name] { text } else { nil }
        }
        var platform = connection.platform
        platform.times = text("times").flatMap { TimeForm.named($0) } ?? platform.times
        guard var dialect = platform.dialect as? RestDialect else { return platform }
        dialect.accountPath = text("account_path")
        dialect.accountID = text("account_id") ?? dialect.accountID
        dialect.accountName = text("account_name")
        platform.dialect = dialect
        return platform
    }

    // MARK: Keys of a connection

    /// What every way to sign in takes.
    private static let settings: [Setting] = [
        Setting("headers", .table, .optional, check: headerProblem),
        Setting("times", .text, .optional) { text in
            let names = TimeForm.names.map(\.name)
            return names.contains(text) ? nil : Nearest.hint(to: text, among: names)
        },
        Setting("account_path", .text, .optional) { path in
            let isPlain = path.utf8.allSatisfy { $0.isASCIILetterOrDigit || "-._/".utf8.contains($0) }
            return isPlain && !path.isEmpty
                ? nil : "allowed is the path behind 'base_url' that says whose account it is"
        },
        Setting("account_id", .text, .optional, check: fieldProblem),
        Setting("account_name", .text, .optional, check: fieldProblem),
    ]

    private static let fieldProblem: @Sendable (String) -> String? = { field in
        let isPlain = field.utf8.allSatisfy { $0.isASCIILetterOrDigit || "-._".utf8.contains($0) }
        return isPlain && !field.isEmpty ? nil : "allowed is a field of the answer, with '.' between members"
    }

    private static let headerProblem: @Sendable (String) -> String? = { name in
        let isPlain = name.utf8.allSatisfy { $0.isASCIILetterOrDigit || "-_".utf8.contains($0) }
        let own = [
            "authorization", "host", "content-length", "transfer-encoding", "connection", "accept-encoding",
        ]
        guard isPlain, !name.isEmpty else { return "allowed are names of letters, digits, '-' and '_'" }
        return own.contains(name.lowercased()) ? "it is set by 'auth' or by the connection itself" : nil
    }
}
