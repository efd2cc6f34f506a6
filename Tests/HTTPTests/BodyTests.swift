import HTTP
import Testing

@Suite(.timeLimit(.minutes(10)))
struct BodyTests {
    @Test func `gzip is decoded and counted as it came`() async throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(Gzip.hello.count)\r\n\r\n"
        let server = try ScriptedServer.answering { _ in Array(head.utf8) + Gzip.hello }
        let found = try await makeTransport().send(HTTPRequest(url: server.url()))
        #expect(found.body.text == #"{"shops":["hello","hello"]}"#)
        #expect(found.wireBytes == head.utf8.count + Gzip.hello.count)
    }

    @Test func `chunks are joined and trailers are ignored`() async throws {
        let server = try ScriptedServer.answering(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: head\r\n\r\n"
                + "3;note=x\r\nabc\r\nA\r\n0123456789\r\n0\r\nX-A: trailer\r\nX-B: trailer\r\n\r\n")
        let transport = try makeTransport()
        for _ in 0..<2 {
            let found = try await transport.send(HTTPRequest(url: server.url()))
            #expect(found.body.text == "abc0123456789")
            #expect(found.headers["x-a"] == "head" && found.headers["x-b"] == nil)
        }
        #expect(server.connections == 1)
    }

    @Test func `without a length the end of the connection ends the body`() async throws {
        let server = try ScriptedServer { connection in
            _ = connection.request()
            connection.send("HTTP/1.0 200 OK\r\n\r\nall there is")
        }
        let found = try await makeTransport().send(HTTPRequest(url: server.url()))
        #expect(found.body.text == "all there is")
        #expect(found.httpVersion == "HTTP/1.0")
    }

    @Test func `interim responses leave nothing in the final one`() async throws {
        let server = try ScriptedServer.answering(
            "HTTP/1.1 100 Continue\r\nX-A: interim\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                + response("done", status: "201 Created", headers: "X-B: final\r\n"))
        let found = try await makeTransport().send(HTTPRequest(url: server.url()))
        #expect(found.status == 201 && found.body.text == "done")
        #expect(found.headers["x-a"] == nil && found.headers["link"] == nil)
        #expect(found.headers["x-b"] == "final")
    }

    @Test(arguments: ["204 No Content", "304 Not Modified"])
    func `a response without a body has none, whatever length it announces`(status: String) async throws {
        let server = try ScriptedServer.answering("HTTP/1.1 \(status)\r\nContent-Length: 99999999\r\n\r\n")
        let request = HTTPRequest(url: server.url(), maximumResponseBytes: 10)
        let found = try await makeTransport().send(request)
        #expect(found.body == [] && "\(found.status)" == status.prefix(3))
    }

    @Test func `a body of just the allowed size is taken`() async throws {
        let server = try ScriptedServer.answering(response("0123456789"))
        let found = try await makeTransport().send(HTTPRequest(url: server.url(), maximumResponseBytes: 10))
        #expect(found.body.text == "0123456789")
    }

    @Test func `header values stand for themselves, lists are joined`() async throws {
        let fields =
            "Retry-After: 5\r\nLINK: <a>; rel=prev\r\nretry-after: 7\r\nlink: <b>; rel=next\r\n"
            + "X-Folded: one\r\n  two\r\nX-Empty:\r\nX-Colons: a:b: c\r\n"
        let server = try ScriptedServer.answering(response(headers: fields))
        let headers = try await makeTransport().send(HTTPRequest(url: server.url())).headers
        #expect(headers["RETRY-AFTER"] == "7")
        #expect(headers.all("Retry-After") == ["5", "7"])
        #expect(headers["Link"] == "<a>; rel=prev, <b>; rel=next")
        #expect(headers["x-folded"] == "one two")
        #expect(headers["x-empty"] == "")
        #expect(headers["x-colons"] == "a:b: c")
        #expect(headers["x-missing"] == nil && headers.all("x-missing") == [])
    }

    @Test(arguments: [true, false])
    func `the body belongs to the receiver alone`(hasLength: Bool) async throws {
        let body = String(repeating: "x", count: 200_000)
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n30d40\r\n\(body)\r\n0\r\n\r\n"
        let server = try ScriptedServer.answering(hasLength ? response(body) : chunked)
        var found = try await makeTransport().send(HTTPRequest(url: server.url()))
        #expect(found.body.count == 200_000)
        let before = found.body.withUnsafeBytes { $0.baseAddress }
        found.body[0] = 0
        #expect(found.body.withUnsafeBytes { $0.baseAddress } == before)
        if hasLength { #expect(found.body.capacity < 210_000) }
    }
}
