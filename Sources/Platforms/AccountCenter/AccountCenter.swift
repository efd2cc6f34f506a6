import Sync

/// KeeNChase's account center, a WeChat sign-on with passwords for those who were given one.
enum AccountCenter {
    /// No limit is known.
    static let platform = Platform(
        "account-center", title: "Account center", at: "https://os.crazyaigc.com",
        pace: .perSecond(2, burst: 10),
        times: .iso8601,
        settings: [
            Setting("phone_number", .secret, .optional), Setting("password", .secret, .optional),
            Setting("redirect_uri", .text, .optional),
        ],
        seeds: ["access_token"], dialect: AccountCenterDialect(), resources: resources, defaults: 1)
}
