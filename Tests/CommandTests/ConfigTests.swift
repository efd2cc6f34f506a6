import JSON
import Testing

/// A config that cannot be used: told in full, and nobody is called.
@Suite(.timeLimit(.minutes(10)))
struct ConfigTests {
    /// Lines of a refused config, without the file's path in front of each.
    private func refusal(of text: String, mode: UInt32 = 0o600) async throws -> [String] {
        let work = try Workplace()
        try work.write(text, to: "config.toml", mode: mode)
        let outcome = try await work.run(["sync"])
        #expect(outcome.exitCode == 2)
        #expect(outcome.stdout == "")
        #expect(!work.exists("data"), "nothing was changed")
        #expect(!work.exists("private"), "nothing was changed")
        return outcome.stderr.split(separator: "\n").map(String.init)
    }

    @Test func `every problem is told in one go with line and column`() async throws {
        let lines = try await refusal(
            of: """
                [storage]
                mirrors = "x"
                [run]
                timeout = 60
                max_shrink = 2.5
                [connections.a]
                platform = "shoplin"
                [connections.b]
                platform = "shopline"
                handle = "open001"
                resources = ["order", "products"]
                acces_token = "x"
                [connections.b.orders]
                limit = 5000
                drop = ["customer.email"]
                [conections.c]
                """)
        #expect(
            lines == [
                "config.toml:2:1: unknown key 'mirrors' in [storage]; did you mean 'mirror'?",
                "config.toml:4:11: 'timeout' is an integer; allowed is a duration such as \"90s\", \"50m\", \"2h\" or \"7d\"",
                "config.toml:5:14: 'max_shrink' is 2.5; allowed is a number from 0.0 to 1.0",
                "config.toml:7:12: unknown platform 'shoplin'; did you mean 'shopline'?",
                "config.toml:8:14: [connections.b] lacks 'app_key' (or access_token alone), which shopline needs",
                "config.toml:8:14: [connections.b] lacks 'app_secret' (or access_token alone), which shopline needs",
                "config.toml:11:14: unknown resource 'order' of shopline; did you mean 'orders'?",
                "config.toml:12:1: unknown key 'acces_token' in [connections.b]; did you mean 'access_token'?",
                "config.toml:14:9: 'limit' is 5000; allowed is a whole number from 1 to 100",
                "config.toml:15:9: in 'drop', 'customer.email' is no path: it does not start with '$'; allowed is a path such as $.customer.email, $.line_items[*].properties or $['odd name']",
                "config.toml:16:2: unknown key 'conections' at the top; did you mean 'connections'?",
            ])
    }

    @Test func `a secret's table and a path are told apart from what they are not`() async throws {
        let lines = try await refusal(
            of: """
                [storage]
                mirror = ""
                [connections.b]
                platform = "shopline"
                handle = "open001"
                access_token = { envv = "X" }
                [connections.c]
                platform = "shopline"
                handle = "open002"
                access_token = { file = "" }
                """)
        #expect(
            lines == [
                "config.toml:2:10: 'mirror' is empty; allowed is the name of a file or folder",
                "config.toml:6:18: unknown key 'envv' in 'access_token'; did you mean 'env'?",
                "config.toml:10:16: 'access_token' is a table; allowed is a secret: text, { env = \"NAME\" } or { file = \"path\" }",
            ])
    }

    @Test func `a config that cannot be read says why`() async throws {
        let work = try Workplace()
        try work.write("", to: "data/inside")
        for (name, reason) in [("missing.toml", "No such file or directory"), ("data", "Is a directory")] {
            let outcome = try await work.run(["check", "-c", work.path(name)])
            #expect(outcome.exitCode == 2)
            #expect(
                outcome.stderr.hasPrefix(
                    "error config_invalid: The config file \(work.path(name)) cannot be read: \(reason).\n  next: "
                ))
        }
    }

    @Test func `a syntax error and a wrong key are told together`() async throws {
        let lines = try await refusal(of: "[run]\ntimeout = 5x\nconcurency = 3\n")
        #expect(lines.count == 2)
        #expect(lines.first?.hasPrefix("config.toml:2:11: ") == true)
        #expect(
            lines.last == "config.toml:3:1: unknown key 'concurency' in [run]; did you mean 'concurrency'?")
    }

    @Test(arguments: ["base_url", "sign_in_url"])
    func `plain http is for this machine only`(key: String) async throws {
        let connection = """
            [connections.t]
            platform = "shopline"
            handle = "open001"
            access_token = { env = "SL_STATIC_1" }
            """
        let lines = try await refusal(of: connection + "\n\(key) = \"http://shop.example\"\n")
        let allowed =
            "allowed is an https:// address; plain http:// only for this machine (127.0.0.1, localhost)"
        #expect(
            lines == [
                "config.toml:5:\(key.count + 4): '\(key)' would send tokens over http:// to shop.example; \(allowed)"
            ])
    }

    @Test(arguments: [
        "ftp://127.0.0.1/", "http://127.0.0.1.example.com", "https://", "shop.example", "http://10.0.0.1",
    ])
    func `an address that is not https is refused`(address: String) async throws {
        let lines = try await refusal(
            of:
                "[connections.t]\nplatform='shopline'\nhandle='a'\naccess_token={env='X'}\nbase_url='\(address)'\n"
        )
        #expect(lines.count == 1)
        #expect(lines.first?.hasPrefix("config.toml:5:10: 'base_url' ") == true)
    }

    @Test(arguments: [UInt32(0o640), 0o604, 0o644])
    func `a readable file with a literal secret is refused with the chmod to run`(mode: UInt32) async throws {
        let text =
            "[connections.t]\nplatform = 'shopline'\nhandle = 'open001'\naccess_token = 'literal-secret'\n"
        let lines = try await refusal(of: text, mode: mode)
        #expect(lines.count == 1)
        #expect(
            lines.first?.contains("(mode 0\(String(mode, radix: 8))); run: chmod 600 config.toml") == true)
        #expect(lines.first?.contains("literal-secret") == false)
    }

    @Test func `a readable file without a literal secret is fine`() async throws {
        let work = try Workplace(await SandboxServer())
        try work.configure(work.shopline(resources: "store"), mode: 0o644)
        #expect(try await work.sync().exitCode == 0)
    }

    @Test func `a private file may hold literal secrets`() async throws {
        let sandbox = try await SandboxServer()
        let work = try Workplace(sandbox)
        try work.configure(
            """
            [connections.t]
            platform = "shopline"
            handle = "open001"
            access_token = "SL-STATIC-open001"
            base_url = "\(sandbox.address)/open001"
            resources = ["store"]
            """)
        #expect(try await work.sync().exitCode == 0)
        #expect(try work.mirror.count("SELECT count(*) FROM shopline_store") == 1)
    }

    @Test func `a config error leaves no report unless one is asked for`() async throws {
        let work = try Workplace()
        try work.write("[connections.x]\nplatform = 'nowhere'\n", to: "config.toml")
        let silent = try await work.run(["sync"])
        #expect(silent.exitCode == 2)
        #expect(!work.exists("data/reports"))
        let asked = try await work.run(["sync", "--report", "-"])
        #expect(asked.exitCode == 2)
        let report = try Report(asked.stdout)
        #expect(report.status == "failed")
        #expect(report.exitCode == 2)
        #expect(report.json["error"]?["code"]?.stringValue == "config_invalid")
        #expect(report.json["error"]?["message"]?.stringValue?.contains("config.toml:2:12: ") == true)
        #expect(!work.exists("data"))
    }

    // MARK: Secrets that cannot be had

    @Test(arguments: [
        (
            "SL_STATIC_2", "",
            "The secret access_token cannot be had: the environment variable SL_STATIC_2 is not set."
        ),
        (
            "SL_STATIC_2", " x-padded ",
            "The secret access_token cannot be had: its value in the environment variable SL_STATIC_2 begins or ends with a blank."
        ),
    ])
    func `a secret that cannot be had fails its own connection only`(
        name: String, value: String, message: String
    ) async throws {
        let sandbox = try await SandboxServer()
        let work = try Workplace(sandbox)
        try work.configure(
            work.privateApp("good", store: 1, resources: "store"),
            work.privateApp("bad", store: 2, resources: "store"))
        let outcome = try await work.sync(environment: [name: value])
        #expect(outcome.exitCode == 1)
        #expect(outcome.stderr.contains("error [bad] config_invalid: \(message)\n"))
        let report = try work.latestReport()
        #expect(report.status == "partial")
        #expect(try report.connection("bad")["error"]?["code"]?.stringValue == "config_invalid")
        #expect(try report.connection("bad")["error"]?["message"]?.stringValue == message)
        #expect(try report.connection("good")["status"]?.stringValue == "succeeded")
        #expect(try work.mirror.texts("SELECT connection FROM shopline_store") == ["good"])
        #expect(try sandbox.requests(to: "/open002/") == 0)
    }

    @Test func `a secret file may end with one newline and no more`() async throws {
        let work = try Workplace(await SandboxServer())
        func connection(_ id: String, _ file: String) -> String {
            work.privateApp(id, resources: "store").replacing(
                "{ env = \"SL_STATIC_1\" }", with: "{ file = \"\(file)\" }")
        }
        try work.write("SL-STATIC-open001\n", to: "secrets/one")
        try work.write("SL-STATIC-open001\n\n", to: "secrets/two")
        try work.write("", to: "secrets/empty")
        try work.configure(
            connection("one", "secrets/one"), connection("two", "secrets/two"),
            connection("empty", "secrets/empty"),
            connection("missing", "secrets/missing"))
        let outcome = try await work.sync()
        #expect(outcome.exitCode == 1)
        let report = try work.latestReport()
        func status(_ id: String) throws -> String? { try report.connection(id)["status"]?.stringValue }
        #expect(try status("one") == "succeeded")
        #expect(try status("two") == "failed")
        #expect(try status("empty") == "failed")
        #expect(try status("missing") == "failed")
        #expect(
            outcome.stderr.contains(
                "error [empty] config_invalid: The secret access_token cannot be had: the file"))
        #expect(outcome.stderr.contains("secrets/missing cannot be read: No such file or directory."))
    }

    @Test func `a connection that is not enabled is left out`() async throws {
        let sandbox = try await SandboxServer()
        let work = try Workplace(sandbox)
        try work.configure(
            work.shopline("on", resources: "store"),
            work.shopline("off", store: 2, resources: "store", "enabled = false"))
        #expect(try await work.sync().exitCode == 0)
        #expect(try work.mirror.texts("SELECT connection FROM shopline_store") == ["on"])
        #expect(try sandbox.requests(to: "/open002/") == 0)
    }
}
