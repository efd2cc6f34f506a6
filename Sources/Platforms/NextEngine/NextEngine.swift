import Sync

/// Next Engine by Hamee: order management for Japanese shops.
///
/// Source: <https://developer.next-engine.com/api>.
enum NextEngine {
    /// No limit is published; mass and parallel requests are discouraged.
    ///
    /// Source:
    /// <https://developer.next-engine.com/api/secure>, read 2026-11-20.
    static let platform = Platform(
        "next-engine", title: "Next Engine", at: "https://api.next-engine.org",
        signIn: "https://base.next-engine.org", pace: .perSecond(1, burst: 10), times: .japan,
        settings: [
            Setting("client_id", .secret), Setting("client_secret", .secret),
            Setting("redirect_uri", .text, .toAuthorize), Setting("wait_when_busy", .flag, .optional),
            Setting("personal_data", .flag, .optional),
        ],
        seeds: ["access_token", "refresh_token", "uid", "state"], dialect: NextEngineDialect(),
        resources: resources, defaults: 1, custom: custom, joint: joint, stock: stockSource)
}
