package import JSON

/// The whole config, checked.
package struct Config: Sendable {
    /// As it was given, for messages.
    package var path: String
    /// Of the file's bytes, in hex.
    package var sha256: String
    package var storage: StorageSettings
    package var mirror = MirrorSettings()
    package var run: RunSettings
    package var ending = EndingSettings()
    package var stock = StockSettings()
    package var connections: [Connection]
    /// Every platform that a connection could be of.
    package var platforms: [Platform] = []

    /// Ids of the connections that take part in a run.
    package var enabledConnections: Set<String> { Set(connections.filter(\.isEnabled).map(\.id)) }

    /// The environment variables that hold secrets, which no other program gets to see.
    package var secretVariables: Set<String> {
        let inSettings = connections.flatMap(\.settings.values).compactMap { value -> SecretSource? in
            if case .secret(let source) = value { return source }
            return nil
        }
        let all = inSettings + connections.flatMap(\.seeds.values) + [ending.pingURL].compactMap { $0 }
        return Set(
            all.compactMap { source in
                if case .environment(let name) = source { return name }
                return nil
            })
    }
}

package struct StorageSettings: Sendable, Equatable {
    package var mirror: String
    package var vault: String
    package var reports: String
    /// Newest reports kept; 0 keeps all.
    package var keepReports = 500
    package var snapshot: String?
    /// The page that is renewed after every run.
    package var html: String?
    /// The metrics file that is renewed after every run.
    package var prometheus: String?
}

/// The `[mirror]` table.
package struct MirrorSettings: Sendable, Equatable {
    /// Replaced versions that are kept of each record, for `shopmirror diff`.
    package var history = 0
}

/// What happens after the report was written.
package struct EndingSettings: Sendable, Equatable {
    /// Told of success, and of failure with `/fail` behind its path.
    package var pingURL: SecretSource?
    /// A program and its arguments; it gets the report on its standard input.
    package var command: [String] = []
    package var commandTimeoutSeconds: Int64 = 60
}

/// The `[run]` table; a connection may override every value.
package struct RunSettings: Sendable, Equatable {
    package var concurrency = 8
    package var timeoutSeconds: Int64 = 60
    package var maxAttempts = 5
    package var maxDurationSeconds: Int64 = 6 * 3600
    package var overlapSeconds: Int64 = 600
    package var fullEverySeconds: Int64 = 7 * 86_400
    package var maxShrink = 0.5
    /// Bytes of one page.
    package var maxResponse = 16 << 20
    /// Bytes of one record.
    package var maxRecord = 4 << 20
    /// How old a table's last success may be before it is called late; nil goes by the past spacing of runs.
    package var freshWithinSeconds: Int64?
}

/// One account on a platform, named in the config.
package struct Connection: Sendable {
    package var id: String
    package var platform: Platform
    package var isEnabled = true
    package var resources: [ResourcePlan]
    package var baseURL: String
    package var signInURL: String
    package var run: RunSettings
    package var pace: Pace?
    package var settings: [String: SettingValue]
    package var seeds: [String: SecretSource]
    /// Where its table stands in the file, for messages.
    package var line: Int

    /// The platform's own address for this connection, whatever `base_url` says.
    package var standardURL: String {
        var address = platform.address
        for (name, value) in settings {
            if case .text(let text) = value { address = address.replacing("{\(name)}", with: text) }
        }
        return address
    }

    /// What a person runs to give it other tokens.
    package var authorizeCommand: String {
        "shopmirror authorize \(id)\(platform.dialect.signIn.hasPage ? "" : " --import")"
    }

    package func resource(named name: String) -> ResourcePlan? {
        resources.first { $0.resource.name == name }
    }

    /// How a resource is pulled when the config says nothing of it.
    package func plan(of resource: Resource) -> ResourcePlan {
        var plan = ResourcePlan(resource: resource, fullEverySeconds: run.fullEverySeconds)
        if settings["personal_data"] == .flag(true) { plan.withheld = [] }
        return plan
    }
}

package enum SettingValue: Sendable, Equatable {
    case secret(SecretSource)
    case text(String)
    case flag(Bool)
    case list([String])
}

/// A resource as one connection wants it.
package struct ResourcePlan: Sendable {
    package var resource: Resource
    /// Only records modified from here on.
    package var since: Timestamp?
    package var drop: [JSONPath] = []
    /// Top-level members to ask for, where the platform can; nil asks for all.
    package var fields: [String]?
    /// Paths that are not asked for: personal data, and fields that the platform does not know.
    package var withheld: Set<String>
    package var limit: Int
    package var fullEverySeconds: Int64
    /// How old its last success may be; nil leaves it to the connection.
    package var freshWithinSeconds: Int64?
    /// What its rows have to be like.
    package var quality = Quality()
    /// Named in the config, so that not being able to pull it is an error.
    package var isSelected = true

    package init(resource: Resource, fullEverySeconds: Int64) {
        self.resource = resource
        withheld = resource.personal
        limit = resource.limit
        self.fullEverySeconds = fullEverySeconds
    }

    /// What is asked for where the platform wants a list of fields.
    package var requiredFields: [String] {
        (fields ?? resource.columns.map(\.path)).filter { !withheld.contains($0) }
    }

    /// What makes the rows stored so far differ from what would be stored now.
    package var fingerprint: String {
        let fieldText = fields.map { $0.joined(separator: ",") } ?? "*"
        let hasPersonal = !resource.personal.isEmpty && resource.personal.isDisjoint(with: withheld)
        return "drop=\(drop.map(\.description).joined(separator: ",")) fields=\(fieldText)"
            + " since=\(since?.text ?? "-") personal=\(hasPersonal ? "+" : "-")"
            + (resource.declaration.map { " declared=\($0)" } ?? "")
    }
}
