import JSON
import Testing

/// `shopmirror verify` asks again for what is mirrored, and tells old news from drift.
@Suite(.timeLimit(.minutes(10)))
struct VerifyTests {
    private func workplace(_ sandbox: SandboxServer) async throws -> Workplace {
        let work = try Workplace(sandbox)
        try work.configure(
            work.shopline("taipei", resources: "store products orders"),
            work.nextEngine("tokyo", resources: "shops goods"))
        #expect(try await work.sync().exitCode == 0)
        return work
    }

    private func verify(_ work: Workplace, _ more: String...) async throws -> (
        Workplace.Outcome, [String: JSONValue]
    ) {
        let outcome = try await work.run(
            ["verify", "-c", work.path("config.toml"), "--json", "--seed", "7"] + more)
        let json = try JSONValue.parse(Array(outcome.stdout.utf8))
        var byName: [String: JSONValue] = [:]
        for result in json["resources"]?.arrayValue ?? [] {
            byName[result["resource"]?.stringValue ?? ""] = result
        }
        return (outcome, byName)
    }

    @Test func `a fresh mirror equals the platforms`() async throws {
        let work = try await workplace(await SandboxServer())
        let before = try work.bytes("data/mirror.db")
        let (outcome, results) = try await verify(work)
        #expect(outcome.exitCode == 0, "\(outcome.stderr)")
        #expect(Set(results.keys) == ["shops", "goods", "products", "orders"])
        for (name, result) in results {
            #expect(result["equal"]?.int64Value == result["sampled"]?.int64Value, "\(name)")
            #expect((result["sampled"]?.int64Value ?? 0) > 0, "\(name)")
        }
        #expect(try work.bytes("data/mirror.db") == before)
    }

    @Test func `an old row that differs is drift, and ends with 1`() async throws {
        let work = try await workplace(await SandboxServer())
        let oldest = "(SELECT id FROM shopline_orders_data ORDER BY updated_at LIMIT 1)"
        let id = try work.mirror.text("SELECT id FROM shopline_orders_data ORDER BY updated_at LIMIT 1")
        try work.mirror.execute(
            "UPDATE shopline_orders_data SET payload=replace(payload, '\"name\"', '\"nome\"') WHERE id=\(oldest)"
        )
        let (outcome, results) = try await verify(work, "--sample", "100000")
        #expect(outcome.exitCode == 1)
        #expect(results["orders"]?["drifted_ids"]?.arrayValue?.map(\.stringValue) == [id])
        let text = try await work.run(["verify", "-c", work.path("config.toml"), "--sample", "100000"])
        #expect(text.stdout.contains("--full"))
        #expect(try await work.sync("--full").exitCode == 0)
        #expect(try await verify(work, "--sample", "100000").0.exitCode == 0)
    }

    @Test func `what was changed or deleted since is no drift`() async throws {
        let sandbox = try await SandboxServer()
        let work = try await workplace(sandbox)
        try sandbox.control(
            #"{"op":"clock","advance_seconds":7200}"#,
            #"{"op":"edit","resource":"shopline.orders","account":"open001","changes":{"update":5,"delete":3}}"#
        )
        let (outcome, results) = try await verify(work, "--sample", "100000")
        #expect(outcome.exitCode == 0, "\(outcome.stderr)")
        #expect(results["orders"]?["changed"]?.int64Value == 5)
        #expect(results["orders"]?["gone"]?.int64Value == 3)
        #expect(results["orders"]?["drifted"]?.int64Value == 0)
    }

    @Test func `the same seed asks for the same rows`() async throws {
        let sandbox = try await SandboxServer()
        let work = try await workplace(sandbox)
        let first = try await verify(work, "--sample", "9", "--resource", "goods")
        #expect(first.1["goods"]?["sampled"]?.int64Value == 9)
        let second = try await verify(work, "--sample", "9", "--resource", "goods")
        #expect(first.0.stdout == second.0.stdout)
    }

    @Test func `a platform that answers with other records than asked for is no proof of anything`()
        async throws
    {
        let sandbox = try await SandboxServer()
        let work = try await workplace(sandbox)
        try sandbox.answer(
            "orders.json", with: #"{"orders":[{"id":"1","updated_at":"2026-01-01T00:00:00+00:00"}]}"#)
        let (outcome, results) = try await verify(work, "--resource", "orders")
        #expect(outcome.exitCode == 1)
        #expect(results["orders"]?["gone"]?.int64Value == 0)
        #expect(
            outcome.stderr.contains(
                "Asked for some records of orders by id, the platform answered with others, so none can be compared."
            ))
    }

    @Test func `without a mirror it says so`() async throws {
        let work = try Workplace(await SandboxServer())
        try work.configure(work.shopline())
        let outcome = try await work.run(["verify", "-c", work.path("config.toml")])
        #expect(outcome.exitCode == 5)
        #expect(outcome.stderr.contains("There is no mirror"))
    }
}
