package import Sync

/// Every platform there is, one line each.
package let platforms: [Platform] = [
    NextEngine.platform,
    Shopline.platform,
    AiHubMix.platform,
    AccountCenter.platform,
    Rest.platform,
]
