// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

// The commit that --version tells. The scripts in jobs/ set it: a manifest is cached, so it cannot ask git itself.
let commit = Context.environment["SHOPMIRROR_COMMIT"].map {
    CSetting.define("SHOPMIRROR_COMMIT", to: "\"\($0)\"")
}

let package = Package(
    name: "shopmirror",
    products: [
        .executable(name: "shopmirror", targets: ["shopmirror"]),
        .executable(name: "shopmirror-sandbox", targets: ["shopmirror-sandbox"]),
    ],
    targets: [
        .target(name: "CCurl"),
        .target(name: "CSQLite", linkerSettings: [.linkedLibrary("sqlite3")]),
        .target(name: "CBuild", cSettings: commit.map { [$0] }),
        library("Digest"),
        library("HTTP", ["CCurl"]),
        library("JSON"),
        library("SQLite", ["CSQLite"]),
        library("TOML"),
        library("Sync", ["Digest", "HTTP", "JSON", "SQLite", "TOML"]),
        library("Platforms", ["Sync", "Digest", "HTTP", "JSON"]),
        library("Reports", ["Sync", "HTTP", "JSON", "SQLite"]),
        .executableTarget(
            name: "shopmirror",
            dependencies: [
                "Platforms", "Reports", "Sync", "CBuild", "Digest", "HTTP", "JSON", "SQLite", "TOML",
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "shopmirror-sandbox", dependencies: ["Digest", "JSON"], swiftSettings: settings),
        .target(
            name: "SyncTestSupport", dependencies: ["Sync", "HTTP", "SQLite", "JSON"],
            path: "Tests/SyncTestSupport",
            swiftSettings: settings),
        tests("DigestTests", ["Digest"]),
        tests("HTTPTests", ["HTTP"]),
        tests("JSONTests", ["JSON"]),
        tests("SQLiteTests", ["SQLite"]),
        tests("TOMLTests", ["TOML"]),
        tests("SyncTests", ["Sync", "SyncTestSupport", "Digest", "HTTP", "JSON", "SQLite", "TOML"]),
        tests(
            "PlatformTests",
            ["Platforms", "Sync", "SyncTestSupport", "Digest", "HTTP", "JSON", "SQLite", "TOML"],
            exclude: ["Fixtures"]),
        tests(
            "CommandTests",
            ["shopmirror", "shopmirror-sandbox", "Platforms", "Reports", "Sync", "HTTP", "JSON", "SQLite"],
            exclude: ["Fixtures"]),
        tests("TortureTests", ["Platforms", "Sync", "HTTP", "JSON", "SQLite"]),
        tests("LayoutTests", ["Platforms", "Sync"]),
    ]
)
