import JSON
import Platforms
import Testing

@testable import Sync

/// What a config may say of one resource.
struct ResourceSettingsTests {
    private func plan(_ platform: String, _ resource: String, _ lines: String) throws -> ResourcePlan {
        let connection = try Connections.make(platform, "[connections.one.\(resource)]\n\(lines)")
        return try #require(connection.resource(named: resource))
    }

    @Test
    func `every setting of a resource is taken`() throws {
        let plan = try plan(
            "shopline", "orders",
            """
            since = 2025-01-01
            drop = ["$.customer.email", "$.line_items[*].properties", "$['odd name']"]
            fields = ["name", "total_tax"]
            limit = 20
            full_every = "30d"
            """)
        #expect(plan.since?.text == "2025-01-01T00:00:00Z")
        #expect(
            plan.drop.map(\.description) == [
                "$.customer.email", "$.line_items[*].properties", "$['odd name']",
            ])
        #expect(
            plan.fields == ["id", "updated_at", "created_at", "name", "total_tax"], "key and times come along"
        )
        #expect(plan.limit == 20 && plan.fullEverySeconds == 30 * 86_400)
    }

    @Test(arguments: [
        ("2025-01-01", "2025-01-01T00:00:00Z"), ("\"2025-01-01\"", "2025-01-01T00:00:00Z"),
        ("2025-01-01T00:00:00+08:00", "2024-12-31T16:00:00Z"),
        ("\"2025-01-01T00:00:00Z\"", "2025-01-01T00:00:00Z"),
    ])
    func `since is a date at midnight UTC or a moment with its zone`(written: String, text: String) throws {
        #expect(try plan("shopline", "products", "since = \(written)").since?.text == text)
    }

    @Test
    func `without settings a resource has the platform's own`() throws {
        let connection = try Connections.make("shopline", "full_every = \"3d\"")
        let orders = try #require(connection.resource(named: "orders"))
        #expect(orders.limit == 100 && orders.fields == nil && orders.drop.isEmpty && orders.since == nil)
        #expect(orders.fullEverySeconds == 3 * 86_400)
        #expect(connection.resources.map(\.resource.name) == ["store", "locations", "products", "orders"])
        let tokyo = try Connections.make("next-engine")
        #expect(tokyo.resources.map(\.resource.name) == ["shops"])
    }

    @Test
    func `settings alone do not select a resource`() throws {
        let connection = try Connections.make("shopline", "[connections.one.customers]\nlimit = 10")
        #expect(!connection.plans(named: []).contains { $0.resource.name == "customers" })
        #expect(connection.plans(named: ["customers"]).map(\.limit) == [10])
    }

    @Test(arguments: [
        ("drop = [\"$.a\"]", true), ("fields = [\"name\"]", true), ("since = 2025-01-01", true),
        ("limit = 10", false), ("full_every = \"1d\"", false),
    ])
    func `only what changes the rows makes the next pull a full one`(line: String, changes: Bool) throws {
        let plain = try plan("shopline", "orders", "")
        #expect((try plan("shopline", "orders", line).fingerprint != plain.fingerprint) == changes)
    }

    @Test
    func `asking for persons makes the next pull a full one`() throws {
        let plain = try #require(Connections.make("next-engine", "resources = [\"orders\"]").resources.first)
        let lines = "resources = [\"orders\"]\npersonal_data = true"
        let all = try #require(Connections.make("next-engine", lines).resources.first)
        #expect(plain.fingerprint != all.fingerprint)
        #expect(all.withheld.isEmpty && plain.withheld == plain.resource.personal)
        #expect(plain.resource.columns == all.resource.columns, "the view is the same for every connection")
    }

    @Test
    func `a resource named on the command line keeps persons out, too`() throws {
        let connection = try Connections.make("next-engine")
        #expect(connection.plans(named: ["orders"]).first?.withheld.isEmpty == false)
        let open = try Connections.make("next-engine", "personal_data = true")
        #expect(open.plans(named: ["orders"]).first?.withheld.isEmpty == true)
    }

    // MARK: Mistakes

    private static let allowedPath =
        "allowed is a path such as $.customer.email, $.line_items[*].properties or $['odd name']"

    @Test(arguments: [
        (
            "products", "since = \"yesterday\"",
            "6:9: 'since' is a string; allowed is a date (midnight UTC) such as 2025-01-01, or a time with its zone"
        ),
        (
            "products", "since = 2025-01-01T00:00:00",
            "6:9: 'since' is a local date-time; allowed is a date (midnight UTC) such as 2025-01-01, or a time with its zone"
        ),
        (
            "locations", "since = 2025-01-01",
            "6:1: 'since' cannot be used for 'locations'; it has no modification time to ask by"
        ),
        (
            "products", "drop = [\"image\"]",
            "6:9: in 'drop', 'image' is no path: it does not start with '$'; \(Self.allowedPath)"
        ),
        (
            "products", "drop = [\"$.images\", \"$.images[0]\"]",
            "6:21: in 'drop', '$.images[0]' is no path: single elements cannot be chosen; \(Self.allowedPath)"
        ),
        (
            "products", "drop = \"$.image\"",
            "6:8: 'drop' is a string; allowed is a list of paths such as \"$.customer.email\", such as [\"a\", \"b\"]"
        ),
        (
            "locations", "fields = [\"name\"]",
            "6:1: 'fields' cannot be used for 'locations'; the platform sends whole records"
        ),
        (
            "products", "fields = [\"title\", \"images.src\"]",
            "6:20: the field 'images.src' cannot be used; allowed are letters, digits, '_' and '-'"
        ),
        ("products", "limit = 251", "6:9: 'limit' is 251; allowed is a whole number from 1 to 250"),
        ("products", "limit = 0", "6:9: 'limit' is 0; allowed is a whole number from 1 to 250"),
        (
            "products", "full_every = 30",
            "6:14: 'full_every' is an integer; allowed is a duration such as \"90s\", \"50m\", \"2h\" or \"7d\""
        ),
        (
            "products", "full_evry = \"30d\"",
            "6:1: unknown key 'full_evry' in [connections.one.products]; did you mean 'full_every'?"
        ),
    ])
    func `a wrong setting is told with its place`(resource: String, line: String, problem: String) {
        #expect(
            Connections.mistakes("shopline", "[connections.one.\(resource)]\n\(line)") == [
                "config.toml:\(problem)"
            ])
    }

    @Test
    func `every mistake is told at once, in the order of the file`() {
        let lines = """
            resources = ["ordrs", "store", "store"]
            [connections.one.orders]
            limit = "many"
            colour = 1
            """
        #expect(
            Connections.mistakes("shopline", lines) == [
                "config.toml:5:14: unknown resource 'ordrs' of shopline; did you mean 'orders'?",
                "config.toml:5:32: the resource 'store' stands twice in 'resources'; once is enough",
                "config.toml:7:9: 'limit' is a string; allowed is a whole number from 1 to 100",
                "config.toml:8:1: unknown key 'colour' in [connections.one.orders]; known: drop, fields, fresh_within, full_every, limit, min_rows, not_null, since, unique",
            ])
    }

    @Test
    func `ids that come from another resource need it`() {
        #expect(
            Connections.mistakes("shopline", "resources = [\"store\", \"inventory_levels\"]") == [
                "config.toml:5:13: 'inventory_levels' takes its ids from 'products', which is not in 'resources'; add \"products\""
            ])
        #expect(Connections.mistakes("shopline", "resources = [\"inventory_levels\", \"products\"]") == [])
    }

    @Test
    func `a person's field is not asked for by accident`() {
        let lines = "[connections.one.orders]\nfields = [\"receive_order_purchaser_name\"]"
        #expect(
            Connections.mistakes("next-engine", lines) == [
                "config.toml:6:11: the field 'receive_order_purchaser_name' is personal data; set personal_data = true"
                    + " under [connections.one] to ask for it"
            ])
        #expect(Connections.mistakes("next-engine", "personal_data = true\n\(lines)") == [])
    }
}
