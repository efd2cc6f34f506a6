import HTTP
import JSON
import Synchronization
import Testing

@testable import Sync

/// Finding out which fields a platform has stopped to know.
struct FieldProbeTests {
    /// A platform that refuses a list with any of these fields.
    private final class Platform: Sendable {
        let unknown: Set<String>
        let names: Bool
        let calls = Mutex(0)

        init(_ unknown: Set<String>, naming names: Bool) {
            self.unknown = unknown
            self.names = names
        }

        func answer(_ call: Call) throws(Problem) -> Answer {
            calls.withLock { $0 += 1 }
            let fields = call.parameters.first { $0.name == "fields" }?.value.split(separator: ",").map(
                String.init)
            if let bad = fields?.first(where: { unknown.contains($0) }) {
                throw Problem(.requestRejected, names ? "パラメータが不正です。[\(bad)]" : "パラメータが不正です。")
            }
            guard call.parameters.contains(Parameter("limit", "1")) else {
                throw Problem(.internal, "more than one row was asked for")
            }
            return Answer(
                status: 200, headers: .init(), page: .failure(JSONError(.syntax, "")), beginning: [],
                envelope: [])
        }
    }

    private func unknown(_ platform: Platform, of resource: String = "goods") async throws -> [String] {
        let connection = try Connections.make("next-engine")
        let plan = try #require(connection.plans(named: [resource]).first)
        let listing = Listing(
            of: plan, connection: connection, since: nil, until: nil, now: Timestamp(secondsSinceEpoch: 0),
            kind: .full)
        let probe = FieldProbe(listing: listing) { call throws(Problem) in try platform.answer(call) }
        // The listing itself asks for more than one row; it is refused before that matters.
        let refusal = #expect(throws: Problem.self) { try platform.answer(listing.call(at: Position())) }
        return try await probe.unknown(after: try #require(refusal))
    }

    @Test
    func `fields that the refusal names are left out at once`() async throws {
        let platform = Platform(["goods_tag", "goods_lot", "goods_size"], naming: true)
        #expect(Set(try await unknown(platform)) == platform.unknown)
        #expect(platform.calls.withLock { $0 } <= 6)
    }

    @Test(arguments: [["goods_tag"], ["goods_1_item", "goods_20_item"], ["goods_creation_date"]])
    func `fields that nothing names are found by halves`(fields: [String]) async throws {
        let platform = Platform(Set(fields), naming: false)
        #expect(Set(try await unknown(platform)) == platform.unknown)
        #expect(platform.calls.withLock { $0 } <= FieldProbe.maximumCalls + 3)
    }

    @Test(arguments: [true, false])
    func `without its key or cursor a resource cannot be pulled`(names: Bool) async throws {
        #expect(try await unknown(Platform(["goods_id"], naming: names)) == [])
        #expect(try await unknown(Platform(["goods_last_modified_null_safe_date"], naming: names)) == [])
    }

    @Test
    func `too many unknown fields end the search`() async throws {
        let all = Set((1...20).map { "goods_\($0)_item" } + (1...10).map { "goods_\($0)_select_name" })
        let platform = Platform(all, naming: false)
        #expect(try await unknown(platform) == [])
        #expect(platform.calls.withLock { $0 } <= FieldProbe.maximumCalls + 4)
    }

    @Test
    func `a refusal that fields do not explain is left as it is`() async throws {
        let connection = try Connections.make("next-engine")
        let plan = try #require(connection.plans(named: ["goods"]).first)
        let listing = Listing(
            of: plan, connection: connection, since: nil, until: nil, now: Timestamp(secondsSinceEpoch: 0),
            kind: .full)
        let calls = Mutex(0)
        let refusal = Problem(.requestRejected, "no goods_tag today")
        let probe = FieldProbe(listing: listing) { _ throws(Problem) in
            calls.withLock { $0 += 1 }
            throw refusal
        }
        #expect(try await probe.unknown(after: refusal) == [])
        #expect(calls.withLock { $0 } <= 4)
    }

    @Test
    func `another failure on the way is that failure`() async throws {
        let connection = try Connections.make("next-engine")
        let plan = try #require(connection.plans(named: ["goods"]).first)
        let listing = Listing(
            of: plan, connection: connection, since: nil, until: nil, now: Timestamp(secondsSinceEpoch: 0),
            kind: .full)
        let probe = FieldProbe(listing: listing) { _ throws(Problem) in throw Problem(.networkFailed, "gone")
        }
        await #expect(throws: Problem(.networkFailed, "gone")) {
            try await probe.unknown(after: Problem(.requestRejected, "no"))
        }
    }
}
