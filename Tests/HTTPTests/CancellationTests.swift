import Dispatch
import HTTP
import Testing

@Suite(.timeLimit(.minutes(10)))
struct CancellationTests {
    /// A server that answers nothing but says when a request has arrived, and when its connection has ended.
    struct Silent {
        let server: ScriptedServer
        let arrivals: AsyncStream<String>
        let ends: AsyncStream<Void>

        init(beginning: String = "") throws {
            let (arrivals, arrived) = AsyncStream.makeStream(of: String.self)
            let (ends, ended) = AsyncStream.makeStream(of: Void.self)
            server = try ScriptedServer { connection in
                guard let request = connection.request() else { return }
                connection.send(beginning)
                arrived.yield(request)
                connection.waitForClient()
                ended.yield()
            }
            self.arrivals = arrivals
            self.ends = ends
        }

        /// One that waits longer than the busiest machine lets a test take.
        var request: HTTPRequest { HTTPRequest(url: server.url(), timeoutMilliseconds: 600_000) }
    }

    @Test func `cancelling the task ends the transfer and its connection`() async throws {
        let silent = try Silent()
        let transport = try makeTransport()
        let request = silent.request
        let task = Task { try await fault(of: request, on: transport) }
        for await _ in silent.arrivals { break }
        task.cancel()
        let error = try await task.value
        #expect(error.kind == .cancelled)
        #expect(error.message == "the request was cancelled")
        for await _ in silent.ends { break }
    }

    @Test func `a task that is already cancelled sends nothing for long`() async throws {
        let silent = try Silent()
        let transport = try makeTransport()
        let request = silent.request
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await fault(of: request, on: transport)
        }
        #expect(try await task.value.kind == .cancelled)
    }

    @Test func `what must not be cut off is answered although its task is cancelled`() async throws {
        let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
        let cancelled = DispatchSemaphore(value: 0)
        let server = try ScriptedServer { connection in
            while connection.request() != nil {
                arrived.yield()
                cancelled.wait()
                connection.send(response("fine"))
            }
        }
        let transport = try makeTransport()
        var request = HTTPRequest(url: server.url(), timeoutMilliseconds: 600_000)
        request.isCancellable = false
        for isEarly in [false, true] {
            let task = Task { [request] in
                if isEarly { withUnsafeCurrentTask { $0?.cancel() } }
                return try await transport.send(request)
            }
            for await _ in arrivals { break }
            task.cancel()
            cancelled.signal()
            #expect(try await task.value.body.text == "fine")
        }
    }

    @Test func `a request that waits for its turn can be cancelled`() async throws {
        let silent = try Silent()
        let transport = try makeTransport(maximumConnections: 1)
        let request = silent.request
        let first = Task { try await fault(of: request, on: transport) }
        for await _ in silent.arrivals { break }
        let second = Task { try await fault(of: request, on: transport) }
        second.cancel()
        #expect(try await second.value.kind == .cancelled)
        #expect(silent.server.connections == 1)
        first.cancel()
        #expect(try await first.value.kind == .cancelled)
    }

    @Test func `cancelling one request leaves the others alone`() async throws {
        let silent = try Silent()
        let server = try ScriptedServer.answering(response("fine"))
        let transport = try makeTransport(maximumConnections: 200)
        let request = silent.request
        let doomed = (0..<50).map { _ in Task { try await fault(of: request, on: transport) } }
        let healthy = (0..<50).map { _ in Task { try await transport.send(HTTPRequest(url: server.url())) } }
        for task in doomed { task.cancel() }
        for task in doomed { #expect(try await task.value.kind == .cancelled) }
        for task in healthy { #expect(try await task.value.body.text == "fine") }
    }

    @Test func `cancelling and answering at the same time end a request once`() async throws {
        let server = try ScriptedServer.answering(response("fine"))
        let transport = try makeTransport(maximumConnections: 8)
        for _ in 0..<300 {
            let task = Task { () -> Bool in
                do throws(TransportError) {
                    return try await transport.send(HTTPRequest(url: server.url())).status == 200
                } catch {
                    return error.kind == .cancelled
                }
            }
            await Task.yield()
            task.cancel()
            #expect(await task.value)
        }
        #expect(try await transport.send(HTTPRequest(url: server.url())).status == 200)
    }

    @Test func `shutting down fails what is pending, keeping what had come`() async throws {
        let silent = try Silent(beginning: "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n")
        let transport = try makeTransport(maximumConnections: 1)
        let request = silent.request
        let pending = (0..<3).map { _ in Task { try await fault(of: request, on: transport) } }
        for await _ in silent.arrivals { break }
        transport.shutdown()
        for task in pending {
            let error = try await task.value
            #expect(error.kind == .cancelled)
            #expect(error.message == "the transport was shut down")
        }
        for await _ in silent.ends { break }
    }

    @Test func `shutting down twice is shutting down`() async throws {
        let transport = try makeTransport()
        transport.shutdown()
        transport.shutdown()
        let error = try await fault(of: HTTPRequest(url: "http://127.0.0.1:9/"), on: transport)
        #expect(error.kind == .cancelled)
        #expect(error.message == "the transport was shut down")
    }

    @Test func `many transports come and go`() async throws {
        let server = try ScriptedServer.answering(response("fine"))
        for _ in 0..<50 {
            let found = try await makeTransport().send(HTTPRequest(url: server.url()))
            #expect(found.body.text == "fine")
        }
        #expect(server.connections == 50)
    }
}
