import JSON
import Platforms
import Testing

@testable import Sync

/// Resources that a config declares by itself.
struct CustomResourceTests {
    private func plan(_ platform: String, _ name: String, _ lines: String) throws -> (
        ResourcePlan, Connection
    ) {
        let connection = try Connections.make(platform, "[connections.one.custom.\(name)]\n\(lines)")
        return (try #require(connection.resource(named: name)), connection)
    }

    private func calls(_ plan: ResourcePlan, _ connection: Connection, since: Timestamp? = nil) -> [String] {
        let listing = Listing(
            of: plan, connection: connection, since: since, until: nil, now: Timestamp(secondsSinceEpoch: 0),
            kind: .full)
        return listing.call(at: Position()).parameters.map { "\($0.name)=\($0.value)" }
    }

    // MARK: What becomes of a declaration

    @Test
    func `a lookup needs a path and a key`() throws {
        let (plan, connection) = try plan(
            "next-engine", "delivery_dates",
            #"path = "/api_v1_system_deliverydate/info"\#nkey = ["delivery_date_id"]"#)
        #expect(plan.isSelected)
        #expect(plan.resource.path == "/api_v1_system_deliverydate/info")
        #expect(plan.resource.key == ["delivery_date_id"] && plan.resource.records == ["data"])
        #expect(MirrorSchema.view(of: plan.resource, on: connection.platform) == "next_engine_delivery_dates")
        #expect(MirrorSchema.columns(of: plan.resource).map(\.name) == ["delivery_date_id"])
        #expect(calls(plan, connection).isEmpty)
        #expect(connection.plans(named: []).map(\.resource.name) == ["shops", "delivery_dates"])
        #expect(connection.plans(named: ["delivery_dates"]).map(\.resource.name) == ["delivery_dates"])
    }

    @Test
    func `a paged, incremental search asks for its fields, cursor and columns`() throws {
        let (plan, connection) = try plan(
            "next-engine", "images",
            """
            path = "/api_v1_master_goodsimage/search"
            key = ["goods_image_goods_id", "goods_image_no"]
            fields = ["goods_image_url"]
            cursor = "goods_image_last_modified_null_safe_date"
            created = "goods_image_creation_date"
            limit = 200
            columns = { goods_image_size = "integer" }
            since = 2026-01-01
            full_every = "30d"
            drop = ["$.goods_image_url"]
            """)
        let since = try #require(Timestamp("2026-01-10T15:00:00Z"))
        #expect(
            calls(plan, connection, since: since) == [
                "goods_image_last_modified_null_safe_date-gte=2026-01-11 00:00:00",
                "fields=goods_image_goods_id,goods_image_no,goods_image_last_modified_null_safe_date,"
                    + "goods_image_creation_date,goods_image_url,goods_image_size",
                "offset=0", "limit=200",
            ])
        #expect(plan.fullEverySeconds == 30 * 86_400 && plan.drop.count == 1 && plan.since != nil)
        let kinds = plan.resource.columns.map { "\($0.name) \($0.kind.rawValue)" }
        #expect(
            kinds == [
                "goods_image_size integer", "goods_image_goods_id exact", "goods_image_no exact",
                "goods_image_last_modified_null_safe_date time", "goods_image_creation_date time",
                "goods_image_url text",
            ])
    }

    @Test
    func `a listing of the other platform goes on by its links`() throws {
        let (plan, connection) = try plan(
            "shopline", "gift_cards",
            """
            path = "gift_card/gift_cards.json"
            key = ["id"]
            cursor = "updated_at"
            columns = { "customer.id" = "exact", balance = "exact" }
            """)
        let since = try #require(Timestamp("2026-01-10T15:00:00Z"))
        #expect(
            calls(plan, connection, since: since) == ["updated_at_min=2026-01-10T15:00:00+00:00", "limit=50"])
        #expect(plan.resource.records == ["gift_cards"] && plan.resource.path == "gift_card/gift_cards.json")
        #expect(plan.resource.columns.map(\.name) == ["customer_id", "balance", "id", "updated_at"])
        let (other, _) = try self.plan(
            "shopline", "draft_orders",
            "path = \"/orders/drafts.json\"\nkey = [\"id\"]\nrecords = \"data.drafts\"")
        #expect(other.resource.records == ["data", "drafts"] && other.resource.path == "orders/drafts.json")
        #expect(other.resource.cursor == nil)
    }

    @Test
    func `changing what is asked for makes the next pull a full one`() throws {
        let declaration = { (fields: String) in
            "path = \"/x/search\"\nkey = [\"id\"]\nfields = [\(fields)]"
        }
        let (first, _) = try plan("next-engine", "things", declaration("\"a\""))
        let (second, _) = try plan("next-engine", "things", declaration("\"a\", \"b\""))
        #expect(first.fingerprint != second.fingerprint)
    }

    // MARK: What is refused

    @Test(arguments: [
        ("orders", "5:25: 'orders' is a resource of next-engine already; choose another name"),
        (
            "Things",
            "5:25: the custom resource's name 'Things' cannot be used; allowed are up to 40 of a-z, 0-9 and '_', a letter first, not ending in _data, _feed, _gone, _newest"
        ),
        (
            "shops_data",
            "5:25: the custom resource's name 'shops_data' cannot be used; allowed are up to 40 of a-z, 0-9 and '_', a letter first, not ending in _data, _feed, _gone, _newest"
        ),
    ])
    func `a name that would meet another table is refused`(name: String, problem: String) {
        let lines = "[connections.one.custom.\(name)]\npath = \"/x/info\"\nkey = [\"id\"]"
        #expect(Connections.mistakes("next-engine", lines) == ["config.toml:\(problem)"])
    }

    @Test
    func `a name of a list view is refused`() {
        let lines = "[connections.one.custom.order_refunds]\npath = \"x.json\"\nkey = [\"id\"]"
        #expect(
            Connections.mistakes("shopline", lines) == [
                "config.toml:5:25: 'order_refunds' is a view of 'orders' of shopline already; choose another name"
            ])
    }

    @Test(arguments: [
        (
            "key = [\"id\"]",
            ["5:25: [connections.one.custom.x] lacks 'path', the call's path"]
        ),
        (
            "path = \"/x/info\"",
            ["5:25: [connections.one.custom.x] lacks 'key', the fields of the key, such as [\"id\"]"]
        ),
        ("path = \"/x/info\"\nkey = []", ["7:7: 'key' is empty; allowed are the fields of the key"]),
        ("path = \"/x/info\"\nkey = [\"a\", \"a\"]", ["7:13: 'a' stands twice in 'key'; once is enough"]),
        (
            "path = \"/x/info\"\nkey = [\"a'b\"]",
            [
                "7:8: the field 'a'b' cannot be used; allowed are letters, digits, '_' and '-', with '.' between members"
            ]
        ),
        (
            "path = \"/x/info\"\nkey = [\"id\"]\nkeys = 1\nfull_evry = \"1d\"",
            [
                "8:1: unknown key 'keys' in [connections.one.custom.x]; did you mean 'key'?",
                "9:1: unknown key 'full_evry' in [connections.one.custom.x]; did you mean 'full_every'?",
            ]
        ),
        (
            "path = \"/x/info\"\nkey = [\"id\"]\ncolumns = { a = \"money\", b = 1 }",
            [
                "8:17: the column 'a' is \"money\"; allowed are text, integer, exact, time, date, boolean, json",
                "8:30: the column 'b' is an integer; allowed are text, integer, exact, time, date, boolean, json",
            ]
        ),
        (
            "path = \"/x/info\"\nkey = [\"id\"]\ncolumns = { \"a.b\" = \"text\", a_b = \"text\" }",
            ["5:25: two columns of 'x' are called 'a_b'; name each once"]
        ),
        (
            "path = \"https://elsewhere/x?y=1\"\nkey = [\"id\"]",
            [
                "6:8: the path \"https://elsewhere/x?y=1\" cannot be used; allowed is the path behind the platform's address, without host and query"
            ]
        ),
        (
            "path = \"/api_v1_master_shop/update\"\nkey = [\"id\"]",
            [
                "6:8: the path \"/api_v1_master_shop/update\" cannot be read from; allowed are /ENTITY/search and /ENTITY/info, such as /api_v1_system_deliverydate/info"
            ]
        ),
        (
            "path = \"/x/search\"\nkey = [\"id\"]",
            ["5:25: 'x' lacks 'fields' (or 'columns'), which a /search path needs"]
        ),
        (
            "path = \"/x/info\"\nkey = [\"id\"]\ncursor = \"changed\"",
            ["8:10: the cursor 'changed' cannot be used; an /info path always gives every row"]
        ),
        (
            "path = \"/x/search\"\nkey = [\"id\"]\nfields = [\"id\"]\nlimit = 10001",
            ["9:9: 'limit' is 10001; allowed is a whole number from 1 to 10000"]
        ),
        (
            "path = \"/x/search\"\nkey = [\"id\"]\nfields = [\"receive_order_purchaser_name\"]",
            [
                "8:11: the field 'receive_order_purchaser_name' is personal data; set personal_data = true under [connections.one] to ask for it"
            ]
        ),
        (
            "path = \"/x/info\"\nkey = [\"id\"]\nsince = 2026-01-01",
            ["8:1: 'since' cannot be used for 'x'; it has no modification time to ask by"]
        ),
    ])
    func `a wrong declaration is told with its place`(declaration: String, problems: [String]) {
        let lines = "[connections.one.custom.x]\n\(declaration)"
        #expect(Connections.mistakes("next-engine", lines) == problems.map { "config.toml:\($0)" })
    }

    @Test
    func `a platform without custom resources says so`() throws {
        var platform = try #require(platforms.first)
        platform.custom = nil
        let text = """
            [connections.one]
            platform = "next-engine"
            client_id = { env = "A" }
            client_secret = { env = "B" }
            [connections.one.custom.x]
            path = "/x/info"
            key = ["id"]
            """
        let error = #expect(throws: ConfigError.self) {
            try ConfigLoader.parse(Array(text.utf8), path: "config.toml", mode: 0o600, platforms: [platform])
        }
        #expect(
            error?.lines.first
                == "config.toml:5:25: next-engine has no custom resources; take [connections.one.custom.x] out"
        )
    }

    @Test
    func `settings of a custom resource have one place`() {
        let lines = """
            [connections.one.custom.x]
            path = "/x/info"
            key = ["id"]
            [connections.one.x]
            full_every = "1d"
            """
        #expect(
            Connections.mistakes("next-engine", lines) == [
                "config.toml:8:18: the settings of 'x' stand in [connections.one.custom.x]; move them there"
            ])
    }

    @Test
    func `one name is one table, whichever connection declares it`() {
        let lines = { (key: String) in
            """
            [connections.one.custom.x]
            path = "/x/info"
            key = ["id"]
            [connections.two]
            platform = "next-engine"
            client_id = { env = "A" }
            client_secret = { env = "B" }
            [connections.two.custom.x]
            path = "/x/info"
            key = ["\(key)"]
            """
        }
        #expect(Connections.mistakes("next-engine", lines("id")) == [])
        #expect(
            Connections.mistakes("next-engine", lines("number")) == [
                "config.toml:12:25: 'x' is declared otherwise in [connections.one.custom.x]; both are one table of the"
                    + " mirror, so give them the same path, key and columns, or different names"
            ])
    }

    @Test
    func `a custom resource may be named, and its name is suggested`() {
        let custom = "[connections.one.custom.widgets]\npath = \"/x/info\"\nkey = [\"id\"]"
        #expect(Connections.mistakes("next-engine", "resources = [\"shops\", \"widgets\"]\n\(custom)") == [])
        #expect(
            Connections.mistakes("next-engine", "resources = [\"wigdets\"]\n\(custom)") == [
                "config.toml:5:14: unknown resource 'wigdets' of next-engine; did you mean 'widgets'?"
            ])
    }
}
