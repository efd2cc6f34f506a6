import JSON
import Platforms
import Testing

@testable import Sync

/// The registry as people and programs read it.
struct PlatformCatalogTests {
    @Test
    func `the README's table has a line for every resource`() {
        let lines = PlatformCatalog(exercisedPlatforms).markdown.split(separator: "\n").map(String.init)
        #expect(lines.count == ResourceCase.all.count + 2)
        #expect(Set(lines.map { $0.filter { $0 == "|" }.count }) == [7], "no cell breaks the table")
        #expect(
            lines.contains(
                "| shopline | **orders** | `shopline_orders`, `shopline_order_line_items`, `shopline_order_fulfillments`,"
                    + " `shopline_order_refunds`, `shopline_order_transactions` | `id` | `updated_at` | read_orders |"
            ))
        #expect(
            lines.contains(
                "| next-engine | set_goods | `next_engine_set_goods` | `set_goods_id`, `set_goods_detail_goods_id` |  |"
                    + " the API 'api_v1_master_setgoods_search' in the app's API tab |"))
    }

    @Test(arguments: ResourceCase.all)
    func `programs read the columns that the view has`(example: ResourceCase) throws {
        let json = try JSONValue.parse(JSONWriter.bytes(PlatformCatalog(exercisedPlatforms).json))
        let platform = try #require(
            json["platforms"]?.arrayValue?.first { $0["platform"]?.stringValue == example.platform.id })
        let entry = try #require(
            platform["resources"]?.arrayValue?.first { $0["resource"]?.stringValue == example.resource.name })
        #expect(entry["table"]?.stringValue == MirrorSchema.view(of: example.resource, on: example.platform))
        #expect(entry["key"]?.arrayValue?.map(\.stringValue) == example.resource.key)
        let names = entry["columns"]?.arrayValue?.compactMap { $0["name"]?.stringValue }
        #expect(names == MirrorSchema.columns(of: example.resource).map(\.name))
        #expect(
            entry["cursor"]?.stringValue == (example.resource.cursor == nil ? nil : example.resource.updated))
        #expect(entry["views"]?.arrayValue?.count == example.resource.lists.count)
    }

    @Test
    func `a clash of names is shown as the view has it`() throws {
        let text = PlatformCatalog().text
        #expect(text.contains("product_variant_position"))
        #expect(text.contains("1 to be activated, 2 open"))
        #expect(text.contains("  shops - Shops (店舗) (default)"))
    }
}
