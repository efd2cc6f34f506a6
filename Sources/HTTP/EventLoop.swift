import CCurl

/// Drives every transfer of a transport; made, used and dropped on the loop's own thread.
///
/// At most `limit` transfers are under way, and so at most as many connections; the others wait here, where their
/// timeouts do not run yet. Whenever no new request waits to be sent it does the work of tasks that prefer this thread;
/// what comes meanwhile waits in the sockets, and so do connections being made.
final class EventLoop {
    private let mailbox: Mailbox
    private let multi: CurlMulti
    private let limit: Int
    private let certificateAuthorityFile: String?
    private var waiting: ArraySlice<Submission> = []
    private var active: [UnsafeMutableRawPointer: Transfer] = [:]
    private var spare: [CurlHandle] = []
    private var jobs: ArraySlice<UnownedJob> = []
    /// How long jobs kept this thread from the transfers that are under way.
    private var away = Duration.zero
    /// Bytes of bodies since unused memory was last given back.
    private var received = 0
    private static let many = 8 << 20
    private static let notable = Duration.milliseconds(100)
    private static let long = Duration.milliseconds(250)

    init(of mailbox: Mailbox, driving multi: CurlMulti, limit: Int, certificateAuthorityFile: String?) {
        self.mailbox = mailbox
        self.multi = multi
        self.limit = max(limit, 1)
        self.certificateAuthorityFile = certificateAuthorityFile
    }

    /// Returns when the transport is shut down, or when libcurl cannot go on; whatever is pending is answered then.
    func run() {
        var isGoing = true
        while isGoing {
            let mail = mailbox.collect()
            Self.add(mail.submissions, to: &waiting)
            Self.add(mail.jobs, to: &jobs)
            guard !mail.isClosing else { break }
            mail.cancelled.forEach(cancel)
            if mail.hasRequests {
                // Before any job, so that the servers work meanwhile.
                isGoing = advance()
            } else if let job = jobs.popFirst() {
                run(job)
            } else {
                // libcurl does not wake us for a time limit that was prolonged, and so we look ourselves.
                let isProlonged = active.values.contains { $0.extra > 0 }
                isGoing = multi.wait(milliseconds: isProlonged ? 100 : 3_600_000) && advance()
            }
        }
        end(isGoing ? (.cancelled, "the transport was shut down") : (.network, "libcurl's event loop failed"))
    }

    /// Mostly there is nothing to add, or nothing to add it to: each turn of the loop comes by here.
    private static func add<Letter>(_ letters: [Letter], to queue: inout ArraySlice<Letter>) {
        if queue.isEmpty { queue = letters[...] } else if !letters.isEmpty { queue += letters }
    }

    private func run(_ job: UnownedJob) {
        // libcurl's clock stands still while the machine sleeps, and so must this one.
        let start = SuspendingClock.now
        job.runSynchronously(on: mailbox.asUnownedTaskExecutor())
        guard !active.isEmpty else { return }
        let duration = SuspendingClock.now - start
        away += duration
        if away >= Self.notable {
            // What came meanwhile lies unread: time limits are for the server, and not for us.
            active.values.forEach { $0.prolong(by: away) }
            away = .zero
        }
        if duration >= Self.long {
            // Somebody's disk is slow, and a server does not wait for ever until its response is read.
            mailbox.refuseJobs()
            handJobsOn()
        }
    }

    private func handJobsOn() {
        jobs.forEach(Mailbox.handOn)
        jobs = []
    }

    /// Does all that can be done without waiting, which includes starting whatever a finished transfer made room for.
    private func advance() -> Bool {
        repeat {
            while active.count < limit, let submission = waiting.popFirst() {
                start(submission)
            }
            let isGoing = multi.perform()
            finishTransfers()
            guard isGoing else { return false }
        } while !waiting.isEmpty && active.count < limit
        return true
    }

    private func start(_ submission: Submission) {
        guard let handle = spare.popLast() ?? CurlHandle() else {
            return submission.fail(.network, "libcurl has no memory for another transfer")
        }
        let transfer = Transfer(submission, on: handle)
        do throws(CurlFault) {
            try handle.prepare(
                submission.request, certificateAuthorityFile: certificateAuthorityFile, for: transfer)
        } catch {
            return submission.fail(.malformed, "libcurl refused the request: \(error.text)")
        }
        guard multi.add(handle) else {
            return submission.fail(.network, "libcurl has no memory for another transfer")
        }
        active[handle.pointer] = transfer
    }

    private func finishTransfers() {
        while let (pointer, code) = multi.nextFinished() {
            guard let transfer = active[pointer] else { continue }
            finish(transfer) { $0.outcome(code) }
        }
    }

    private func cancel(_ id: UInt64) {
        if let transfer = active.values.first(where: { $0.submission.id == id }) {
            finish(transfer) { .failure($0.error(.cancelled, "the request was cancelled")) }
        } else if let index = waiting.firstIndex(where: { $0.id == id }) {
            waiting.remove(at: index).fail(.cancelled, "the request was cancelled")
        }
    }

    /// Takes the transfer out, answers it and keeps its handle for another one.
    private func finish(_ transfer: Transfer, with outcome: (Transfer) -> Submission.Outcome) {
        active[transfer.handle.pointer] = nil
        if active.isEmpty { away = .zero }
        let result = outcome(transfer)
        multi.remove(transfer.handle)
        transfer.handle.reset()
        spare.append(transfer.handle)
        trimMemory(after: result)
        transfer.submission.continuation.resume(returning: result)
    }

    /// Gives back what lies unused between pages of records: their sizes differ, so that it would grow from page to page.
    private func trimMemory(after outcome: Submission.Outcome) {
        guard case .success(let response) = outcome else { return }
        received += response.body.count
        guard received >= Self.many else { return }
        received = 0
        ccurl_trim_memory()
    }

    private func end(_ reason: (kind: TransportError.Kind, message: String)) {
        for transfer in active.values {
            finish(transfer) { .failure($0.error(reason.kind, reason.message)) }
        }
        for submission in waiting {
            submission.fail(reason.kind, reason.message)
        }
        waiting = []
        handJobsOn()
        spare = []
        mailbox.close(reason)
        multi.close()
    }
}
