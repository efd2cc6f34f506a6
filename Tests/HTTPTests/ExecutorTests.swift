import Dispatch
import Glibc
import HTTP
import Synchronization
import Testing

/// Tasks that run on the thread that responses arrive on.
@Suite(.timeLimit(.minutes(10)))
struct ExecutorTests {
    @Test func `a task stays on the thread its responses arrive on`() async throws {
        let server = try ScriptedServer.answering(response("fine"))
        let transport = try makeTransport()
        let executor = try #require(transport.executor)
        let request = HTTPRequest(url: server.url())
        let threads = try await withTaskExecutorPreference(executor) {
            var threads: Set<pthread_t> = [pthread_self()]
            for _ in 0..<20 {
                async let other = onward(transport, request)
                await Task.yield()
                threads.insert(try await onward(transport, request))
                threads.insert(try await other)
            }
            return threads
        }
        #expect(threads.count == 1)
        #expect(server.requests.count == 40)
    }

    /// - Returns: The thread that goes on with the response.
    private func onward(_ transport: CurlTransport, _ request: HTTPRequest) async throws -> pthread_t {
        _ = try await transport.send(request)
        return pthread_self()
    }

    @Test func `many tasks share it with requests from elsewhere, and all of them end`() async throws {
        let server = try ScriptedServer.answering(response("fine"))
        let transport = try makeTransport(maximumConnections: 8)
        let executor = try #require(transport.executor)
        let request = HTTPRequest(url: server.url())
        let fine = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<200 {
                group.addTask(executorPreference: number.isMultiple(of: 2) ? executor : nil) {
                    await Task.yield()
                    let task = Task { try await transport.send(request) }
                    if number.isMultiple(of: 3) { task.cancel() }
                    return try await transport.send(request).body.text == "fine"
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(fine == 200)
    }

    /// Keeps a thread until the semaphore is signalled.
    private func block(until semaphore: DispatchSemaphore) { semaphore.wait() }

    /// Keeps a thread for a while.
    private func work(for duration: Duration) {
        let end = ContinuousClock.now + duration
        while ContinuousClock.now < end { sched_yield() }
    }

    @Test func `the time that a task keeps the thread does not count against the server`() async throws {
        let answered = DispatchSemaphore(value: 0)
        let server = try ScriptedServer { connection in
            while connection.request() != nil {
                connection.send(response("fine"))
                answered.signal()
            }
        }
        let transport = try makeTransport()
        let executor = try #require(transport.executor)
        let request = HTTPRequest(
            url: server.url(), timeoutMilliseconds: 1000, connectTimeoutMilliseconds: 1000)
        // So that the next one finds a connection, and leaves at once.
        _ = try await transport.send(request)
        block(until: answered)
        let text = try await withTaskExecutorPreference(executor) {
            async let answer = transport.send(request)
            await Task.yield()
            block(until: answered)
            work(for: .milliseconds(1200))
            return try await answer.body.text
        }
        #expect(text == "fine")
    }

    @Test func `a server that never answers is given up all the same`() async throws {
        let asked = DispatchSemaphore(value: 0)
        let server = try ScriptedServer { connection in
            while let request = connection.request() {
                if request.hasPrefix("GET /first") { connection.send(response("fine")) }
                asked.signal()
            }
        }
        let transport = try makeTransport()
        let executor = try #require(transport.executor)
        _ = try await transport.send(HTTPRequest(url: server.url("/first")))
        block(until: asked)
        let request = HTTPRequest(url: server.url(), timeoutMilliseconds: 200)
        let error = try await withTaskExecutorPreference(executor) {
            async let outcome = fault(of: request, on: transport)
            await Task.yield()
            block(until: asked)
            work(for: .milliseconds(150))
            return try await outcome
        }
        #expect(error.kind == .timedOut)
        // Both limits are told: what was set, and what was added for the work.
        let words = error.message.split(separator: " ").map(String.init)
        let added = try #require(words.compactMap(Int.init).last)
        #expect(added >= 150)
        #expect(
            error.message == "no answer within 200 ms and the \(added) ms that our own work took meanwhile")
    }

    @Test func `a task that kept responses waiting for long has its next work done elsewhere`() async throws {
        let (asked, answer) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let server = try ScriptedServer { connection in
            while connection.request() != nil {
                asked.signal()
                answer.wait()
                connection.send(response("fine"))
            }
        }
        let transport = try makeTransport()
        let executor = try #require(transport.executor)
        answer.signal()
        _ = try await transport.send(HTTPRequest(url: server.url()))
        block(until: asked)
        let (before, after) = try await withTaskExecutorPreference(executor) {
            async let response = transport.send(HTTPRequest(url: server.url()))
            await Task.yield()
            block(until: asked)
            let before = pthread_self()
            work(for: .milliseconds(300))
            answer.signal()
            _ = try await response
            return (before, pthread_self())
        }
        #expect(before != after)
        #expect(try await transport.send(request(server, answer)).body.text == "fine")
    }

    /// A request that is answered at once.
    private func request(_ server: ScriptedServer, _ answer: DispatchSemaphore) -> HTTPRequest {
        answer.signal()
        return HTTPRequest(url: server.url())
    }

    @Test func `after the end the work is done elsewhere`() async throws {
        let transport = try makeTransport()
        let executor = try #require(transport.executor)
        let loop = await withTaskExecutorPreference(executor) { pthread_self() }
        transport.shutdown()
        let (here, message) = try await withTaskExecutorPreference(executor) {
            let error = try await fault(of: HTTPRequest(url: "http://127.0.0.1:9/"), on: transport)
            return (pthread_self() == loop, error.message)
        }
        #expect(!here)
        #expect(message == "the transport was shut down")
        #expect(transport.executor != nil)
    }

    final class Numbers: Sendable {
        private let numbers = Mutex<[Int]>([])
        var sorted: [Int] { numbers.withLock { $0.sorted() } }
        func add(_ number: Int) { numbers.withLock { $0.append(number) } }
    }

    @Test func `what waits for the thread as it ends is done elsewhere`() async throws {
        for _ in 0..<20 {
            let transport = try makeTransport()
            let executor = try #require(transport.executor)
            let (begun, goOn) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            let ran = Numbers()
            await withTaskGroup(of: Void.self) { group in
                group.addTask(executorPreference: executor) {
                    begun.signal()
                    block(until: goOn)
                }
                block(until: begun)
                for number in 0..<50 {
                    group.addTask(executorPreference: executor) {
                        await Task.yield()
                        ran.add(number)
                    }
                }
                group.addTask {
                    goOn.signal()
                    transport.shutdown()
                }
            }
            #expect(ran.sorted == Array(0..<50))
        }
    }

    @Test func `a task may send from the thread while another one shuts the transport down`() async throws {
        for _ in 0..<50 {
            let transport = try makeTransport()
            let executor = try #require(transport.executor)
            let (begun, goOn) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            await withTaskGroup(of: Void.self) { group in
                group.addTask(executorPreference: executor) {
                    begun.signal()
                    block(until: goOn)
                    let error = try? await fault(of: HTTPRequest(url: "http://127.0.0.1:9/"), on: transport)
                    #expect(error?.kind == .cancelled || error?.kind == .network)
                }
                block(until: begun)
                for _ in 0..<2 {
                    group.addTask {
                        goOn.signal()
                        transport.shutdown()
                    }
                }
            }
        }
    }

    @Test func `a task on the thread may be the last to let go of the transport`() async throws {
        let kept = Mutex<CurlTransport?>(try makeTransport())
        let executor = try #require(kept.withLock { $0?.executor })
        await withTaskExecutorPreference(executor) {
            kept.withLock { $0 = nil }
            await Task.yield()
        }
        let isThere = await withTaskExecutorPreference(executor) { true }
        #expect(isThere)
    }
}
