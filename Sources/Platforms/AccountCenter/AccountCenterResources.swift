import JSON
import Sync

/// What is mirrored of the account center. Source: its backend, repo superxia01/auth-center, read 2026-11-20.
extension AccountCenter {
    static let resources: [Resource] = [
        Resource(
            "users", "The own user, or everybody where the token is the administrator's",
            at: "/api/auth/user-info",
            records: ["data"], form: .object, key: ["userId"], created: "createdAt", updated: "updatedAt",
            columns: [.exact("userId")] + Column.all(.text, "unionId phoneNumber email") + [
                .time("lastLoginAt"), .text("nickname", at: "profile.nickname"),
                .text("avatarUrl", at: "profile.avatarUrl"), .boolean("hasWechat", at: "loginMethods.wechat"),
                .boolean("hasPassword", at: "loginMethods.password"), .json("loginSources"),
                .json("accounts"), .json("sessions"),
            ],
            pages: .single, lists: [userAccounts, sessions],
            wider: WiderListing(
                probe: "/api/admin/verify", path: "/api/admin/users", records: ["data", "users"],
                pages: .pageNumber(page: "page", size: "pageSize", total: ["data", "pagination", "total"]),
                limit: 100,
                hashed: ["sessions[].token"])),
        Resource(
            "own_sessions", "Sessions of the own user", at: "/api/auth/sessions",
            records: ["data", "sessions"],
            key: ["id"], created: "createdAt", columns: [.exact("id")] + sessionColumns, pages: .single,
            hashed: ["token"]),
    ]

    private static let userAccounts = ListView(
        "user_accounts", at: "accounts", parent: "user_id",
        columns: [.exact("id")] + Column.all(.text, "provider appId openId type nickname avatarUrl") + [
            .time("createdAt")
        ])

    /// The administrator's list carries everybody's sessions; others have their own in a listing of its own.
    private static let sessions = ListView(
        "sessions", at: "sessions", parent: "user_id", columns: [.exact("id")] + sessionColumns,
        other: "own_sessions")

    /// `token` is the SHA-256 of what the platform sends.
    private static let sessionColumns: [Column] = [
        .text("token_sha256", at: "token"), .text("deviceInfo"), .time("expiresAt"), .time("createdAt"),
    ]
}
