import Foundation
import Glibc
import JSON
import Testing

/// A server that was made to exhaust the program gets a code of its own and bounded memory, and leaves no row.
@Suite(.timeLimit(.minutes(10)))
struct HostileServerTests {
    typealias Sender = ([UInt8]) -> Bool

    /// One kind of listing: how it is asked for, and an honest page of one record.
    struct Listing: Sendable {
        var platform: String
        var resource: String
        var path: String
        var table: String
        var page: String
    }

    static let listings = [
        Listing(
            platform: "shopline", resource: "locations", path: "locations/list.json",
            table: "shopline_locations",
            page: #"{"locations":[{"id":"1","name":"NAME"}]}"#),
        Listing(
            platform: "shopline", resource: "orders", path: "orders.json", table: "shopline_orders",
            page: #"{"orders":[{"id":"1","name":"NAME","updated_at":"2026-01-01T00:00:00+00:00"}]}"#),
        Listing(
            platform: "next-engine", resource: "goods", path: "goods/search", table: "next_engine_goods",
            page: #"{"result":"success","count":"1","data":[{"goods_id":"1","goods_name":"NAME"}]}"#),
    ]

    /// What is sent instead of an honest answer.
    struct Attack: Sendable {
        var name: String
        var codes: Set<String>
        var run = ""
        /// In MiB, of the whole program.
        var memory = 96
        var send: @Sendable (Listing, Sender) -> Void
    }

    struct Example: Sendable, CustomTestStringConvertible {
        var attack: Attack
        var listing: Listing

        var testDescription: String { "\(attack.name) at \(listing.platform) \(listing.resource)" }
    }

    private static let block = [UInt8](repeating: 0x61, count: 1 << 20)

    private static func head(_ more: String = "") -> [UInt8] {
        Array("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\(more)\r\n".utf8)
    }

    private static func whole(_ body: [UInt8]) -> [UInt8] { head("Content-Length: \(body.count)\r\n") + body }

    static let attacks = [
        Attack(
            name: "a header line of 100 MB",
            codes: ["malformed_response"]
        ) {
            _, send in
            _ = send(Array("HTTP/1.1 200 OK\r\nX-Long: ".utf8))
            for _ in 0..<100 where !send(block) { return }
        },
        Attack(
            name: "headers of 100 MB in short lines",
            codes: ["malformed_response"]
        ) { _, send in
            _ = send(Array("HTTP/1.1 200 OK\r\n".utf8))
            let lines = Array(
                String(repeating: "X-Some: \(String(repeating: "a", count: 50))\r\n", count: 16_000).utf8)
            for _ in 0..<110 where !send(lines) { return }
        },
        Attack(name: "a body without end", codes: ["response_too_large"]) { listing, send in
            _ = send(head() + Array(listing.page.prefix(10).utf8))
            while send(block) {}
        },
        Attack(name: "a body in chunks without end", codes: ["response_too_large"]) { listing, send in
            _ = send(head("Transfer-Encoding: chunked\r\n"))
            while send(Array("100000\r\n".utf8) + block + Array("\r\n".utf8)) {}
        },
        Attack(
            name: "a storm of 1xx answers",
            codes: ["malformed_response"],
            run: "timeout = \"20s\""
        ) { _, send in
            let some = Array(String(repeating: "HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n", count: 1000).utf8)
            while send(some) {}
        },
        Attack(
            name: "a text of 50 MB", codes: ["response_too_large"], run: "max_response = \"64MiB\"",
            memory: 320
        ) {
            listing, send in
            let parts = listing.page.split(separator: "NAME").map { Array($0.utf8) }
            let length = parts[0].count + parts[1].count + 50 * block.count
            _ = send(head("Content-Length: \(length)\r\n") + parts[0])
            for _ in 0..<50 where !send(block) { return }
            _ = send(parts[1])
        },
        Attack(name: "bytes that are no UTF-8", codes: ["malformed_response"]) { listing, send in
            let parts = listing.page.split(separator: "NAME").map { Array($0.utf8) }
            _ = send(whole(parts[0] + [0x61, 0xC3, 0x28, 0xFF] + parts[1]))
        },
        Attack(name: "half of a UTF-16 pair in UTF-8", codes: ["malformed_response"]) { listing, send in
            let parts = listing.page.split(separator: "NAME").map { Array($0.utf8) }
            _ = send(whole(parts[0] + [0xED, 0xA0, 0x80] + parts[1]))
        },
    ]

    static let examples = attacks.flatMap { attack in listings.map { Example(attack: attack, listing: $0) } }

    // MARK: Running

    private func work(_ listing: Listing, port: Int, run: String) throws -> Workplace {
        let work = try Workplace()
        let address =
            "base_url = \"http://127.0.0.1:\(port)\"\nresources = [\"\(listing.resource)\"]\nrequests_per_second = 0"
        let account =
            listing.platform == "shopline"
            ? "handle = \"open001\"\naccess_token = { env = \"SL_STATIC_1\" }"
            : "client_id = { env = \"NE_ID\" }\nclient_secret = { env = \"NE_SECRET\" }\naccess_token = { env = \"NE_ACCESS_1\" }"
                + "\nrefresh_token = { env = \"NE_REFRESH_1\" }"
        try work.configure(
            "[connections.c]\nplatform = \"\(listing.platform)\"\n\(address)\n\(account)",
            run: "max_attempts = 1\n\(run)")
        return work
    }

    private func server(_ listing: Listing, _ send: @escaping @Sendable (Listing, Sender) -> Void) throws
        -> RawServer
    {
        try RawServer { target, sender in
            guard target.contains(listing.path) else {
                let body =
                    target.contains("login_company")
                    ? #"{"result":"success","count":"1","data":[{"company_ne_id":"NE1","company_name":"A"}]}"#
                    : target.contains("shop.json")
                        ? #"{"data":{"id":17,"name":"A"}}"# : #"{"result":"success","count":"1"}"#
                _ = sender(Self.whole(Array(body.utf8)))
                return
            }
            send(listing, sender)
        }
    }

    /// Runs to the end; what it used of memory at most, in MiB.
    private func sync(_ work: Workplace) async throws -> (outcome: Workplace.Outcome, peak: Int) {
        let run = try await work.startSync(stoppingAt: "after-report-rename:1")
        let status = try String(contentsOfFile: "/proc/\(run.process.identifier)/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
        let peak = try #require(Int(line.filter(\.isNumber)))
        return (try await run.goOn(), peak >> 10)
    }

    @Test(arguments: examples)
    func `an attack is refused by its own code in bounded memory`(example: Example) async throws {
        let (attack, listing) = (example.attack, example.listing)
        let server = try server(listing, attack.send)
        let work = try work(listing, port: server.port, run: attack.run)
        let (outcome, peak) = try await sync(work)
        #expect(outcome.exitCode == 1, "\(outcome.stderr)")
        let code = try work.latestReport().errorCode(of: listing.resource, in: "c") ?? "none"
        print("hostile server: \(example.testDescription): \(code), \(peak) MiB")
        #expect(attack.codes.contains(code), "\(code): \(outcome.stderr)")
        #expect(try work.mirror.count("SELECT count(*) FROM \(listing.table)_data") == 0)
        #expect(try work.mirror.text("PRAGMA integrity_check") == "ok")
        if ProcessInfo.processInfo.environment["TORTURE_SANITIZED"] == nil {
            #expect(peak < attack.memory, "\(peak) MiB")
            // A text of 50 MB has to be held once: whoever measures less measures something else.
            if attack.name.contains("50 MB") { #expect(peak > 50) }
        }
        withExtendedLifetime(server) {}
    }

    // MARK: Odd, and allowed

    struct Oddity: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var send: @Sendable (String, Sender) -> Void
    }

    static let oddities = [
        Oddity(testDescription: "chunks with trailers") { page, send in
            let half = page.utf8.count / 2
            let chunks = [page.utf8.prefix(half), page.utf8.dropFirst(half)].map { part in
                Array("\(String(part.count, radix: 16));name=value\r\n".utf8) + Array(part)
                    + Array("\r\n".utf8)
            }
            _ = send(
                head("Transfer-Encoding: chunked\r\nTrailer: X-Sum, Link\r\n") + chunks[0] + chunks[1]
                    + Array("0\r\nX-Sum: 1\r\nContent-Length: 3\r\n\r\n".utf8))
        },
        Oddity(testDescription: "a few 1xx answers before the real one") { page, send in
            let hints = String(
                repeating: "HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n", count: 20)
            _ = send(Array(hints.utf8) + whole(Array(page.utf8)))
        },
        Oddity(testDescription: "HTTP/1.0 without a length") { page, send in
            _ = send(Array("HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n\(page)".utf8))
        },
    ]

    @Test(arguments: oddities)
    func `an odd answer that is whole is stored`(oddity: Oddity) async throws {
        for listing in Self.listings {
            let server = try server(listing) { oddity.send($0.page, $1) }
            let work = try work(listing, port: server.port, run: "")
            let (outcome, _) = try await sync(work)
            #expect(outcome.exitCode == 0, "\(listing.resource): \(outcome.stderr)")
            #expect(
                try work.mirror.texts("SELECT id FROM \(listing.table)_data") == ["1"], "\(listing.resource)")
            withExtendedLifetime(server) {}
        }
    }
}
