import Digest

/// Issues and checks the tokens of the account center; they live seven days and are never refreshed.
struct AccountCenterDesk {
    private static let life = 604_800
    private let seed: UInt64
    private(set) var sessions: [AccountCenterSession] = []
    private(set) var signOuts = 0

    init(seed: UInt64) {
        self.seed = seed
    }

    /// A new token; earlier ones stay valid.
    mutating func issue(to user: Int, name: String, at now: Int) -> AccountCenterSession {
        let identifier = Self.uuid(seed: seed, 71, sessions.count)
        let header = Base64.urlEncoded(Array("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".utf8))
        let claims =
            "{\"userId\":\"\(name)\",\"jti\":\"\(identifier)\",\"iat\":\(now),\"nbf\":\(now),\"exp\":\(now + Self.life)}"
        let text = header + "." + Base64.urlEncoded(Array(claims.utf8))
        let sign = HMACSHA256.authenticationCode(for: Array(text.utf8), key: Array("sandbox \(seed)".utf8))
        let session = AccountCenterSession(
            identifier: identifier, user: user, token: text + "." + Base64.urlEncoded(sign), created: now,
            end: now + Self.life)
        sessions.append(session)
        return session
    }

    /// The session of a token whose signature and time are good, alive or not.
    func session(_ token: String?, now: Int) -> AccountCenterSession? {
        sessions.last { $0.token == token && now < $0.end }
    }

    mutating func signOut(_ token: String) {
        signOuts += 1
        for index in sessions.indices where sessions[index].token == token { sessions[index].isAlive = false }
    }

    /// Ends tokens before their time.
    mutating func expire(_ user: Int, now: Int) {
        for index in sessions.indices where sessions[index].user == user {
            sessions[index].end = min(sessions[index].end, now)
        }
    }

    /// Removes the rows of sessions.
    mutating func revoke(_ user: Int) {
        for index in sessions.indices where sessions[index].user == user { sessions[index].isAlive = false }
    }

    static func uuid(seed: UInt64, _ kind: Int, _ number: Int) -> String {
        var mixer = Mixer(seed: seed, kind, number)
        var bytes = (0..<16).map { _ in UInt8(truncatingIfNeeded: mixer.next(256)) }
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = Array(Hex.encode(bytes))
        let ends = [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)]
        return ends.map { String(digits[$0.0..<$0.1]) }.joined(separator: "-")
    }
}
