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
        #expect(
            outcome.stderr == """
                error [taipei] network_failed: the store from 127.0.0.1 could not be fetched: \(reason)
                  next: \(Self.next)
                error [tokyo] network_failed: the account from 127.0.0.1 could not be fetched: \(reason)
                  next: \(Self.next)

                """)
        #expect(try sandbox.account("NE0000042", of: "next-engine")["refreshes"]?.int64Value == 0)
        #expect(try work.latestReport().json["totals"]?["http"]?["requests"]?.int64Value == 0)
        try #require(try await work.sync().exitCode == 0)
        #expect(try work.mirror.count("SELECT count(*) FROM shopline_store") == 1)
    }

    private static let next =
        "See that libcurl 7.88 or newer is installed (Debian: apt-get install libcurl4) and that a process may open"
        + " enough files (ulimit -n), then run again."

    /// Makes a libcurl of version 7.86 that does something while it is being asked for its version.
    private func makeOld(doing what: String) async throws {
        let names = [
            "easy_cleanup", "easy_getinfo", "easy_init", "easy_reset", "easy_setopt", "easy_strerror",
            "global_init", "multi_add_handle", "multi_cleanup", "multi_info_read", "multi_init",
            "multi_perform", "multi_poll", "multi_remove_handle", "multi_setopt", "multi_wakeup",
            "slist_append", "slist_free_all", "version",
        ]
        let source = """
            #include <fcntl.h>
            #include <unistd.h>
            \(names.map { "void curl_\($0)(void) { __builtin_trap(); }" }.joined(separator: "\n"))
            struct info { int age; const char *version; unsigned number; };
            struct info *curl_version_info(int age) {
                static struct info info = {9, "7.86.0", 0x075600};
                \(what)
                return &info;
            }
            """
        try await FaultyDisk.compile(source, to: "broken/libcurl.so.4", in: work)
    }

    @Test(.enabled(if: FaultyDisk.compiler != nil))
    func `a run that asks nobody does not end while it is being loaded`() async throws {
        try await makeOld(doing: "usleep(200000); close(creat(\"\(work.path("loaded"))\", 0600));")
        try work.configure(work.shopline(resources: "store", "enabled = false"))
        #expect(try await work.sync(environment: without).exitCode == 0)
        #expect(work.exists("loaded"))
    }

    @Test(.enabled(if: FaultyDisk.compiler != nil))
    func `one that is too old is refused by its version`() async throws {
        try await makeOld(doing: "")
        try work.configure(work.shopline(resources: "store"))
        let outcome = try await work.sync(environment: without)
        #expect(outcome.exitCode == 1)
        #expect(
            outcome.stderr == """
                error [taipei] network_failed: the store from 127.0.0.1 could not be fetched: libcurl cannot be used \
                (it is version 7.86.0).
                  next: \(Self.next)

                """)
        let version = try await work.run(["--version"], environment: without)
        #expect(version.stdout.contains(", no libcurl: it is version 7.86.0, SQLite 3."))
    }

    @Test func `without it a sign-in is not touched`() async throws {
        try work.configure(work.nextEngine())
        let words = ["authorize", "tokyo", "--callback", "-", "-c", work.path("config.toml")]
        let outcome = try await work.run(words, environment: without)
        #expect(outcome.exitCode == 1)
        #expect(
            outcome.stderr.hasPrefix(
                "error network_failed: Nobody can be asked: libcurl cannot be used (\(work.path("broken"))/libcurl.so.4:"
            ),
            "\(outcome.stderr)")
        #expect(outcome.stderr.contains("Nothing was changed.\n  next: \(Self.next)\n"), "\(outcome.stderr)")
        #expect(!work.exists("private/vault.db"))
    }

    @Test(.enabled(if: FaultyDisk.compiler != nil))
    func `without descriptors to be woken by it is not waited for`() async throws {
        let source = """
            #include <errno.h>
            int socketpair(int domain, int type, int protocol, int pair[2]) { errno = EMFILE; return -1; }
            """
        try await FaultyDisk.compile(source, to: "no-pairs.so", in: work)
        try work.configure(work.shopline(resources: "store"))
        let outcome = try await work.sync(environment: ["LD_PRELOAD": work.path("no-pairs.so")])
        // A newer libcurl has other means.
        guard outcome.exitCode != 0 else { return }
        #expect(outcome.exitCode == 1)
        #expect(
            outcome.stderr == """
                error [taipei] network_failed: the store from 127.0.0.1 could not be fetched: libcurl has no \
                descriptors to be woken by.
                  next: \(Self.next)

                """)
    }

    @Test func `what asks nobody anything works without it`() async throws {
        try work.configure(work.shopline(resources: "store"))
        try #require(try await work.sync().exitCode == 0)
        let status = try await work.run(["status", "-c", work.path("config.toml")], environment: without)
        #expect(status.exitCode == 0 && status.stdout.contains("taipei"), "\(status.stderr)")
        let version = try await work.run(["--version"], environment: without)
        #expect(version.exitCode == 0)
        #expect(
            version.stdout.contains(
                ", no libcurl: \(work.path("broken"))/libcurl.so.4: file too short, SQLite 3."))
    }
}
