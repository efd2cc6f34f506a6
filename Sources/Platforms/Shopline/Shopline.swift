import Sync

/// SHOPLINE's Admin REST API ({handle}.myshopline.com).
///
/// Source: <https://developer.shopline.com/docs/admin-rest-api>.
enum Shopline {
    /// A leaky bucket per app and store: 4 requests a second, 40 at once.
    ///
    /// Source:
    /// <https://developer.shopline.com/docs/apps/api-instructions-for-use/shopline-api-rate-limit>, read 2026-11-20.
    static let platform = Platform(
        "shopline", title: "SHOPLINE", at: "https://{handle}.myshopline.com", pace: .perSecond(4, burst: 40),
        times: .iso8601,
        settings: [
            Setting("handle", .text, check: handleProblem),
            Setting("api_version", .text, .optional, fallback: "v20260901", check: versionProblem),
            Setting("app_key", .secret, .requiredUnless("access_token")),
            Setting("app_secret", .secret, .requiredUnless("access_token")),
            Setting("redirect_uri", .text, .toAuthorize), Setting("scopes", .list, .toAuthorize),
        ],
        seeds: ["access_token"], dialect: ShoplineDialect(), resources: resources, defaults: 4,
        custom: custom, joint: joint, stock: stockSource)

    /// The handle becomes a part of a host name, so it must look like one.
    private static let handleProblem: @Sendable (String) -> String? = { handle in
        let isPlain = handle.utf8.allSatisfy { $0.isASCIILetterOrDigit || $0 == 0x2D }
        let startsWell = handle.utf8.first?.isASCIILetterOrDigit ?? false
        return isPlain && startsWell && handle.utf8.count <= 63
            ? nil
            : "allowed is the store's subdomain: letters, digits and '-', as in https://HANDLE.myshopline.com"
    }

    private static let versionProblem: @Sendable (String) -> String? = { version in
        let isDated =
            version.utf8.count == 9 && version.hasPrefix("v")
            && version.utf8.dropFirst().allSatisfy { $0 &- 0x30 < 10 }
        return isDated ? nil : "allowed is a dated version such as v20260901"
    }
}
