import HTTP
import Testing

@Suite(.timeLimit(.minutes(10)))
struct FaultTests {
    @Test func `a port that nobody listens on is named`() async throws {
        try await ScriptedServer.withClosedPort { port in
            let error = try await fault(
                of: HTTPRequest(url: "http://127.0.0.1:\(port)/?a=b"), on: makeTransport())
            #expect(error.kind == .network)
            #expect(error.message == "could not connect to '127.0.0.1:\(port)' (Connection refused)")
            #expect(error.status == nil && error.wireBytes == 0 && error.received == [])
        }
    }

    @Test func `a host that cannot be resolved is named`() async throws {
        let host = String(repeating: "x", count: 70)
        let error = try await fault(of: HTTPRequest(url: "http://\(host):81/?a=b"), on: makeTransport())
        #expect(error.kind == .network)
        #expect(error.message == "could not resolve host '\(host)'")
    }

    @Test func `a reset before the status line`() async throws {
        let error = try await fault { connection in
            _ = connection.request()
            connection.reset()
        }
        #expect(error.kind == .network)
        #expect(error.message == "the connection was closed without an answer (Connection reset by peer)")
    }

    @Test func `an end before the status line`() async throws {
        let error = try await fault { _ = $0.request() }
        #expect(error.kind == .network)
        #expect(error.message == "the connection was closed without an answer")
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nX-A: b\r\n", "HTTP/1.1 200 OK\r\nX-A", "HTTP/1.1 103 Early\r\n\r\n",
    ])
    func `an end within the headers is no empty response`(beginning: String) async throws {
        let error = try await fault { connection in
            _ = connection.request()
            connection.send(beginning)
        }
        #expect(error.kind == .network)
        #expect(error.message == "the connection was closed within the response's headers")
        #expect(error.status == nil)
    }

    @Test func `a reset within the headers`() async throws {
        let error = try await fault { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\nX-A: b\r\n")
            connection.reset()
        }
        #expect(error.kind == .network)
        #expect(
            error.message
                == "the connection was closed within the response's headers (Connection reset by peer)")
    }

    @Test func `a reset within the body`() async throws {
        let error = try await fault { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello")
            connection.reset()
        }
        #expect(error.kind == .network)
        #expect(error.message == "the connection was closed after 5 bytes (Connection reset by peer)")
        #expect(error.received.text == "hello")
        #expect(error.status == 200)
    }

    @Test func `a body shorter than its announced length is kept with the error`() async throws {
        let error = try await fault { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{\"access_token\":\"x\"")
        }
        #expect(error.kind == .network)
        #expect(error.message == "the connection was closed after 19 bytes")
        #expect(error.received.text == "{\"access_token\":\"x\"")
        #expect(error.status == 200)
        #expect(error.wireBytes == 60)
        #expect(error.durationMilliseconds > 0)
    }

    @Test func `a chunked body that ends before its last chunk`() async throws {
        let error = try await fault { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
        }
        #expect(error.kind == .network)
        #expect(error.message.hasPrefix("the connection was closed after "))
        #expect(error.received.text == "abc")
    }

    @Test func `a chunk without a size`() async throws {
        let error = try await fault { connection in
            _ = connection.request()
            connection.send(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nxyz\r\nabc\r\n0\r\n\r\n")
            connection.waitForClient()
        }
        #expect(error.kind == .malformed)
        #expect(error.message.hasPrefix("the response's chunks are malformed"))
        #expect(error.received.text == "abc")
    }

    @Test func `what does not speak HTTP is refused`() async throws {
        let error = try await fault { connection in
            _ = connection.request()
            connection.send("SSH-2.0-OpenSSH_9.2\r\n")
            connection.waitForClient()
        }
        #expect(error.kind == .malformed)
        #expect(error.message == "the answer is not HTTP")
    }

    @Test(arguments: ["no colon\r\n", "Content-Length: many\r\n"])
    func `headers that make no sense are refused`(line: String) async throws {
        let error = try await fault { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\n\(line)\r\n")
            connection.waitForClient()
        }
        #expect(error.kind == .malformed)
        #expect(error.message == "the response's headers are malformed")
    }

    @Test func `bytes that are not gzip`() async throws {
        let error = try await fault { connection in
            _ = connection.request()
            connection.send(response("not gzip at all", headers: "Content-Encoding: gzip\r\n"))
            connection.waitForClient()
        }
        #expect(error.kind == .malformed)
        #expect(error.message == "the response's compression cannot be decoded")
        #expect(error.status == 200)
    }

    @Test func `gzip whose check sum is wrong`() async throws {
        let error = try await fault { connection in
            _ = connection.request()
            var bytes = Gzip.hello
            bytes[bytes.count - 6] ^= 1
            connection.send(
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(bytes.count)\r\n\r\n")
            connection.send(bytes)
            connection.waitForClient()
        }
        #expect(error.kind == .malformed)
    }

    @Test func `an encoding that nobody knows`() async throws {
        let error = try await fault { connection in
            _ = connection.request()
            connection.send(response("abc", headers: "Content-Encoding: unheard-of\r\n"))
            connection.waitForClient()
        }
        #expect(error.kind == .malformed)
        #expect(error.message == "the response's compression cannot be decoded")
    }

    @Test func `after a fault the transport goes on`() async throws {
        let server = try ScriptedServer { connection in
            guard connection.number > 1 else { return }
            while connection.request() != nil, connection.send(response("fine")) {}
        }
        let transport = try makeTransport()
        _ = try await fault(of: HTTPRequest(url: server.url()), on: transport)
        #expect(try await transport.send(HTTPRequest(url: server.url())).body.text == "fine")
    }
}
