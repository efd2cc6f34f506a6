import JSON
import Testing

/// Stock that disagrees between two platforms, found by the program itself.
@Suite(.timeLimit(.minutes(10)))
struct StockTests {
    let sandbox: SandboxServer
    let work: Workplace

    init() async throws {
        sandbox = try await SandboxServer()
        work = try Workplace(sandbox)
        try plant("alike", "true")
    }

    /// Changes goods on one side, as the sandbox's help tells.
    private func plant(_ side: String, _ changes: String) throws {
        try sandbox.control(#"{"op":"switch","name":"stock.\#(side)","value":"\#(changes)"}"#)
    }

    private func configure(_ stock: String = "") throws {
        try work.configure(
            work.nextEngine(resources: "stock"), work.privateApp(resources: "products inventory_levels"),
            stock)
    }

    /// SKU, match, both figures: one line a row.
    private func differences(_ more: String = "") throws -> [String] {
        try work.mirror.rows(
            "SELECT sku, match, next_engine_available, shopline_available, difference FROM stock_differences"
                + " \(more) ORDER BY sku, match, shopline_sku"
        ).map { $0.map { $0 ?? "-" }.joined(separator: " ") }
    }

    @Test func `without a difference nothing is listed`() async throws {
        try configure()
        #expect(try await work.sync().exitCode == 0)
        #expect(try work.mirror.count("SELECT count(*) FROM next_engine_stock") == 120)
        #expect(
            try work.mirror.count("SELECT count(*) FROM all_stock WHERE platform='shopline' AND sku<>''")
                > 120)
        #expect(try differences() == [])
    }

    @Test func `all that was planted is found, and nothing is invented`() async throws {
        try plant("next-engine", "3 figure 40;5 flag")
        try plant("shopline", "4 figure 0;7 sku SKU-0000007;8 sku;9 sku sku-0000010;11 sku ｓｋｕ－０００００１１")
        try configure()
        #expect(try await work.sync().exitCode == 0)
        #expect(
            try differences() == [
                " only_shopline - 56 -", "SKU-0000007 only_shopline - 49 -",
                "sku-0000003 exact 40 21 19", "sku-0000004 exact 28 0 28", "sku-0000005 only_shopline - 35 -",
                "sku-0000007 only_next_engine 49 - -", "sku-0000008 only_next_engine 56 - -",
                "sku-0000009 only_next_engine 63 - -", "sku-0000010 ambiguous 70 133 -",
                "sku-0000011 only_next_engine 77 - -", "ｓｋｕ－０００００１１ only_shopline - 77 -",
            ])
    }

    @Test func `a rule matches what is written otherwise, and only that`() async throws {
        try plant("next-engine", "12 sku NE-sku-0000012")
        try plant(
            "shopline",
            "7 sku SKU-0000007;8 sku SKU-0000008;8 figure 1;9 sku SKU-0000010;11 sku ｓｋｕ－０００００１１;13 sku B-13"
        )
        let rule = """
            [stock]
            ignore_case = true
            ignore_width = true
            strip_prefix = ["NE-"]
            map = { "sku-0000013" = "B-13" }
            """
        try configure(rule)
        #expect(try await work.sync().exitCode == 0)
        let found = [
            "SKU-0000010 ambiguous - 63 -", "sku-0000008 rule 56 1 55", "sku-0000009 only_next_engine 63 - -",
        ]
        #expect(try differences() == found)
        try configure()
        #expect(try await work.sync().exitCode == 0)
        #expect(try differences("WHERE match='rule'") == [], "another rule counts from the next run on")
        #expect(try differences().count == 12)
        try configure(rule)
        #expect(try await work.sync().exitCode == 0)
        #expect(try differences() == found)
    }

    @Test func `what changes later is followed, deletions included`() async throws {
        try configure()
        try await work.sync()
        try plant("next-engine", "3 figure 40")
        try plant("shopline", "4 figure 0;6 sku other")
        try await work.sync("--full")
        #expect(
            try differences() == [
                "other only_shopline - 42 -", "sku-0000003 exact 40 21 19", "sku-0000004 exact 28 0 28",
                "sku-0000006 only_next_engine 42 - -",
            ])
        try plant("next-engine", "")
        try plant("shopline", "")
        try sandbox.control(
            #"{"op":"edit","resource":"shopline.products","account":"open001","changes":{"delete":1}}"#)
        try await work.sync("--full")
        let gone = try work.mirror.text(
            "SELECT sku FROM all_products WHERE platform='shopline' AND deleted_at IS NOT NULL")
        #expect(try work.mirror.texts("SELECT sku FROM stock_differences") == [gone])
        #expect(try work.mirror.text("SELECT match FROM stock_differences") == "only_next_engine")
    }

    @Test func `figures say how old they are`() async throws {
        try plant("next-engine", "3 figure 40")
        try configure()
        try await work.sync()
        try await work.sync("--connection", "tokyo", hooks: "clock=7200")
        let ages = try work.mirror.rows(
            "SELECT next_engine_connection, shopline_connection, next_engine_updated_at,"
                + " (julianday(next_engine_pulled_at)-julianday(shopline_pulled_at))*1440 > 110 FROM stock_differences"
        )
        #expect(ages.count == 1 && ages[0][0] == "tokyo" && ages[0][1] == "taipei" && ages[0][3] == "1")
        #expect(ages[0][2]?.hasSuffix("Z") == true)
    }

    @Test func `only what was pulled on both sides is compared, and only the named pairs`() async throws {
        try work.configure(
            work.nextEngine(resources: "stock"), work.privateApp(resources: "products inventory_levels"),
            work.privateApp("osaka", store: 2, resources: "products inventory_levels"), "")
        try await work.sync("--connection", "tokyo", "--connection", "taipei")
        #expect(try differences() == [])
        try plant("shopline", "4 figure 0")
        try await work.sync("--full")
        let pairs =
            "SELECT group_concat(shopline_connection, ' ') FROM (SELECT * FROM stock_differences ORDER BY 5)"
        #expect(try work.mirror.text(pairs) == "osaka taipei")
        try work.configure(
            work.nextEngine(resources: "stock"), work.privateApp(resources: "products inventory_levels"),
            work.privateApp("osaka", store: 2, resources: "products inventory_levels"),
            "[stock]\npairs = [[\"osaka\", \"tokyo\"]]")
        try await work.sync()
        #expect(try work.mirror.text(pairs) == "osaka")
    }

    @Test func `a run that was killed before the comparison is made good by the next`() async throws {
        try configure()
        try await work.sync()
        try plant("next-engine", "3 figure 40")
        try await work.sync("--full", "--max-requests", "1")
        _ = try await work.sync("--full", hooks: "crash=after-page-commit:2")
        try await work.sync()
        #expect(try differences() == ["sku-0000003 exact 40 21 19"])
    }
}
