import Sync

/// An invented platform, the example of CONTRIBUTING's "Add a platform".
///
/// In the package it would be `Sources/Platforms/Acme` and one line in `Registry.swift`.
enum Acme {
    /// 4 calls a second, 20 at once.
    ///
    /// Source: <https://acme.example/docs/limits>, read 2026-11-20.
    static let platform = Platform(
        "acme", title: "Acme", at: "https://{shop}.acme.example", pace: .perSecond(4, burst: 20),
        times: .iso8601, settings: [Setting("shop", .text)], seeds: ["access_token"],
        dialect: AcmeDialect(), resources: resources, defaults: 2)
}
