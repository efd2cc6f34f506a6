import CCurl
import Glibc
import Synchronization

/// Sends requests through libcurl: one thread, one event loop, connections kept and shared.
package final class CurlTransport: HTTPTransport {
    private let mailbox: Mailbox
    private let lastID = Atomic<UInt64>(0)
    /// Nil once it has been joined.
    private let thread: Mutex<pthread_t?>

    /// Names libcurl and the libraries it was built with: `libcurl/7.88.1 OpenSSL/3.0.19 zlib/1.2.13`.
    package static var versions: String {
        problem == nil ? String(cString: curl_version()) : "no libcurl"
    }

    /// Loads libcurl and sets it up, once per process; why it cannot be used.
    static let problem = ccurl_load().map { String(cString: $0) }

    /// Lets the memory of one body serve the next, whichever thread had it; for the process's first moments.
    ///
    /// Left alone, the C library keeps a pool for each thread, and gives a page of records back to the system each time:
    /// from there it comes again cleared, four kilobytes by four kilobytes.
    package static func prepareMemory() { ccurl_prepare_memory() }

    /// Loads libcurl beside other work; the process must not end before it is done.
    package static func prepare() -> Task<Void, Never> { Task.detached { _ = problem } }

    /// Starts the loop's thread, which loads libcurl first: nobody waits for that before the first response.
    ///
    /// - Parameters:
    ///   - maximumConnections: How many requests are under way at the same time; the others wait for their turn.
    ///   - certificateAuthorityFile: PEM file of what is trusted instead of the system's authorities.
    /// - Throws: `TransportError` of kind `network` when the thread cannot be started.
    package init(maximumConnections: Int, certificateAuthorityFile: String? = nil) throws(TransportError) {
        let mailbox = Mailbox()
        let thread = LoopThread {
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
        guard let started = thread.start() else {
            throw TransportError(.network, "the thread for the network cannot be started")
        }
        self.mailbox = mailbox
        self.thread = Mutex(started)
    }

    deinit {
        shutdown()
    }

    /// Waits for the whole response.
    ///
    /// - Throws: `TransportError` of kind `cancelled` when the task is cancelled, whatever the server does meanwhile.
    package func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        if let flaw = request.flaw { throw TransportError(.malformed, flaw) }
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

    /// Fails what is pending with `cancelled`, closes the connections and waits for the thread; idempotent.
    package func shutdown() {
        mailbox.askToClose()
        thread.withLock { thread in
            guard let running = thread.take() else { return }
            pthread_join(running, nil)
        }
    }
}
