/// A kind of remote system: data, and the few rules that are really its own.
package struct Platform: Sendable {
    /// As the config names it: `next-engine`.
    package var id: String
    package var title: String
    /// Where the API lives; `{name}` stands for a setting of the connection.
    package var address: String
    /// Where people sign in, when that is another place.
    package var signInAddress: String?
    package var pace: Pace
    /// How the platform writes times.
    package var times: TimeForm
    /// Keys of a connection beside those that every connection has.
    package var settings: [Setting]
    /// Keys with which a connection may carry its first tokens.
    package var seeds: [String]
    /// In the order in which they are pulled and listed; the first `defaultCount` are pulled unless named.
    package var resources: [Resource]
    package var defaultCount: Int
    package var dialect: any Dialect
    /// Makes resources that a config declares by itself; nil where there are none.
    package var custom: CustomResource.Template?
    /// The first part of its tables' names.
    package var tablePrefix: String
    /// What the config itself says of the platform; nil where everything is known beforehand.
    package var declared: DeclaredPlatform?
    /// What its records are in the views over all platforms.
    package var joint: [JointRows]
    /// Where it tells how much of a SKU there is; nil where it does not.
    package var stock: StockSource?

    package init(
        _ id: String, title: String, at address: String, signIn: String? = nil, pace: Pace, times: TimeForm,
        settings: [Setting], seeds: [String], dialect: any Dialect, resources: [Resource], defaults: Int,
        custom: CustomResource.Template? = nil, declared: DeclaredPlatform? = nil, joint: [JointRows] = [],
        stock: StockSource? = nil
    ) {
        self.id = id
        self.title = title
        self.address = address
        signInAddress = signIn
        self.pace = pace
        self.times = times
        self.settings = settings
        self.seeds = seeds
        self.dialect = dialect
        self.resources = resources
        defaultCount = defaults
        self.custom = custom
        tablePrefix = SQLName.identifier(id)
        self.declared = declared
        self.joint = joint
        self.stock = stock
    }

    package func resource(named name: String) -> Resource? { resources.first { $0.name == name } }

    package var defaultResources: [String] { resources.prefix(defaultCount).map(\.name) }
}

/// How often a platform may be called: `burst` requests at once, refilled at `perSecond`.
package struct Pace: Sendable, Equatable {
    package var perSecond: Double
    package var burst: Int

    package static func perSecond(_ rate: Double, burst: Int) -> Pace { Pace(perSecond: rate, burst: burst) }
}

/// One key of a connection that a platform understands.
package struct Setting: Sendable {
    package enum Kind: Sendable, Equatable {
        case secret, text, flag, list
        /// Names with texts, or with secrets from elsewhere; each is a setting `key.name` of the connection.
        case table
    }
    package enum Need: Sendable, Equatable {
        case required, optional, toAuthorize
        /// Required, except where this other key is given instead.
        case requiredUnless(String)
    }

    package var name: String
    package var kind: Kind
    package var need: Need
    package var fallback: String?
    /// What is wrong with a value, and what is allowed; nil when it is fine.
    package var check: (@Sendable (String) -> String?)?

    package init(
        _ name: String, _ kind: Kind, _ need: Need = .required, fallback: String? = nil,
        check: (@Sendable (String) -> String?)? = nil
    ) {
        self.name = name
        self.kind = kind
        self.need = need
        self.fallback = fallback
        self.check = check
    }
}

/// How a platform writes the times in its records and takes them in its filters.
package enum TimeForm: Sendable, Equatable {
    /// `2026-01-01T00:00:00+00:00`.
    case iso8601
    /// `2026-01-01 09:00:00`, Japan's time (UTC+9, no summer time).
    case japan
    /// Seconds since 1970.
    case unix
    /// Milliseconds since 1970.
    case unixMilliseconds
    /// `2026-01-01T00:00:00Z`.
    case zulu
    /// `2026-01-01 00:00:00`, UTC where no zone is named.
    case utc

    package var zone: TimeReader.Zone {
        switch self {
        case .iso8601, .zulu: .stated
        case .japan: .assumed(Self.japanOffset)
        case .utc: .assumed(0)
        case .unix, .unixMilliseconds: .unix
        }
    }

    /// The forms that a config may name.
    package static let names: [(name: String, form: TimeForm)] = [
        ("iso8601", .zulu), ("utc", .utc), ("unix", .unix), ("unix_ms", .unixMilliseconds),
    ]

    package static func named(_ name: String) -> TimeForm? { names.first { $0.name == name }?.form }

    /// A filter's value.
    package func write(_ time: Timestamp) -> String {
        switch self {
        case .iso8601: return String(time.text.dropLast()) + "+00:00"
        case .japan:
            let civil = CivilTime(time, offset: Self.japanOffset)
            return "\(civil.dateText) \(civil.timeText)"
        case .unix: return String(time.secondsSinceEpoch)
        case .unixMilliseconds: return String(time.secondsSinceEpoch * 1000)
        case .zulu: return time.text
        case .utc: return String(time.text.dropLast()).replacing("T", with: " ")
        }
    }

    package static let japanOffset: Int64 = 9 * 3600
}
