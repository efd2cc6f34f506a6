import Foundation
import JSON
import Testing

/// `shopmirror diff`: what changed, and what of it is kept.
@Suite(.timeLimit(.minutes(10)))
struct DiffCommandTests {
    private struct Shop {
        let shop: OpenShop
        let work: Workplace

        init(orders: Int = 3, history: Int? = 5, _ more: String = "") throws {
            shop = try OpenShop(orders: orders)
            work = try Workplace()
            try configure(history: history, more)
        }

        func configure(history: Int?, _ more: String = "") throws {
            let table = history.map { "[mirror]\nhistory = \($0)\n" } ?? ""
            try work.configure(table + shop.connection(limit: 100) + more)
        }

        /// A full run, and its id.
        @discardableResult
        func sync(hooks: String = "") async throws -> String {
            let outcome = try await work.sync("--full", hooks: hooks, environment: OpenShop.secrets)
            try #require(outcome.exitCode == 0, "\(outcome.stderr)")
            return try #require(work.latestReport().runID)
        }

        func set(_ id: Int, _ status: String) {
            shop.change { $0.orders[id - 1].status = status }
        }

        func diff(_ words: String...) async throws -> Workplace.Outcome {
            try await work.run(
                ["diff", "-c", work.path("config.toml")] + words, environment: OpenShop.secrets)
        }

        func json(_ words: String...) async throws -> JSONValue {
            let outcome = try await work.run(["diff", "--json", "-c", work.path("config.toml")] + words)
            try #require(outcome.exitCode == 0, "\(outcome.stderr)")
            return try JSONValue.parse(Array(outcome.stdout.utf8))
        }
    }

    private func records(_ diff: JSONValue) -> [String] {
        diff["resources"]?[0]?["records"]?.arrayValue?.map { record in
            let members = record["members"]?.arrayValue?.map { member in
                "\(member["path"]?.stringValue ?? "") \(member["old"]?.stringValue ?? "-") \(member["new"]?.stringValue ?? "-")"
            }
            return "\(record["id"]?.stringValue?.suffix(3) ?? "") \(record["change"]?.stringValue ?? "")"
                + (members.map { " " + $0.joined(separator: "; ") } ?? "")
        } ?? []
    }

    @Test func `the newest run's changes are told member by member`() async throws {
        let shop = try Shop()
        let first = try await shop.sync()
        shop.set(1, "completed")
        shop.shop.change { state in
            state.orders.remove(at: 1)
            state.orders.append((4, "new", "2026-11-05T08:00:00.000+00:00"))
        }
        let second = try await shop.sync()
        let outcome = try await shop.diff()
        #expect(outcome.exitCode == 0 && outcome.stderr == "")
        #expect(
            outcome.stdout == """
                after run \(first), up to run \(second)
                connection  resource  new  changed  deleted  restored
                asia        orders      1        1        1         0

                asia/orders
                  \(OpenShop.id(1))  updated  \(second)
                      $.status  "pending" -> "completed"
                  \(OpenShop.id(2))  deleted  \(second)
                  \(OpenShop.id(4))  inserted  \(second)

                """)
        let diff = try await shop.json()
        #expect(records(diff) == ["001 updated $.status pending completed", "002 deleted", "004 inserted"])
        #expect(diff["from"]?["run_id"]?.stringValue == first && diff["to"]?["run_id"]?.stringValue == second)
        #expect(diff["resources"]?[0]?["inserted"]?.int64Value == 1)
        #expect(try await records(shop.json(first)) == records(diff))
        #expect(try await shop.diff(second).stdout.hasSuffix("nothing changed\n"))
    }

    @Test func `several runs are summed up, and what changed back is left out`() async throws {
        let shop = try Shop()
        let first = try await shop.sync()
        shop.set(1, "open")
        shop.set(2, "open")
        let second = try await shop.sync()
        shop.set(1, "pending")
        shop.set(2, "completed")
        let third = try await shop.sync()
        #expect(try await records(shop.json(first)) == ["002 updated $.status pending completed"])
        #expect(
            try await records(shop.json(first, second)) == [
                "001 updated $.status pending open", "002 updated $.status pending open",
            ])
        #expect(
            try await records(shop.json(second, third)) == [
                "001 updated $.status open pending", "002 updated $.status open completed",
            ])
        #expect(try await records(shop.json("--since", "2020-01-01")).count == 3)
    }

    @Test func `a record that came back shows what is different`() async throws {
        let shop = try Shop()
        let first = try await shop.sync()
        let gone = shop.shop.current.orders[2]
        shop.shop.change { $0.orders.removeLast() }
        let second = try await shop.sync()
        shop.shop.change { $0.orders.append((gone.id, "back", gone.updated)) }
        try await shop.sync()
        #expect(try await records(shop.json(second)) == ["003 restored $.status pending back"])
        #expect(try await records(shop.json(first)) == ["003 updated $.status pending back"])
        #expect(try await records(shop.json(first, second)) == ["003 deleted"])
        // A mark alone keeps no second copy.
        #expect(
            try shop.work.mirror.texts("SELECT payload IS NULL FROM record_versions ORDER BY version") == [
                "1", "0",
            ])
    }

    @Test func `without history it tells which, and how to keep more`() async throws {
        let shop = try Shop(history: nil)
        let first = try await shop.sync()
        shop.set(1, "completed")
        let second = try await shop.sync()
        let outcome = try await shop.diff(first)
        #expect(outcome.stdout.contains("\(OpenShop.id(1))  updated  \(second)\n"))
        #expect(outcome.stdout.contains("What 1 of these records were like before is not kept"))
        #expect(outcome.stdout.contains("Set history = 5 under [mirror]"))
        let diff = try await shop.json(first)
        #expect(diff["resources"]?[0]?["records"]?[0]?["old_known"] == .bool(false))
        #expect(diff["resources"]?[0]?["records"]?[0]?["members"] == .null)
        #expect(
            try shop.work.mirror.count(
                "SELECT count(*) FROM sqlite_master WHERE name LIKE 'record_versions%'") == 0)
        // Switched on, an older file gets the table; the next change is kept.
        try shop.configure(history: 2)
        shop.set(1, "archived")
        let third = try await shop.sync()
        #expect(try await records(shop.json(second, third)) == ["001 updated $.status completed archived"])
        #expect(try await shop.diff(first, second).stdout.contains("updated"))
        #expect(try await shop.diff(first).stdout.contains("[mirror] history = 2 keeps the last 2 versions"))
    }

    @Test func `a later change hides what came before where nothing is kept`() async throws {
        let shop = try Shop(history: nil)
        let first = try await shop.sync()
        shop.set(1, "a")
        let second = try await shop.sync()
        shop.set(1, "b")
        try await shop.sync()
        let outcome = try await shop.diff(first, second)
        #expect(
            outcome.stdout.contains(
                "1 records changed after run \(second); whether they changed before it too is not kept."))
    }

    @Test func `so many versions of a record are kept, not more`() async throws {
        let shop = try Shop(history: 2)
        for status in ["a", "b", "c", "d"] {
            shop.set(1, status)
            try await shop.sync()
        }
        #expect(
            try shop.work.mirror.texts("SELECT payload->>'$.status' FROM record_versions ORDER BY version")
                == ["b", "c"])
    }

    @Test func `a new drop path cuts the kept versions too, also when none are kept any more`() async throws {
        let shop = try Shop()
        try await shop.sync()
        shop.set(1, "ONLY-ONCE")
        try await shop.sync()
        shop.set(1, "later")
        let third = try await shop.sync()
        #expect(
            try shop.work.mirror.count(
                "SELECT count(*) FROM record_versions WHERE payload LIKE '%ONLY-ONCE%'") == 1)
        try shop.configure(history: nil, "drop = [\"$.status\"]\n")
        try await shop.sync()
        #expect(
            try shop.work.mirror.count("SELECT count(*) FROM record_versions WHERE payload LIKE '%status%'")
                == 0)
        #expect(
            try shop.work.mirror.count("SELECT count(*) FROM record_versions WHERE payload IS NOT NULL") == 2)
        for (_, bytes) in try Files.all(in: shop.work.path("data")) { #expect(!bytes.contains("ONLY-ONCE")) }
        let outcome = try await shop.diff(third)
        #expect(outcome.exitCode == 0 && !outcome.stdout.contains("later"), "\(outcome.stdout)")
    }

    @Test func `a drop path with history keeps no copy of what was cut`() async throws {
        let shop = try Shop()
        let first = try await shop.sync()
        try shop.configure(history: 5, "drop = [\"$.status\"]\n")
        try await shop.sync()
        #expect(
            try shop.work.mirror.count("SELECT count(*) FROM record_versions WHERE payload LIKE '%status%'")
                == 0)
        #expect(try await shop.diff(first).stdout.hasSuffix("nothing changed\n"))
    }

    @Test func `control characters of the data never reach the terminal`() async throws {
        let shop = try Shop()
        try await shop.sync()
        shop.set(1, #"\u001b[31mred\u0007\u009b2J\u202e"#)
        try await shop.sync()
        for outcome in [try await shop.diff(), try await shop.diff("--json")] {
            let bad = outcome.stdout.unicodeScalars.contains { scalar in
                scalar.value < 0x20 && scalar != "\n" || (0x7F...0x9F).contains(scalar.value)
                    || scalar.value == 0x202E
            }
            #expect(
                !bad && outcome.stdout.contains(#"\u001b[31mred"#)
                    && outcome.stdout.contains(#"\u009b2J\u202e"#))
        }
        #expect(
            try await records(shop.json()) == [
                "001 updated $.status pending \u{1B}[31mred\u{7}\u{9B}2J\u{202E}"
            ])
    }

    @Test func `only so many records are shown, all are counted`() async throws {
        let shop = try Shop(orders: 30)
        let first = try await shop.sync()
        #expect(
            try await shop.diff("--since", "2020-01-01").stdout.contains(
                "... and 10 more; --limit 0 shows all"))
        #expect(try await records(shop.json("--since", "2020-01-01", "--limit", "3")).count == 3)
        #expect(try await records(shop.json("--since", "2020-01-01", "--limit", "0")).count == 30)
        let other = try await shop.diff(first, "--resource", "orders", "--connection", "asia")
        #expect(other.exitCode == 0)
    }

    @Test func `wrong words are answered with the nearest known one`() async throws {
        let shop = try Shop()
        let none = try await shop.diff()
        #expect(none.exitCode == 5 && none.stderr.contains("There is no mirror"))
        let first = try await shop.sync()
        shop.set(1, "x")
        let second = try await shop.sync()
        let backwards = try await shop.diff(second, first)
        #expect(backwards.exitCode == 2 && backwards.stderr.contains("is later than"))
        let unknown = try await shop.diff(first.dropLast() + "g")
        #expect(
            unknown.exitCode == 2 && unknown.stderr.contains("did you mean \(first)?"), "\(unknown.stderr)")
        let short = try await shop.diff("2")
        #expect(short.exitCode == 2 && short.stderr.contains("2 runs begin with '2'"), "\(short.stderr)")
        let both = try await shop.diff(first, "--since", "1h")
        #expect(both.exitCode == 2 && both.stderr.contains("exclude each other"))
        #expect(try await shop.diff("--connection", "asai").stderr.contains("did you mean 'asia'?"))
        #expect(try await shop.diff("--resource", "order").stderr.contains("did you mean 'orders'?"))
        try shop.work.configure("[mirror]\nhistroy = 1\n" + shop.shop.connection())
        #expect(
            try await shop.diff().stderr.contains(
                "unknown key 'histroy' in [mirror]; did you mean 'history'?"))
        try shop.work.configure("[mirror]\nhistory = -1\n" + shop.shop.connection())
        #expect(try await shop.diff().stderr.contains("allowed is a whole number from 0 to 1000"))
    }

    @Test func `what a run that was killed or still goes on has written is not the newest run's`()
        async throws
    {
        let shop = try Shop()
        let first = try await shop.sync()
        shop.set(1, "x")
        let killed = try await shop.work.sync(
            "--full", hooks: "crash=after-page-commit:1", environment: OpenShop.secrets)
        #expect(killed.exitCode == nil)
        #expect(try await shop.json()["to"]?["run_id"]?.stringValue == first)
        #expect(try await shop.diff(first).stdout.hasSuffix("nothing changed\n"))
        #expect(try await shop.json("--since", "2020-01-01")["resources"]?[0]?["inserted"]?.int64Value == 3)
        try await shop.sync()
        #expect(try await records(shop.json(first)) == ["001 updated $.status pending x"])
    }

    @Test func `a dry run keeps no version`() async throws {
        let shop = try Shop()
        try await shop.sync()
        shop.set(1, "x")
        let outcome = try await shop.work.sync("--full", "--dry-run", environment: OpenShop.secrets)
        #expect(outcome.exitCode == 0)
        #expect(try shop.work.mirror.count("SELECT count(*) FROM record_versions") == 0)
    }
}
