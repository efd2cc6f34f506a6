import SyncTestSupport
import Testing

@testable import Sync

struct ListingTests {
    private let now = Timestamp("2026-11-20T03:00:00Z") ?? Timestamp(secondsSinceEpoch: 0)

    private func listing(
        _ since: String?, _ until: String?, kind: Pull.Kind,
        cursor: Cursor? = Cursor(since: "from", until: "to"),
        config: String = ""
    ) throws -> Listing {
        let platform = Sample.platform(cursor: cursor)
        let connection = try Sample.connection(platform, config)
        let plan = connection.resource(named: "items") ?? connection.plan(of: platform.resources[0])
        return Listing(
            of: plan, connection: connection, since: since.flatMap { Timestamp($0) },
            until: until.flatMap { Timestamp($0) },
            now: now, kind: kind)
    }

    private func bounds(_ listing: Listing) -> [String] {
        listing.segments.map { "\($0.since?.text ?? "-")..\($0.until?.text ?? "-")" }
    }

    @Test func `a backfill is cut into slices of thirty days without a gap`() throws {
        let listing = try listing("2026-01-01T00:00:00Z", "2026-03-05T12:00:00Z", kind: .backfill)
        #expect(
            bounds(listing) == [
                "2026-01-01T00:00:00Z..2026-01-31T00:00:00Z", "2026-01-31T00:00:00Z..2026-03-02T00:00:00Z",
                "2026-03-02T00:00:00Z..2026-03-05T12:00:00Z",
            ])
    }

    @Test func `a backfill without an end goes on beyond now`() throws {
        #expect(
            try bounds(listing("2026-10-10T00:00:00Z", nil, kind: .backfill)).last
                == "2026-11-09T00:00:00Z..-")
        #expect(
            try bounds(listing("2027-01-01T00:00:00Z", nil, kind: .backfill)) == ["2027-01-01T00:00:00Z..-"])
    }

    @Test func `a backfill without a beginning, and other pulls, are one slice`() throws {
        #expect(
            try bounds(listing(nil, "2026-03-05T12:00:00Z", kind: .backfill)) == ["-..2026-03-05T12:00:00Z"])
        #expect(
            try bounds(listing("2020-01-01T00:00:00Z", nil, kind: .incremental)) == [
                "2020-01-01T00:00:00Z..-"
            ])
        #expect(try bounds(listing(nil, nil, kind: .full)) == ["-..-"])
    }

    @Test func `a call carries the bounds of its slice in the platform's form`() throws {
        let listing = try listing("2026-01-01T00:00:00Z", "2026-03-05T12:00:00Z", kind: .backfill)
        let call = listing.call(at: Position(segment: 1))
        #expect(call.parameters.contains(Parameter("from", "2026-01-31T00:00:00+00:00")))
        #expect(call.parameters.contains(Parameter("to", "2026-03-02T00:00:00+00:00")))
        let plain = try self.listing(nil, nil, kind: .full).call(at: Position())
        #expect(!plain.parameters.contains { $0.name == "from" || $0.name == "to" })
    }

    @Test func `a platform that wants both bounds gets both`() throws {
        let cursor = Cursor(since: "from", until: "to", needsBoth: true)
        let call = try listing("2026-01-01T00:00:00Z", nil, kind: .incremental, cursor: cursor).call(
            at: Position())
        #expect(call.parameters.contains(Parameter("from", "2026-01-01T00:00:00+00:00")))
        #expect(call.parameters.contains { $0.name == "to" })
        let plain = try listing(nil, nil, kind: .full, cursor: cursor).call(at: Position())
        #expect(!plain.parameters.contains { $0.name == "from" || $0.name == "to" })
    }

    @Test func `the limit of the config is what is asked for`() throws {
        let call = try listing(nil, nil, kind: .full, config: "[connections.main.items]\nlimit = 77").call(
            at: Position())
        #expect(call.parameters.contains(Parameter("limit", "77")))
    }

    @Test func `settings that change what is stored change the fingerprint, others do not`() throws {
        func fingerprint(_ config: String) throws -> String? {
            try Sample.connection(Sample.platform(), "[connections.main.items]\n\(config)").resource(
                named: "items")?.fingerprint
        }
        let plain = try fingerprint("")
        #expect(try fingerprint("limit = 9\nfull_every = \"1d\"") == plain)
        #expect(try fingerprint("drop = [\"$.a\"]") != plain)
        #expect(try fingerprint("drop = [\"$.a\"]") != fingerprint("drop = [\"$.b\"]"))
        #expect(try fingerprint("since = 2026-01-01") != plain)
    }
}
