/// One user's consent: the token pair, the scope, and what may still be exchanged.
///
/// Access tokens live two hours, refresh tokens thirty days; a refresh replaces both.
struct AiHubMixGrant {
    static let accessLife = 7200
    private static let refreshLife = 2_592_000

    private let suffix: String
    private let seed: UInt64
    private(set) var access: String
    private(set) var refresh: String
    private(set) var accessEnd: Int
    private(set) var refreshEnd: Int
    private(set) var scopes = ["profile", "balance"]
    private(set) var isRevoked = false
    private var generation = 1
    private var spent: Set<String> = []
    private(set) var refreshes = 0
    private(set) var exchanges = 0
    private(set) var doubleSpends = 0

    init(suffix: String, seed: UInt64, now: Int) {
        self.suffix = suffix
        self.seed = seed
        access = "HUB-ACCESS-1" + suffix
        refresh = "HUB-REFRESH-1" + suffix
        accessEnd = now + Self.accessLife
        refreshEnd = now + Self.refreshLife
    }

    func admits(_ token: String, now: Int) -> Bool { !isRevoked && token == access && now < accessEnd }

    /// Spends a refresh token; `false` when it is another one, spent, too old or the consent is gone.
    mutating func spend(_ token: String, keepsToken: Bool, now: Int) -> Bool {
        if spent.contains(token) { doubleSpends += 1 }
        guard token == refresh, !isRevoked, now < refreshEnd else { return false }
        refreshes += 1
        issue(keepsToken: keepsToken, now: now)
        return true
    }

    mutating func login(scopes: [String], now: Int) {
        exchanges += 1
        isRevoked = false
        self.scopes = scopes
        issue(keepsToken: false, now: now)
    }

    mutating func expireAccess(now: Int) { accessEnd = min(accessEnd, now) }
    mutating func expireRefresh(now: Int) {
        expireAccess(now: now)
        refreshEnd = min(refreshEnd, now)
    }
    mutating func revoke() { isRevoked = true }

    private mutating func issue(keepsToken: Bool, now: Int) {
        generation += 1
        var mixer = Mixer(seed: seed, Mixer.salt("hub" + suffix), generation)
        let claims = Base64.urlEncoded(Array("{\"n\":\(generation),\"exp\":\(now + Self.accessLife)}".utf8))
        access =
            "eyJhbGciOiJIUzI1NiJ9.\(claims).HUB-ACCESS-\(generation)\(suffix)-\(mixer.next(1_000_000_000))"
        accessEnd = now + Self.accessLife
        guard !keepsToken else { return }
        spent.insert(refresh)
        refresh = "HUB-REFRESH-\(generation)\(suffix)-\(mixer.next(1_000_000_000))"
        refreshEnd = now + Self.refreshLife
    }
}
