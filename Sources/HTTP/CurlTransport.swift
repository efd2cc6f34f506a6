import CCurl
import Glibc
import Synchronization

/// Sends requests through libcurl: one thread, one event loop, connections kept and shared.
package final class CurlTransport: HTTPTransport {
    private let mailbox = Mailbox()
    private let lastID = Atomic<UInt64>(0)
    private let loop = Mutex(Loop.none)

    private enum Loop {
        case none
        case running(pthread_t)
        case ended
    }

    private let maximumConnections: Int
    private let certificateAuthorityFile: String?

    /// Names libcurl and the libraries it was built with: `libcurl/7.88.1 OpenSSL/3.0.19 zlib/1.2.13`.
    package static var versions: String {
        problem.map { "no libcurl: \($0)" } ?? String(cString: curl_version())
    }

    /// Loads libcurl and sets it up, once per process; why it cannot be used.
    private static let problem = ccurl_load().map { String(cString: $0) }

    /// Lets the memory of one body serve the next, whichever thread had it; for the process's first moments.
    ///
    /// Left alone, the C library keeps a pool for each thread, and gives a page of records back to the system each time:
    /// from there it comes again cleared, four kilobytes by four kilobytes.
    package static func prepareMemory() { ccurl_prepare_memory() }

    /// Loads libcurl, which the first request does otherwise.
    ///
    /// - Throws: `TransportError` of kind `noLibrary`.
    package static func load() throws(TransportError) {
        if let problem { throw TransportError(.noLibrary, "libcurl cannot be used (\(problem))") }
    }

    /// The thread that loads libcurl ahead of the first request.
    private static let loader = Mutex<pthread_t?>(nil)

    /// Begins to load libcurl beside other work; `settle` has to be called before the process ends.
    package static func prepare() {
        loader.withLock { thread in
            if thread == nil { thread = LoopThread { _ = problem }.start() }
        }
    }

    /// Waits for what `prepare` began: the process would crash if it ended meanwhile.
    package static func settle() {
        loader.withLock { thread in
            if let thread { pthread_join(thread, nil) }
            thread = nil
        }
    }

    /// Does nothing before the first request, or before `executor` is asked for.
    ///
    /// - Parameters:
    ///   - maximumConnections: How many requests are under way at the same time; the others wait for their turn.
    ///   - certificateAuthorityFile: PEM file of what is trusted instead of the system's authorities.
    package init(maximumConnections: Int, certificateAuthorityFile: String? = nil) {
        self.maximumConnections = maximumConnections
        self.certificateAuthorityFile = certificateAuthorityFile
    }

    /// Starts the thread, if that is not done yet.
    ///
    /// It loads libcurl first, and takes what was left for it then.
    private func start() {
        loop.withLock { loop in
            guard case .none = loop else { return }
            let thread = LoopThread { [mailbox, maximumConnections, certificateAuthorityFile] in
                do throws(TransportError) {
                    let multi = try CurlMulti(maximumConnections: maximumConnections)
                    mailbox.open(waking: multi)
                    EventLoop(
                        of: mailbox, driving: multi, limit: maximumConnections,
                        certificateAuthorityFile: certificateAuthorityFile
                    ).run()
                } catch {
                    mailbox.close((error.kind, error.message))
                }
            }
            if let started = thread.start() {
                loop = .running(started)
            } else {
                mailbox.close((.network, "the thread for the network cannot be started"))
                loop = .ended
            }
        }
    }

    /// The thread that the responses arrive on, for tasks that would otherwise hand each one to another thread.
    ///
    /// While it works it reads no response, so it is for one such task, or for a few; and a request whose response must
    /// not be lost wants no such work beside it. Starts the thread, which loads libcurl before it does any work. Without
    /// libcurl, once a piece of work has taken long beside a request, and after the end, the work is done elsewhere.
    package var executor: (any TaskExecutor)? {
        start()
        return mailbox
    }

    deinit {
        shutdown()
    }

    /// Waits for the whole response.
    ///
    /// - Throws: `TransportError` of kind `cancelled` when the task is cancelled, whatever the server does meanwhile.
    package func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        if let flaw = request.flaw { throw TransportError(.malformed, flaw) }
        start()
        let startedAt = ContinuousClock.now
        let id = lastID.add(1, ordering: .relaxed).newValue
        guard request.isCancellable else { return try await exchange(request, id, startedAt).get() }
        let outcome = await withTaskCancellationHandler {
            await exchange(request, id, startedAt)
        } onCancel: {
            mailbox.cancel(id)
        }
        return try outcome.get()
    }

    private func exchange(_ request: HTTPRequest, _ id: UInt64, _ startedAt: ContinuousClock.Instant) async
        -> Submission.Outcome
    {
        await withCheckedContinuation { continuation in
            mailbox.leave(
                Submission(id: id, request: request, startedAt: startedAt, continuation: continuation))
            // A task cancelled before this point has cancelled an id that the loop did not know yet.
            if request.isCancellable, Task.isCancelled { mailbox.cancel(id) }
        }
    }

    /// Fails what is pending with `cancelled` and closes the connections; the first call waits for the thread.
    package func shutdown() {
        let before = loop.withLock { loop in
            defer { loop = .ended }
            return loop
        }
        switch before {
        case .none: mailbox.close((.cancelled, "the transport was shut down"))
        case .running(let thread):
            mailbox.askToClose()
            // A task that runs on the thread itself may be the last to let go of the transport.
            if thread == pthread_self() { pthread_detach(thread) } else { pthread_join(thread, nil) }
        case .ended: break
        }
    }
}
