import JSON
import Testing

/// The feed as a Singer tap.
@Suite(.timeLimit(.minutes(10)))
struct ExportSingerTests {
    let sandbox: SandboxServer
    let work: Workplace

    init() async throws {
        sandbox = try await SandboxServer()
        work = try Workplace(sandbox)
        try work.configure(work.shopline("taipei", resources: "store locations orders"))
        try await work.sync()
    }

    private func export(_ words: String...) async throws -> [JSONValue] {
        let outcome = try await work.run(
            ["export", "-c", work.path("config.toml"), "--format", "singer"] + words)
        #expect(outcome.exitCode == 0 && outcome.stderr == "", "\(outcome.stderr)")
        return try outcome.stdout.split(separator: "\n").map { try JSONValue.parse(Array($0.utf8)) }
    }

    private func messages(_ type: String, _ all: [JSONValue]) -> [JSONValue] {
        all.filter { $0["type"]?.stringValue == type }
    }

    private func orders(_ all: [JSONValue]) -> [JSONValue] {
        messages("RECORD", all).filter { $0["stream"]?.stringValue == "shopline_orders" }.compactMap {
            $0["record"]
        }
    }

    @Test func `every table has a schema before its records and a state behind them`() async throws {
        let all = try await export()
        let kinds = all.compactMap { $0["type"]?.stringValue }.reduce(into: [String]()) {
            if $0.last != $1 { $0.append($1) }
        }
        #expect(kinds == Array(repeating: ["SCHEMA", "RECORD", "STATE"], count: 3).flatMap { $0 })
        let schema = try #require(
            messages("SCHEMA", all).first { $0["stream"]?.stringValue == "shopline_orders" })
        #expect(schema["key_properties"]?.arrayValue == [.string("connection"), .string("id")])
        let properties = try #require(schema["schema"]?["properties"]?.objectValue)
        let order = try #require(orders(all).first?.objectValue)
        #expect(order.map(\.key) == properties.map(\.key))
        #expect(order.map(\.key).suffix(3) == ["deleted_at", "payload", "_sdc_deleted_at"])
        #expect(order.count > 30)
        let price = try #require(properties.first { $0.key == "current_total_price" }).value
        #expect(price["type"]?.arrayValue == [.string("string"), .string("null")])
        let time = try #require(properties.first { $0.key == "created_at" }).value
        #expect(time["format"]?.stringValue == "date-time")
    }

    @Test func `records are of the types that their schema names, and payload is the record`() async throws {
        let all = try await export()
        for schema in messages("SCHEMA", all) {
            let properties = try #require(schema["schema"]?["properties"]?.objectValue)
            for message in messages("RECORD", all) where message["stream"] == schema["stream"] {
                let record = try #require(message["record"])
                for (name, property) in properties {
                    let allowed = property["type"]?.arrayValue ?? [property["type"] ?? .null]
                    let kind: String =
                        switch record[name] {
                        case .null: "null"
                        case .string: "string"
                        case .bool: "boolean"
                        case .number: record[name]?.int64Value == nil ? "number" : "integer"
                        default: "missing"
                        }
                    #expect(allowed.contains(.string(kind)), "\(name) is \(kind)")
                }
                let id = record["id"]?.stringValue ?? ""
                let view = schema["stream"]?.stringValue ?? ""
                #expect(
                    try work.mirror.text("SELECT payload FROM \(view) WHERE id='\(id)'")
                        == record["payload"]?.stringValue)
            }
        }
    }

    @Test func `the last state is where the next export goes on, deletions included`() async throws {
        let all = try await export()
        #expect(orders(all).count == 250)
        let states = messages("STATE", all).compactMap { $0["value"] }
        // As a target prints them: one line each.
        try work.write(
            states.map { JSONWriter.text($0) + "\n" }.joined(), to: "state.jsonl")
        #expect(orders(try await export("--state", work.path("state.jsonl"))).isEmpty)
        try sandbox.control(
            #"{"op":"edit","resource":"shopline.orders","account":"open001","changes":{"insert":2,"update":3,"delete":4}}"#
        )
        try await work.sync("--full")
        let second = try await export("--state", work.path("state.jsonl"))
        let changes = orders(second).compactMap { $0["change"]?.stringValue }
        #expect(
            Dictionary(changes.map { ($0, 1) }, uniquingKeysWith: +) == [
                "inserted": 2, "updated": 3, "deleted": 4,
            ])
        for order in orders(second) {
            let isDeleted = order["change"]?.stringValue == "deleted"
            #expect((order["_sdc_deleted_at"]?.stringValue != nil) == isDeleted)
            #expect(order["_sdc_deleted_at"] == order["deleted_at"])
        }
        // A table that is exported for the first time comes whole, and the others' places are kept.
        let first = try runs().compactMap { $0 }.first ?? ""
        let orderState = #"{"bookmarks":{"shopline_orders":{"changed_run":"\#(first)"}}}"#
        try work.write(orderState + "\n\n", to: "orders.jsonl")
        let stores = try await export("--state", work.path("orders.jsonl"), "--resource", "store")
        #expect(messages("RECORD", stores).count == 1)
        let bookmarks = messages("STATE", stores).last?["value"]?["bookmarks"]?.objectValue ?? []
        #expect(bookmarks.map(\.key) == ["shopline_orders", "shopline_store"])
        #expect(bookmarks.map { $0.value["changed_run"]?.stringValue } == (try runs()))
    }

    private func runs() throws -> [String?] {
        try work.mirror.texts("SELECT run_id FROM runs ORDER BY run_id")
    }

    @Test func `a state file that is not there or empty means everything`() async throws {
        try work.write("\n", to: "empty")
        #expect(orders(try await export("--state", work.path("empty"))).count == 250)
        #expect(orders(try await export("--state", work.path("nowhere"))).count == 250)
    }

    @Test(arguments: [
        ("not a state", "its last line is not JSON"), ("{}", "its last line has no 'bookmarks'"),
        (
            #"{"bookmarks":{"shopline_orders":{}}}"#,
            "its bookmark of 'shopline_orders' names no 'changed_run'"
        ),
    ])
    func `a state file that says nothing is refused`(text: String, reason: String) async throws {
        try work.write(text + "\n", to: "state")
        let outcome = try await work.run(
            ["export", "-c", work.path("config.toml"), "--format", "singer", "--state", work.path("state")])
        #expect(outcome.exitCode == 2 && outcome.stdout == "")
        #expect(
            outcome.stderr.hasPrefix(
                "error usage: The state file \(work.path("state")) cannot be used: \(reason).\n"))
        #expect(outcome.stderr.contains("next: Keep the last line that the target printed"))
    }

    @Test func `what is of another type goes out as null, and is told`() async throws {
        let records = [
            #"{"id":1,"active":"maybe"}"#, #"{"id":2,"active":true}"#, #"{"id":3,"active":0}"#,
            #"{"id":4,"active":""}"#,
        ]
        try sandbox.answer(
            "/locations/list.json", with: "{\"locations\":[\(records.joined(separator: ","))]}")
        try sandbox.answer("/locations/count.json", with: #"{"count":4}"#, "\"times\":9")
        try await work.sync("--resource", "locations", "--full")
        let outcome = try await work.run(
            [
                "export", "-c", work.path("config.toml"), "--format", "singer", "--resource", "locations",
                "--connection", "taipei",
            ])
        #expect(outcome.exitCode == 0)
        #expect(
            outcome.stderr
                == "warning 1 values of shopline_locations.active are not of its type and went out as null;"
                + " payload has them as they came\n")
        let shown = try outcome.stdout.split(separator: "\n").map { try JSONValue.parse(Array($0.utf8)) }
            .compactMap { $0["record"] }.filter { ["1", "2", "3", "4"].contains($0["id"]?.stringValue) }
        #expect(shown.map { $0["active"] } == [.null, .bool(true), .bool(false), .null])
    }
}
