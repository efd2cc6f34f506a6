import HTTP
import Testing

@Suite(.timeLimit(.minutes(10)))
struct ExchangeTests {
    @Test func `a response brings status, headers, body, size and version`() async throws {
        let answer = response("hello", status: "404 Not Found", headers: "X-Shop:  a b \r\n")
        let server = try ScriptedServer.answering(answer)
        let found = try await makeTransport().send(HTTPRequest(url: server.url("/a?b=c")))
        #expect(found.status == 404)
        #expect(found.headers["x-shop"] == "a b")
        #expect(found.body.text == "hello")
        #expect(found.wireBytes == answer.utf8.count)
        #expect(found.httpVersion == "HTTP/1.1")
        #expect(found.durationMilliseconds > 0)
        #expect(server.requests.first?.hasPrefix("GET /a?b=c HTTP/1.1\r\n") == true)
    }

    @Test func `only the caller's headers and the transport's own are sent`() async throws {
        let server = try ScriptedServer.answering(response())
        let request = HTTPRequest(
            url: server.url(), headers: [("X-A", " 1 "), ("X-Empty", ""), ("x-a", "2")])
        _ = try await makeTransport().send(request)
        let lines = try #require(server.requests.first).split(separator: "\r\n").dropFirst()
        let names = lines.map { $0.prefix { $0 != ":" }.lowercased() }
        #expect(names.sorted() == ["accept", "accept-encoding", "host", "x-a", "x-a", "x-empty"])
        #expect(lines.contains("X-A: 1") && lines.contains("X-Empty:") && lines.contains("x-a: 2"))
        #expect(lines.contains { $0.hasPrefix("Accept-Encoding:") && $0.contains("gzip") })
    }

    @Test func `an empty POST announces its empty body and nothing else`() async throws {
        let server = try ScriptedServer.answering(response())
        let transport = try makeTransport()
        _ = try await transport.send(HTTPRequest(method: .post, url: server.url()))
        _ = try await transport.send(HTTPRequest(method: .post, url: server.url(), body: []))
        #expect(server.requests.count == 2)
        for request in server.requests.map({ $0.lowercased() }) {
            #expect(request.hasPrefix("post / http/1.1\r\n"))
            #expect(request.contains("\r\ncontent-length: 0\r\n"))
            #expect(!request.contains("expect:") && !request.contains("content-type:"))
        }
    }

    @Test func `a POST sends its body, its type and no Expect, however long it is`() async throws {
        let server = try ScriptedServer.answering(response())
        let body = [UInt8](repeating: 0x61, count: 3_000_000)
        let request = HTTPRequest(
            method: .post, url: server.url(), headers: [("Content-Type", "text/plain")], body: body)
        _ = try await makeTransport().send(request)
        let sent = try #require(server.requests.first)
        #expect(sent.contains("\r\nContent-Type: text/plain\r\n"))
        #expect(sent.contains("\r\nContent-Length: 3000000\r\n"))
        #expect(!sent.lowercased().contains("expect:"))
        #expect(sent.hasSuffix("\r\n\r\n" + body.text))
    }

    @Test func `a body may hold NUL bytes`() async throws {
        let server = try ScriptedServer.answering(response())
        _ = try await makeTransport().send(
            HTTPRequest(method: .post, url: server.url(), body: [0x61, 0, 0x62]))
        #expect(server.requests.first?.hasSuffix("\r\n\r\na\0b") == true)
    }

    @Test func `methods do not leak into the next request of a connection`() async throws {
        let server = try ScriptedServer.answering(response())
        let transport = try makeTransport()
        _ = try await transport.send(HTTPRequest(method: .delete, url: server.url("/1")))
        _ = try await transport.send(HTTPRequest(method: .delete, url: server.url("/2"), body: [0x61]))
        _ = try await transport.send(
            HTTPRequest(method: .get, url: server.url("/3"), headers: [("X-A", "b")]))
        _ = try await transport.send(HTTPRequest(method: .get, url: server.url("/4")))
        let requests = server.requests
        #expect(
            requests.map { $0.prefix { $0 != "\r\n" } } == [
                "DELETE /1 HTTP/1.1", "DELETE /2 HTTP/1.1", "GET /3 HTTP/1.1", "GET /4 HTTP/1.1",
            ])
        #expect(!requests[0].contains("Content-Length") && requests[1].hasSuffix("\r\n\r\na"))
        #expect(!requests[2].contains("Content-Length") && !requests[3].contains("X-A"))
    }

    @Test func `a path is sent as it stands`() async throws {
        let server = try ScriptedServer.answering(response())
        _ = try await makeTransport().send(HTTPRequest(url: server.url("/a/../b/./c%2Fd?q=%20+&x#part")))
        #expect(server.requests.first?.hasPrefix("GET /a/../b/./c%2Fd?q=%20+&x HTTP/1.1\r\n") == true)
    }

    @Test func `a redirect is an answer, not an instruction`() async throws {
        let server = try ScriptedServer.answering(
            response(status: "302 Found", headers: "Location: /other\r\n"))
        let found = try await makeTransport().send(HTTPRequest(url: server.url()))
        #expect(found.status == 302)
        #expect(found.headers["location"] == "/other")
        #expect(server.requests.count == 1)
    }

    @Test func `requests one after the other share a connection`() async throws {
        let server = try ScriptedServer.answering(response("x"))
        let transport = try makeTransport()
        for _ in 0..<20 { _ = try await transport.send(HTTPRequest(url: server.url())) }
        #expect(server.requests.count == 20)
        #expect(server.connections == 1)
    }

    @Test func `a kept connection that the server has closed is replaced`() async throws {
        let server = try ScriptedServer { connection in
            guard connection.request() != nil else { return }
            connection.send(response("\(connection.number)"))
        }
        let transport = try makeTransport()
        var bodies: [String] = []
        for _ in 0..<3 { bodies.append(try await transport.send(HTTPRequest(url: server.url())).body.text) }
        #expect(bodies == ["1", "2", "3"])
    }

    @Test(arguments: [8, 100])
    func `a hundred requests at once are all answered`(maximumConnections: Int) async throws {
        let server = try ScriptedServer.answering { request in
            Array(response(String(request.dropFirst(5).prefix { $0 != " " })).utf8)
        }
        let transport = try makeTransport(maximumConnections: maximumConnections)
        let bodies = try await withThrowingTaskGroup(of: (Int, String).self) { group in
            for number in 0..<100 {
                group.addTask {
                    (number, try await transport.send(HTTPRequest(url: server.url("/\(number)"))).body.text)
                }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        #expect(bodies == Dictionary(uniqueKeysWithValues: (0..<100).map { ($0, String($0)) }))
        #expect(server.connections <= maximumConnections)
    }

    @Test func `the version names libcurl and its TLS library`() {
        #expect(CurlTransport.versions.hasPrefix("libcurl/"))
        #expect(CurlTransport.versions.contains("SSL") || CurlTransport.versions.contains("TLS"))
    }

    @Test func `a request prints without query, headers and body`() {
        let request = HTTPRequest(
            method: .post, url: "https://shop.example:8443/a/b?token=secret",
            headers: [("Authorization", "secret")], body: Array("secret".utf8))
        var dumped = ""
        dump(request, to: &dumped)
        #expect("\(request)" == "POST shop.example:8443/a/b")
        #expect(String(reflecting: request) == "POST shop.example:8443/a/b")
        #expect(!dumped.contains("secret"))
    }
}
