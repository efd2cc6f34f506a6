/// One issued token of the account center.
struct AccountCenterSession {
    let identifier: String
    let user: Int
    let token: String
    let created: Int
    /// When the token's signature stops counting.
    var end: Int
    /// Whether the session's row still exists; only `verify-token` looks at it.
    var isAlive = true
}
