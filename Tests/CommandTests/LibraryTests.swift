import JSON
import Testing

/// libcurl is loaded when something is asked for, and it may be missing then.
@Suite(.timeLimit(.minutes(10)))
struct LibraryTests {
    let sandbox: SandboxServer
    let work: Workplace
    /// Variables under which libcurl, in both of its builds, is no library.
    let without: [String: String]

    init() async throws {
        sandbox = try await SandboxServer()
        work = try Workplace(sandbox)
        for name in ["libcurl.so.4", "libcurl-gnutls.so.4"] {
            try work.write("no library", to: "broken/\(name)")
        }
        without = ["LD_LIBRARY_PATH": work.path("broken")]
    }

    @Test func `without it a run says what to install, and the next one does its work`() async throws {
        try work.configure(work.shopline(resources: "store"), work.nextEngine())
        let outcome = try await work.sync(environment: without)
        #expect(outcome.exitCode == 1)
        let reason = "libcurl cannot be used (\(work.path("broken"))/libcurl.so.4: file too short)."
        let next = "Install libcurl 7.68 or newer (Debian: apt-get install libcurl4), then run again."
        #expect(
            outcome.stderr == """
                error [taipei] network_failed: the store from 127.0.0.1 could not be fetched: \(reason)
                  next: \(next)
                error [tokyo] network_failed: the account from 127.0.0.1 could not be fetched: \(reason)
                  next: \(next)

                """)
        #expect(try sandbox.account("NE0000042", of: "next-engine")["refreshes"]?.int64Value == 0)
        try #require(try await work.sync().exitCode == 0)
        #expect(try work.mirror.count("SELECT count(*) FROM shopline_store") == 1)
    }

    @Test func `what asks nobody anything works without it`() async throws {
        try work.configure(work.shopline(resources: "store"))
        try #require(try await work.sync().exitCode == 0)
        let status = try await work.run(["status", "-c", work.path("config.toml")], environment: without)
        #expect(status.exitCode == 0 && status.stdout.contains("taipei"), "\(status.stderr)")
        let version = try await work.run(["--version"], environment: without)
        #expect(version.exitCode == 0)
        #expect(version.stdout.contains(", no libcurl, SQLite 3."))
    }
}
