import JSON
import Platforms
import Testing

@testable import Sync

/// Keys that are easily confused, and records that cannot be told apart.
struct KeyTests {
    private func ids(_ page: String, _ example: ResourceCase) throws -> [String] {
        let scanned = try RecordScanner.scan(Array(page.utf8), layout: Mirrored.listing(of: example).layout)
        return (0..<scanned.count).map { scanned.withID($0) { String(decoding: $0, as: UTF8.self) } }
    }

    @Test
    func `parts of a key never run into each other`() throws {
        let page = """
            {"result":"success","data":[
            {"set_goods_id":"a/b","set_goods_detail_goods_id":"c"},{"set_goods_id":"a","set_goods_detail_goods_id":"b/c"},
            {"set_goods_id":"a%2Fb","set_goods_detail_goods_id":"c"},{"set_goods_id":1,"set_goods_detail_goods_id":18446744073709551617}]}
            """
        #expect(
            try ids(page, .named("next-engine", "set_goods")) == [
                "a%2Fb/c", "a/b%2Fc", "a%252Fb/c", "1/18446744073709551617",
            ])
    }

    @Test
    func `ids that differ in case only are different rows`() async throws {
        let page = try JSONValue.parse(
            Array(
                #"{"result":"success","data":[{"goods_id":"ABC"},{"goods_id":"abc"},{"goods_id":"Abc "}]}"#
                    .utf8))
        let mirrored = try await Mirrored.page(page, of: .named("next-engine", "goods"))
        #expect(mirrored.views["goods"]?.map { $0["id"] ?? nil } == ["ABC", "abc", "Abc "])
    }

    @Test
    func `of a key that stands twice in a page the last record is kept`() async throws {
        let page = try JSONValue.parse(
            Array(#"{"collects":[{"id":1,"sort_value":"a"},{"id":2},{"id":"1","sort_value":"b"}]}"#.utf8))
        let mirrored = try await Mirrored.page(page, of: .named("shopline", "collects"))
        #expect(
            mirrored.counts.duplicate == 1 && mirrored.counts.fetched == 3 && mirrored.counts.inserted == 2)
        #expect(mirrored.views["collects"]?.first { $0["id"] == "1" }?["sort_value"] == "b")
    }

    @Test(arguments: [
        (#"{}"#, "has no key 'location_id'"), (#"{"location_id":null}"#, "is null"),
        (#"{"location_id":""}"#, "is empty"), (#"{"location_id":true}"#, "is a boolean"),
        (#"{"location_id":1.5}"#, "is not an integer"), (#"{"location_id":{"id":1}}"#, "is an object"),
        (#"{"location_id":[1]}"#, "is a list"), (#"{"location_id":"a\u0000b"}"#, "has a NUL character"),
    ])
    func `a record without its whole key refuses the page by name`(part: String, words: String) throws {
        let example = try ResourceCase.named("shopline", "inventory_levels")
        let members = part.dropFirst().dropLast()
        let record = "{\"inventory_item_id\":\"1\"\(members.isEmpty ? "" : ",")\(members)}"
        let error = #expect(throws: JSONError.self) {
            try ids(
                "{\"inventory_levels\":[{\"inventory_item_id\":\"1\",\"location_id\":\"2\"},\(record)]}",
                example)
        }
        #expect(error?.kind == .badKey)
        #expect(error?.problem.contains(words) == true && error?.problem.contains("record 2") == true)
    }
}
