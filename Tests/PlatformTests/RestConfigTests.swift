import Platforms
import Sync
import Testing

/// What a config may say of a platform of its own.
struct RestConfigTests {
    private func mistakes(_ text: String) -> [String] {
        do {
            _ = try ConfigLoader.parse(Array(text.utf8), path: "c", mode: 0o600, platforms: platforms)
            return []
        } catch let error as ConfigError {
            return error.lines
        } catch {
            return ["\(error)"]
        }
    }

    private func one(
        _ lines: String, _ resource: String = "path = \"x\"\nkey = [\"id\"]", auth: String = "auth = \"none\""
    )
        -> String
    {
        """
        [connections.one]
        platform = "rest"
        base_url = "https://api.example.com"
        \(auth)
        \(lines)
        [connections.one.custom.things]
        \(resource)
        """
    }

    @Test func `the least that is needed is an address, a path and a key`() throws {
        let config = try ConfigLoader.parse(Array(one("").utf8), path: "c", mode: 0o600, platforms: platforms)
        let connection = try #require(config.connections.first)
        #expect(
            connection.baseURL == "https://api.example.com" && connection.platform.tablePrefix == "rest_one")
        let resource = try #require(connection.resources.first?.resource)
        #expect(resource.pagination == .single && resource.records == [] && resource.cursor == nil)
        #expect(connection.platform.seeds.isEmpty && connection.isEnabled)
    }

    @Test func `how listings go on is said once for a connection, and may differ for a resource`() throws {
        let pages = "pages = { kind = \"link\", limit = \"n\" }"
        let text =
            one(pages) + "\n[connections.one.custom.others]\npath = \"y\"\nkey = [\"id\"]\n"
            + "pages = { kind = \"page\", page = \"p\", pages = \"meta.pages\" }"
        let config = try ConfigLoader.parse(Array(text.utf8), path: "c", mode: 0o600, platforms: platforms)
        let resources = try #require(config.connections.first?.resources.map(\.resource))
        #expect(
            resources.map(\.pagination) == [
                .linkHeader(limit: "n"),
                .pageNumber(page: "p", size: nil, total: nil, pages: ["meta", "pages"]),
            ])
    }

    @Test(arguments: [
        (
            "auth = \"oauth\"",
            "c:4:8: 'auth' is \"oauth\"; known: none, bearer, header, basic, refresh_token, client_credentials"
        ),
        (
            "",
            "c:1:14: [connections.one] lacks 'auth'; allowed are none, bearer, header, basic, refresh_token, client_credentials"
        ),
        (
            "auth = 1",
            "c:4:8: 'auth' is an integer; allowed is none, bearer, header, basic, refresh_token, client_credentials"
        ),
        ("auth = \"header\"", "c:1:14: [connections.one] lacks 'auth_header', which rest needs"),
        (
            "auth = \"client_credentials\"\ntoken_url = \"http://login.example.com\"\nclient_id = { env = \"A\" }\nclient_secret = { env = \"B\" }",
            "c:5:13: 'token_url' is \"http://login.example.com\"; allowed is an https:// address; plain http:// only for this machine (127.0.0.1, localhost)"
        ),
        (
            "auth = \"none\"\naccess_token = { env = \"A\" }",
            "c:5:1: unknown key 'access_token' in [connections.one];"
        ),
        (
            "auth = \"none\"\nheaders = { Authorization = \"x\" }",
            "c:5:13: 'Authorization' cannot stand in 'headers'; it is set by 'auth' or by the connection itself"
        ),
        ("auth = \"none\"\nheaders = { X-A = 1 }", "c:5:19: 'X-A' is an integer; allowed is a secret: text,"),
        (
            "auth = \"none\"\ntimes = \"epoch\"",
            "c:5:9: 'times' is \"epoch\"; known: iso8601, utc, unix, unix_ms"
        ),
        (
            "auth = \"none\"\npages = { kind = \"links\" }",
            "c:5:18: 'kind' is \"links\"; did you mean 'link'?"
        ),
        (
            "auth = \"none\"\npages = { kind = \"page\" }",
            "c:5:11: 'pages' lacks 'page', the parameter's name"
        ),
        (
            "auth = \"none\"\npages = { kind = \"cursor\", cursor = \"c\" }",
            "c:5:11: 'pages' says neither 'next'"
        ),
        (
            "auth = \"none\"\npages = { kind = \"page\", page = \"p\", totl = \"t\" }",
            "c:5:38: unknown key 'totl' in [connections.one.pages]; did you mean 'total'?"
        ),
        (
            "auth = \"none\"\npages = { kind = \"link\", limit = \"a b\" }",
            "c:5:34: the parameter 'a b' cannot be used"
        ),
        (
            "auth = \"none\"\nsign_in_url = \"https://x.example.com\"",
            "c:5:1: unknown key 'sign_in_url' in [connections.one];"
        ),
    ])
    func `a wrong key of the connection is told with its place`(auth: String, problem: String) {
        let found = mistakes(one("", auth: auth))
        #expect(found.contains { $0.hasPrefix(problem) }, "\(found)")
    }

    @Test(arguments: [
        ("cursor = \"at\"", "c:9:10: the cursor 'at' needs 'cursor_since'"),
        ("cursor_since = \"from\"", "c:9:16: 'cursor_since' needs 'cursor'"),
        (
            "cursor = \"at\"\ncursor_since = \"from\"\ncursor_times = \"unix_s\"",
            "c:11:16: 'cursor_times' is \"unix_s\"; did you mean 'unix_ms'?"
        ),
        (
            "cursor = \"at\"\ncursor_since = \"from\"\nupdated = \"other\"",
            "c:11:11: 'updated' is 'other' but the cursor is 'at'"
        ),
        ("parameters = { state = 1 }", "c:9:24: 'state' is an integer; allowed is text in quotes"),
        ("limit = 20000", "c:9:9: 'limit' is 20000; allowed is a whole number from 1 to 10000"),
    ])
    func `a wrong declaration is told with its place`(lines: String, problem: String) {
        let found = mistakes(one("", "path = \"x\"\nkey = [\"id\"]\n\(lines)"))
        #expect(found.contains { $0.hasPrefix(problem) }, "\(found)")
    }

    @Test func `the last key goes on only where it is a single one`() {
        let found = mistakes(
            one(
                "",
                "path = \"x\"\nkey = [\"a\", \"b\"]\npages = { kind = \"cursor\", cursor = \"c\", more = \"m\" }"
            ))
        #expect(found.first?.contains("so 'key' has to be a single field") == true, "\(found)")
    }

    @Test func `an address and a resource are needed`() {
        let found = mistakes("[connections.one]\nplatform = \"rest\"\nauth = \"none\"\n")
        #expect(found.count == 2, "\(found)")
        #expect(
            found.contains { $0.contains("lacks 'base_url'") }
                && found.contains { $0.contains("declares no resource") })
    }

    @Test(arguments: [
        ("a-b", "things", "a.b", "things"), ("A", "things", "a", "things"), ("a", "b_c", "a_b", "c"),
        ("a", "b", "a_b", "data"),
    ])
    func `two connections that would share a table are refused`(
        first: String, resource: String, second: String, other: String
    ) {
        func connection(_ id: String, _ name: String) -> String {
            """
            [connections."\(id)"]
            platform = "rest"
            base_url = "https://api.example.com"
            auth = "none"
            [connections."\(id)".custom.\(name)]
            path = "x"
            key = ["id"]

            """
        }
        let found = mistakes(connection(first, resource) + connection(second, other))
        #expect(found.count == 1 && found[0].contains("meets one of [connections.\(first)]"), "\(found)")
        #expect(mistakes(connection("a", "things") + connection("b", "things")) == [])
    }

    @Test func `text in a header may be seen by others, a secret may not`() throws {
        let text = one("headers = { User-Agent = \"shop\" }")
        _ = try ConfigLoader.parse(Array(text.utf8), path: "c", mode: 0o644, platforms: platforms)
        let error = #expect(throws: ConfigError.self) {
            let literal = one("", auth: "auth = \"bearer\"\naccess_token = \"abc\"")
            _ = try ConfigLoader.parse(Array(literal.utf8), path: "c", mode: 0o644, platforms: platforms)
        }
        #expect(error?.lines.first?.contains("chmod 600") == true)
    }
}
