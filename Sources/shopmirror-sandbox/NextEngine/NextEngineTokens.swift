/// The token pair of one account and the rules by which it rotates.
///
/// Access tokens live a day, refresh tokens three, both counted from the last issue.
struct NextEngineTokens {
    private static let accessLife = 86_400
    private static let refreshLife = 259_200

    private let suffix: String
    private let seed: UInt64
    private(set) var access: String
    private(set) var refresh: String
    private(set) var accessEnd: Int
    private(set) var refreshEnd: Int
    private(set) var isRevoked = false
    private var generation = 1
    private var oldAccess: Set<String> = []
    private var oldRefresh: Set<String> = []
    private(set) var rotations = 0
    private(set) var logins = 0
    /// How often a refresh token was sent that an earlier rotation had replaced.
    private(set) var doubleSpends = 0

    init(suffix: String, seed: UInt64, now: Int) {
        self.suffix = suffix
        self.seed = seed
        access = "NE-ACCESS-1" + suffix
        refresh = "NE-REFRESH-1" + suffix
        accessEnd = now + Self.accessLife
        refreshEnd = now + Self.refreshLife
    }

    func knows(access token: String) -> Bool { token == access || oldAccess.contains(token) }
    func knows(refresh token: String) -> Bool { token == refresh || oldRefresh.contains(token) }

    /// Checks a call's tokens and rotates the pair where the access token has expired.
    ///
    /// `sent` is the refresh token of the call, if any. What comes back is the refresh token to echo: the new
    /// one after a rotation, otherwise what was sent.
    mutating func admit(_ token: String, refresh sent: String?, now: Int) throws(NextEngineProblem) -> String?
    {
        if let sent, oldRefresh.contains(sent) { doubleSpends += 1 }
        guard token == access else { throw oldAccess.contains(token) ? .superseded : .refused }
        guard !isRevoked else { throw .refused }
        guard now >= accessEnd else { return sent }
        guard let sent else { throw .browserNeeded }
        guard sent == refresh else { throw .refused }
        guard now < refreshEnd else { throw .expired }
        rotations += 1
        issue(now: now)
        return refresh
    }

    /// A new pair after a login in the browser.
    mutating func login(now: Int) {
        logins += 1
        isRevoked = false
        issue(now: now)
    }

    mutating func expireAccess(now: Int) { accessEnd = min(accessEnd, now) }

    mutating func expireRefresh(now: Int) {
        expireAccess(now: now)
        refreshEnd = min(refreshEnd, now)
    }

    mutating func revoke() { isRevoked = true }

    private mutating func issue(now: Int) {
        oldAccess.insert(access)
        oldRefresh.insert(refresh)
        generation += 1
        var mixer = Mixer(seed: seed, Mixer.salt(suffix), generation)
        access = "NE-ACCESS-\(generation)\(suffix)-\(mixer.next(1_000_000_000))"
        refresh = "NE-REFRESH-\(generation)\(suffix)-\(mixer.next(1_000_000_000))"
        accessEnd = now + Self.accessLife
        refreshEnd = now + Self.refreshLife
    }
}
