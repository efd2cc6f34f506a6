import Foundation
import Glibc
import JSON
import Testing

/// Signing in, as a person with a browser does it.
extension Workplace {
    /// A connection of a user of the simulated AiHubMix.
    func aiHubMix(
        _ id: String = "models", user: Int? = nil, secret: String = "sandbox-hub-secret", _ more: String = ""
    )
        -> String
    {
        let suffix = user == 1 ? "" : "-\(user ?? 1)"
        let tokens =
            user == nil
            ? "" : "access_token = \"HUB-ACCESS-1\(suffix)\"\nrefresh_token = \"HUB-REFRESH-1\(suffix)\""
        return """
            [connections.\(id)]
            platform = "aihubmix"
            client_id = "sandbox-hub-client"
            client_secret = "\(secret)"
            redirect_uri = "https://example.com/oauth/callback"
            base_url = "\(sandbox?.address ?? "http://127.0.0.1:1")"
            requests_per_second = 0
            \(tokens)
            \(more)

            """
    }

    /// A connection of a user of the simulated account center.
    func accountCenter(_ id: String = "staff", password: Int? = nil, _ more: String = "") -> String {
        let words = [1: "sandbox-password", 2: "sandbox-admin"]
        let pair =
            password.map { "phone_number = \"1990000000\($0)\"\npassword = \"\(words[$0] ?? "wrong")\"" }
            ?? ""
        return """
            [connections.\(id)]
            platform = "account-center"
            base_url = "\(sandbox?.address ?? "http://127.0.0.1:1")"
            requests_per_second = 0
            \(pair)
            \(more)

            """
    }

    /// A store's OAuth app without any token.
    func newStore(
        _ id: String = "taipei", store: Int = 1, secret: String = "sandbox-app-secret", _ more: String = ""
    )
        -> String
    {
        """
        [connections.\(id)]
        platform = "shopline"
        handle = "open00\(store)"
        app_key = "sandbox-app-key"
        app_secret = "\(secret)"
        redirect_uri = "https://example.com/callback"
        base_url = "\(sandbox?.address ?? "http://127.0.0.1:1")/open00\(store)"
        resources = ["store", "orders"]
        \(more)

        """
    }

    /// A Next Engine app without any token.
    func newCompany(_ id: String = "tokyo", secret: String = "sandbox-secret") -> String {
        """
        [connections.\(id)]
        platform = "next-engine"
        client_id = "sandbox-client"
        client_secret = "\(secret)"
        redirect_uri = "https://localhost:3000/callback"
        base_url = "\(sandbox?.address ?? "http://127.0.0.1:1")"
        requests_per_second = 0

        """
    }

    /// Runs the program with this text on its standard input.
    func run(_ arguments: [String], input: String, hooks: String = "") async throws -> Outcome {
        let name = ".in-\(UUID().uuidString)"
        try write(input, to: name)
        let descriptor = open(path(name), O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        return try await start(arguments, hooks: hooks, stdin: descriptor, stdout: nil).outcome()
    }

    /// Starts the program with streams of the caller's.
    func start(_ arguments: [String], hooks: String = "", stdin: Int32, stdout: Int32?) throws -> StartedRun {
        let environment = Self.secrets.merging(
            ["HOME": folder, "TZ": "UTC", "SHOPMIRROR_TEST": "skip-waits,\(hooks)"]
        ) { $1 }
        let number = UUID().uuidString
        let (out, err) = (path(".out-\(number)"), path(".err-\(number)"))
        let files = [out, err].map { (path: String) in open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600) }
        defer { for file in files { close(file) } }
        let process = try RunningProcess(
            Programs.path("shopmirror"), arguments, environment: environment, in: folder,
            streams: [0: stdin, 1: stdout ?? files[0], 2: files[1]])
        return StartedRun(process: process, stdout: out, stderr: err)
    }

    func command(_ words: String..., hooks: String = "") async throws -> Outcome {
        try await run(words + ["-c", path("config.toml")], input: "", hooks: hooks)
    }

    /// The sign-in address that the program prints.
    func signInAddress(of id: String, hooks: String = "") async throws -> String {
        let outcome = try await command("authorize", id, "--print-url", hooks: hooks)
        try #require(outcome.exitCode == 0, "\(outcome.stderr)")
        return outcome.stdout.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Hands a callback over.
    func finish(_ id: String, with callback: String, hooks: String = "") async throws -> Outcome {
        try await run(
            ["authorize", id, "--callback", "-", "-c", path("config.toml")], input: callback + "\n",
            hooks: hooks)
    }

    /// Signs in from beginning to end.
    func authorize(_ id: String, account: String? = nil) async throws -> Outcome {
        let callback = try #require(sandbox).callback(for: try await signInAddress(of: id), account: account)
        return try await finish(id, with: callback)
    }

    /// The tokens that the vault holds, as text.
    func storedTokens(of id: String) throws -> [String?]? {
        guard exists("private/vault.db") else { return nil }
        return try vault.rows("SELECT access_token, refresh_token FROM tokens WHERE connection='\(id)'").first
    }

    /// Looks for secrets in everything but the vault and the config.
    func expectNowhere(_ secrets: [String], in outcomes: [Outcome] = []) throws {
        var texts = outcomes.flatMap { [$0.stdout, $0.stderr] }
        let all =
            FileManager.default.enumerator(atPath: path("data"))?.allObjects.compactMap { $0 as? String }
            ?? []
        for name in all {
            if let data = try? bytes("data/\(name)") { texts.append(String(decoding: data, as: UTF8.self)) }
        }
        for secret in secrets where secret.utf8.count > 3 {
            #expect(!texts.contains { $0.contains(secret) }, "\(secret.prefix(24)) was found")
        }
    }
}

extension SandboxServer {
    /// Plays the browser: opens a sign-in address and tells where it is sent to.
    func callback(for address: String, account: String? = nil) throws -> String {
        let encoded = address.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let chosen = account.map { "&account=\($0)" } ?? ""
        let answer = try LoopbackClient.get("/sandbox/authorize?url=\(encoded)\(chosen)", port: port)
        let location = answer.split(separator: "\r\n").first { $0.lowercased().hasPrefix("location:") }
        return try #require(location, "\(answer)").dropFirst(9).trimmingCharacters(in: .whitespaces)
    }

    /// What the sandbox says of a platform's account.
    func figure(_ name: String, of account: String, on platform: String) throws -> Int64? {
        try self.account(account, of: platform)[name]?.int64Value
    }
}

/// One request over a plain socket of this machine.
enum LoopbackClient {
    static func get(_ target: String, port: Int) throws -> String {
        try send("GET \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", port: port)
    }

    static func send(_ text: String, port: Int) throws -> String {
        let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { close(client) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(client, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(connected == 0, "nobody listens on \(port)")
        let bytes = Array(text.utf8)
        try #require(Glibc.send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count)
        shutdown(client, Int32(SHUT_WR))
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = recv(client, &buffer, buffer.count, 0), count > 0 {
            answer += buffer[..<count]
        }
        return String(decoding: answer, as: UTF8.self)
    }
}
