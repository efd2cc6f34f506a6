import JSON
import Sync

/// AiHubMix's OAuth2 API: profile and balance of a user.
///
/// Source: <https://docs.aihubmix.com/en/api/Auth>.
enum AiHubMix {
    /// Two calls a run.
    ///
    /// Which host serves `/api/oauth2` is not documented; `https://aihubmix.com` is the alternative. No limit is
    /// published. Source: <https://docs.aihubmix.com/en/api/Auth>, read 2026-11-20.
    static let platform = Platform(
        "aihubmix", title: "AiHubMix", at: "https://api.aihubmix.com", pace: .perSecond(2, burst: 10),
        times: .unix,
        settings: [
            Setting("client_id", .secret), Setting("client_secret", .secret),
            Setting("redirect_uri", .text, .toAuthorize),
        ],
        seeds: ["access_token", "refresh_token"], dialect: AiHubMixDialect(), resources: resources,
        defaults: 1)

    /// Figures are kept as they come: their unit is not documented for this endpoint.
    static let resources: [Resource] = [
        Resource(
            "user", "The user behind the token, with quota and balance", at: "/api/oauth2/userinfo",
            records: [],
            form: .object, key: ["id"], created: "created_time",
            columns: [.exact("id")] + Column.all(.text, "username email")
                + Column.all(.exact, "quota used_quota balance_formatted")
                + [.time("created_time"), .integer("status")],
            pages: .single, permission: "profile balance",
            history: History(
                "balance_history", parent: "user_id", members: ["quota", "used_quota", "balance_formatted"]))
    ]
}
