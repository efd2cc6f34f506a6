import Platforms
import Testing

@testable import Sync

/// The `[stock]` table: which SKUs mean one thing, and whose stock is compared.
struct StockSettingsTests {
    private func settings(_ lines: String) throws -> StockSettings {
        let text = """
            [connections.tokyo]
            platform = "next-engine"
            client_id = { env = "A" }
            client_secret = { env = "B" }
            [connections.taipei]
            platform = "shopline"
            handle = "open001"
            access_token = { env = "A" }
            [connections.staff]
            platform = "account-center"
            [stock]
            \(lines)
            """
        return try ConfigLoader.parse(
            Array(text.utf8), path: "config.toml", mode: 0o600, platforms: platforms
        ).stock
    }

    private func mistakes(_ lines: String) -> [String] {
        do {
            _ = try settings(lines)
            return []
        } catch {
            return (error as? ConfigError)?.lines ?? ["\(error)"]
        }
    }

    @Test func `without a rule a SKU is its own key`() throws {
        for sku in ["", "A-1", "a-1 ", "ＡＢ１"] { #expect(try settings("").key(of: sku) == sku) }
        #expect(try settings("").pairs == nil)
    }

    @Test(arguments: [
        ("ignore_case = true", "Ab-1", "ab-1"), ("ignore_width = true", "Ａｂ－１　", "Ab-1 "),
        ("ignore_case = true\nignore_width = true", "Ａｂ－１", "ab-1"),
        ("strip_prefix = [\"NE-\"]", "NE-5", "5"), ("strip_prefix = [\"NE-\"]", "ne-5", "ne-5"),
        ("strip_prefix = [\"NE-\"]\nignore_case = true", "ne-5", "5"),
        ("strip_prefix = [\"N\", \"NE-\"]", "NE-5", "5"), ("strip_prefix = [\"NE-\"]", "NE-", "NE-"),
        ("strip_prefix = [\"NE-\"]\nignore_case = true", "", ""),
        ("map = { \"A-1\" = \"B-1\" }", "A-1", "B-1"),
        ("map = { \"A-1\" = \"NE-b\" }\nstrip_prefix = [\"NE-\"]", "A-1", "b"),
        ("map = { \"A-1\" = \"B-1\" }", "a-1", "a-1"), ("ignore_width = true", "ｱ～￥", "ｱ~￥"),
    ])
    func `a rule makes the key`(lines: String, sku: String, key: String) throws {
        #expect(try settings(lines).key(of: sku) == key)
    }

    @Test func `a pair may be named in either order`() throws {
        let pair = StockSettings.Pair(kept: "tokyo", sold: "taipei")
        #expect(
            try settings("pairs = [[\"tokyo\", \"taipei\"], [\"taipei\", \"tokyo\"]]").pairs == [pair, pair])
    }

    @Test(arguments: [
        (
            "pairs = [[\"tokio\", \"taipei\"]]",
            "12:11: unknown connection 'tokio' in 'pairs'; did you mean 'tokyo'?"
        ),
        (
            "pairs = [[\"tokyo\", \"staff\"]]",
            "12:20: 'staff' in 'pairs' has no stock: account-center tells of none"
        ),
        (
            "pairs = [[\"tokyo\", \"tokyo\"]]",
            "12:20: 'tokyo' and 'tokyo' are both of next-engine or its kind; a pair names the connection that keeps"
                + " the stock and one that sells from it"
        ),
        (
            "pairs = [\"tokyo\"]",
            "12:10: an element of 'pairs' is no pair; allowed is a list of pairs of connections, such as"
                + " [[\"tokyo\", \"taipei\"]]"
        ),
        (
            "pairs = 1",
            "12:9: 'pairs' is an integer; allowed is a list of pairs of connections, such as [[\"tokyo\", \"taipei\"]]"
        ),
        ("ignore_cas = true", "12:1: unknown key 'ignore_cas' in [stock]; did you mean 'ignore_case'?"),
        ("strip_prefix = [\"\"]", "12:17: a prefix in 'strip_prefix' is empty; take it out"),
        (
            "map = { \"A\" = 1 }",
            "12:15: 'A' in [stock.map] is no pair of SKUs; allowed is \"ONE\" = \"OTHER\""
        ),
    ])
    func `a mistake is told with its place`(lines: String, problem: String) {
        #expect(mistakes(lines) == ["config.toml:\(problem)"])
    }

    @Test func `one platform keeps the stock and another one sells from it`() throws {
        for side in [StockSource.Side.kept, .sold] {
            #expect(platforms.filter { $0.stock?.side == side }.count == 1)
        }
    }

    @Test(arguments: platforms.map(\.id))
    func `what is declared for all platforms is declared of resources and columns`(id: String) throws {
        let platform = try #require(platforms.first { $0.id == id })
        for rows in platform.joint {
            let resource = try #require(platform.resource(named: rows.resource))
            #expect(rows.list == nil || resource.lists.contains { $0.path == rows.list })
            #expect(Set(rows.values.keys).isSubset(of: rows.view.columns.map(\.name)))
        }
        guard let stock = platform.stock else { return }
        let levels = try #require(platform.resource(named: stock.levels))
        #expect(levels.key.first == stock.item.path, "an item is the first part of its figures' key")
        #expect(platform.resource(named: stock.items) != nil)
    }
}
