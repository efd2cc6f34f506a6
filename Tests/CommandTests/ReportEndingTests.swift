import Foundation
import Glibc
import JSON
import Testing

/// What a run leaves behind beside its report: page, snapshot, and a word to others.
@Suite(.timeLimit(.minutes(2)))
struct ReportEndingTests {
    @Test func `the page is renewed after every run`() async throws {
        let work = try Workplace(try await SandboxServer())
        try work.configure(
            work.privateApp(resources: "locations"), storage: "html = \"data/reports/index.html\"")
        #expect(try await work.sync().stderr == "")
        #expect(
            String(decoding: try work.bytes("data/reports/index.html"), as: UTF8.self).contains(
                "data-reports=\"1\""))
        try await work.sync()
        #expect(
            String(decoding: try work.bytes("data/reports/index.html"), as: UTF8.self).contains(
                "data-reports=\"2\""))
    }

    @Test func `a page that cannot be written is a warning`() async throws {
        let work = try Workplace(try await SandboxServer())
        try work.configure(
            work.privateApp(resources: "locations"), storage: "html = \"config.toml/index.html\"")
        let outcome = try await work.sync()
        #expect(outcome.exitCode == 0)
        #expect(outcome.stderr.hasPrefix("warning storage_failed: The page "))
    }

    @Test func `a snapshot is one plain file with the finished run, made when something changed`()
        async throws
    {
        let work = try Workplace(try await SandboxServer())
        try work.configure(work.privateApp(resources: "orders"), storage: "snapshot = \"copies/snapshot.db\"")
        #expect(try await work.sync().stderr == "")
        let copy = MirrorFile(path: work.path("copies/snapshot.db"))
        #expect(try copy.text("PRAGMA journal_mode") == "delete")
        #expect(try copy.count("SELECT count(*) FROM shopline_orders") > 0)
        #expect(try copy.text("SELECT status FROM runs") == "succeeded")
        let first = try work.inode(of: "copies/snapshot.db")
        try await work.sync()
        #expect(try work.inode(of: "copies/snapshot.db") == first)
        try work.sandbox?.control(
            #"{"op":"edit","resource":"shopline.orders","account":"open001","changes":{"update":1}}"#)
        try await work.sync("--full")
        #expect(try work.inode(of: "copies/snapshot.db") != first)
        #expect(try copy.count("SELECT count(*) FROM runs") == 3)
        #expect(!work.exists("copies/snapshot.db.tmp"))
    }

    @Test func `a snapshot that fails is a warning in the report and in the mirror`() async throws {
        let work = try Workplace(try await SandboxServer())
        try work.configure(
            work.privateApp(resources: "locations"), storage: "snapshot = \"config.toml/copy.db\"")
        let outcome = try await work.sync()
        #expect(outcome.exitCode == 0)
        #expect(outcome.stderr.contains("warning snapshot_failed: "))
        let report = try JSONValue.parse([UInt8](work.bytes("data/reports/latest.json")))
        #expect(report["warnings"]?[0]?["code"]?.stringValue == "snapshot_failed")
        let stored = try #require(try work.mirror.text("SELECT report FROM runs"))
        #expect(try JSONValue.parse(Array(stored.utf8)) == report)
    }

    @Test func `the program after a run gets the report and no secret`() async throws {
        let work = try Workplace(try await SandboxServer())
        try work.configure(
            work.privateApp(resources: "locations"),
            run:
                "after = [\"sh\", \"-c\", \"cat > seen.json; env > seen.env; grep SigBlk /proc/self/status > seen.mask\"]"
        )
        let copy = ["INDIRECT": "x SL-STATIC-open001 x", "PATH": "/usr/bin:/bin"]
        let outcome = try await work.sync(environment: copy)
        #expect(outcome.exitCode == 0 && outcome.stderr == "" && outcome.stdout == "")
        #expect(try work.bytes("seen.json") == work.bytes("data/reports/latest.json"))
        let environment = String(decoding: try work.bytes("seen.env"), as: UTF8.self)
        #expect(!environment.contains("SL-STATIC-open001"))
        #expect(!environment.contains("SL_STATIC_1=") && !environment.contains("INDIRECT"))
        #expect(environment.contains("SHOPMIRROR_STATUS=succeeded"))
        #expect(String(decoding: try work.bytes("seen.mask"), as: UTF8.self).hasSuffix("0000000000000000\n"))
    }

    @Test(arguments: [
        ("\"false\"", "ended with exit code 1"), ("\"no-such-program\"", "could not be started: "),
        ("\"sh\", \"-c\", \"kill -9 $$\"", "was ended by signal 9"),
        (
            "\"sh\", \"-c\", \"trap '' TERM; cat > /dev/null; kill -STOP $$\"",
            "was ended after 1 s, its time limit"
        ),
    ])
    func `a program after a run that fails is a warning`(command: String, reason: String) async throws {
        let work = try Workplace(try await SandboxServer())
        try work.configure(
            work.privateApp(resources: "locations"), run: "after = [\(command)]\nafter_timeout = \"1s\"")
        let outcome = try await work.sync(environment: ["PATH": "/usr/bin:/bin"])
        #expect(outcome.exitCode == 0)
        #expect(outcome.stderr.contains("warning hook_failed: ") && outcome.stderr.contains(reason))
    }

    @Test func `a switch that does not answer well is a warning, and its address stays unsaid`() async throws
    {
        let sandbox = try await SandboxServer()
        let work = try Workplace(sandbox)
        try work.configure(
            work.privateApp(resources: "locations"),
            run: "ping_url = \"\(sandbox.address)/ping/some-secret-key\"")
        let outcome = try await work.sync()
        #expect(outcome.exitCode == 0)
        #expect(
            outcome.stderr.contains("warning hook_failed: The ping to 127.0.0.1 failed: it answered HTTP 404")
        )
        #expect(!outcome.stderr.contains("some-secret-key"))
    }

    @Test func `a dry run tells nobody`() async throws {
        let work = try Workplace(try await SandboxServer())
        try work.configure(work.privateApp(resources: "locations"), run: "after = [\"touch\", \"seen\"]")
        try await work.sync("--dry-run", environment: ["PATH": "/usr/bin:/bin"])
        #expect(!work.exists("seen"))
        try await work.sync(environment: ["PATH": "/usr/bin:/bin"])
        #expect(work.exists("seen"))
    }

    @Test(arguments: [
        ("http://example.com/x", "'ping_url' would go over http:// to example.com"),
        ("ftp://127.0.0.1/x", "'ping_url' would go over ftp://"),
        ("nonsense", "'ping_url' is no usable address"),
    ])
    func `a ping address that is not safe is a config error`(url: String, message: String) async throws {
        let work = try Workplace()
        try work.configure(work.privateApp(), run: "ping_url = \"\(url)\"")
        let outcome = try await work.sync()
        #expect(outcome.exitCode == 2 && outcome.stderr.contains(message))
    }
}

extension Workplace {
    func inode(of name: String) throws -> UInt64 {
        var info = stat()
        try #require(stat(path(name), &info) == 0)
        return UInt64(info.st_ino)
    }
}
