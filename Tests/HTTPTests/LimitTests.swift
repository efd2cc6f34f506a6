import HTTP
import Testing

@Suite(.timeLimit(.minutes(10)))
struct LimitTests {
    @Test func `a length above the limit is refused before the body comes`() async throws {
        let error = try await fault(limit: 100) { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n")
            connection.waitForClient()
        }
        #expect(error.kind == .responseTooLarge)
        #expect(error.message == "the response announces a body of 101 bytes, more than 100")
        #expect(error.received == [] && error.status == 200)
    }

    @Test func `a length beyond all numbers does no harm`() async throws {
        let error = try await fault(limit: 100) { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n")
            for _ in 0..<100 { connection.send(String(repeating: "x", count: 10)) }
        }
        #expect([.responseTooLarge, .malformed].contains(error.kind))
    }

    @Test func `a body without a length is cut at the limit`() async throws {
        let error = try await fault(limit: 100) { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\n\r\n" + String(repeating: "x", count: 101))
        }
        #expect(error.kind == .responseTooLarge)
        #expect(error.message == "the response's body is larger than 100 bytes")
        #expect(error.received.text == String(repeating: "x", count: 100))
    }

    @Test func `an endless body ends at the limit`() async throws {
        let error = try await fault(limit: 1 << 20) { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            while connection.send("400\r\n" + String(repeating: "x", count: 1024) + "\r\n") {}
        }
        #expect(error.kind == .responseTooLarge)
        #expect(error.received.count == 1 << 20)
    }

    @Test func `a decompression bomb is cut at the limit of decoded bytes`() async throws {
        #expect(Gzip.bomb.count < 400)
        let error = try await fault(limit: 100_000) { connection in
            _ = connection.request()
            let length = Gzip.bomb.count
            connection.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(length)\r\n\r\n")
            connection.send(Gzip.bomb)
            connection.waitForClient()
        }
        #expect(error.kind == .responseTooLarge)
        #expect(error.message == "the response's body is larger than 100000 bytes")
        #expect(error.received == [UInt8](repeating: 0, count: 100_000))
    }

    @Test func `a single endless header line`() async throws {
        let error = try await fault { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\nX-A: ")
            while connection.send(String(repeating: "x", count: 4096)) {}
        }
        #expect(error.kind == .malformed)
        #expect(error.message == "a line of the response's headers is too long")
    }

    @Test func `endless header fields`() async throws {
        let error = try await fault { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\n")
            while connection.send("X-A: " + String(repeating: "x", count: 4096) + "\r\n") {}
        }
        #expect(error.kind == .malformed)
        #expect(error.message == "the response's headers are larger than 262144 bytes")
        #expect(error.wireBytes < 300_000)
    }

    @Test func `a storm of interim responses`() async throws {
        let error = try await fault { connection in
            _ = connection.request()
            while connection.send("HTTP/1.1 103 Early Hints\r\nX-A: b\r\n\r\n") {}
        }
        #expect(error.kind == .malformed)
        #expect(error.message == "the response's headers are larger than 262144 bytes")
    }

    @Test func `endless trailers`() async throws {
        let error = try await fault { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n")
            while connection.send("X-A: " + String(repeating: "x", count: 1000) + "\r\n") {}
        }
        #expect(error.kind == .malformed)
        #expect(error.received.text == "a")
    }

    @Test func `an answer that never comes`() async throws {
        let error = try await fault(timeout: 200) { connection in
            _ = connection.request()
            connection.waitForClient()
        }
        #expect(error.kind == .timedOut)
        #expect(error.message == "no answer within 200 ms")
        #expect(error.durationMilliseconds >= 200)
    }

    @Test func `a body that stalls`() async throws {
        let error = try await fault(timeout: 2000) { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello")
            connection.waitForClient()
        }
        #expect(error.kind == .timedOut)
        #expect(error.message == "no complete answer within 2000 ms, 5 bytes came")
        #expect(error.received.text == "hello" && error.status == 200)
    }

    @Test func `a handshake that stalls is a connection that never was`() async throws {
        let server = try ScriptedServer { $0.waitForClient() }
        let request = HTTPRequest(
            url: "https://127.0.0.1:\(server.port)/", timeoutMilliseconds: 30_000,
            connectTimeoutMilliseconds: 200)
        let error = try await fault(of: request, on: makeTransport())
        #expect(error.kind == .timedOut)
        #expect(error.message == "no connection to '127.0.0.1:\(server.port)' within 200 ms")
    }

    @Test func `a timeout of nothing is not a timeout of never`() async throws {
        let error = try await fault(timeout: -5) { $0.waitForClient() }
        #expect(error.kind == .timedOut)
    }

    @Test func `waiting for a turn does not count as waiting for the server`() async throws {
        let server = try ScriptedServer { connection in
            while let request = connection.request() {
                if request.hasPrefix("GET /stall") { return connection.waitForClient() }
                connection.send(response("fine"))
            }
        }
        let transport = try makeTransport(maximumConnections: 1)
        async let stalled = fault(
            of: HTTPRequest(url: server.url("/stall"), timeoutMilliseconds: 400), on: transport)
        async let fine = transport.send(HTTPRequest(url: server.url("/fine"), timeoutMilliseconds: 5000))
        #expect(try await stalled.kind == .timedOut)
        #expect(try await fine.body.text == "fine")
    }
}
