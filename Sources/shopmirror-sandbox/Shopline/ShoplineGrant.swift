import Digest

/// What an app may do in one store, and the tokens that prove it.
///
/// Access tokens live ten hours; after a refresh the one before lives five minutes more.
struct ShoplineGrant {
    static let allScopes = [
        "read_store_information", "read_location", "read_products", "read_inventory", "read_orders",
        "read_customers", "read_payment", "read_shipping",
    ]
    private static let life = 36_000
    private static let grace = 300
    private static let codeLife = 600

    private let handle: String
    private let storeNumber: Int
    private let seed: UInt64
    /// The token of a private app.
    let fixed: String
    private(set) var current: String
    private(set) var currentEnd: Int
    private var previous: [String: Int] = [:]
    private(set) var scopes = Self.allScopes
    private(set) var isInstalled = true
    private(set) var refreshes = 0
    private(set) var creations = 0
    private var issued = 1
    private(set) var lastIssue = 0
    private var codes: [String: (scopes: [String], end: Int)] = [:]

    init(handle: String, storeNumber: Int, seed: UInt64, now: Int) {
        self.handle = handle
        self.storeNumber = storeNumber
        self.seed = seed
        fixed = "SL-STATIC-" + handle
        current = "SL-ACCESS-1-" + handle
        currentEnd = now + Self.life
    }

    func admits(_ token: String, now: Int) -> Bool {
        guard isInstalled else { return false }
        if token == fixed { return true }
        if token == current { return now < currentEnd }
        return previous[token].map { now < $0 } ?? false
    }

    /// Whether a token may read; the private app's reads everything.
    func permits(_ scope: String, _ token: String) -> Bool { token == fixed || scopes.contains(scope) }

    mutating func refresh(now: Int, milliseconds: Int) {
        refreshes += 1
        issue(now: now, milliseconds: milliseconds)
    }

    /// Spends a code; `false` when it is unknown, spent or too old.
    mutating func create(code: String, now: Int, milliseconds: Int) -> Bool {
        guard let entry = codes.removeValue(forKey: code), now < entry.end else { return false }
        creations += 1
        scopes = entry.scopes
        issue(now: now, milliseconds: milliseconds)
        return true
    }

    /// A code after the merchant has agreed; the app counts as installed again.
    mutating func newCode(scopes: [String], now: Int) -> String {
        isInstalled = true
        var mixer = Mixer(seed: seed, Mixer.salt("code"), codes.count + creations * 31 + issued)
        let code = "code-\(handle)-\(mixer.next(1_000_000_000))"
        codes[code] = (scopes, now + Self.codeLife)
        return code
    }

    mutating func limit(scopes: [String]) { self.scopes = scopes }

    mutating func expire(now: Int) {
        currentEnd = min(currentEnd, now)
        previous.removeAll()
    }

    mutating func uninstall() { isInstalled = false }

    private mutating func issue(now: Int, milliseconds: Int) {
        if now < currentEnd { previous[current] = min(now + Self.grace, currentEnd) }
        issued += 1
        lastIssue = now
        currentEnd = now + Self.life
        let header = "{\"alg\":\"HS512\",\"typ\":\"JWT\"}"
        let claims =
            "{\"appKey\":\"\(Shopline.appKey)\",\"sellerId\":\"42000000\(storeNumber)\",\"storeId\":\"17000000\(storeNumber)\","
            + "\"version\":\"V2\",\"domain\":\"https://\(handle).myshopline.com\",\"timestamp\":\(milliseconds),"
            + "\"iss\":\"sandbox\",\"exp\":\(currentEnd),\"n\":\(issued)}"
        let text = Base64.urlEncoded(Array(header.utf8)) + "." + Base64.urlEncoded(Array(claims.utf8))
        let first = SHA256.hash(Array("\(seed) \(text)".utf8))
        current = text + "." + Base64.urlEncoded(first + SHA256.hash(first))
    }
}
