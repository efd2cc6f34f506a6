import CCurl

/// Drives every transfer of a transport; made, used and dropped on the loop's own thread.
///
/// At most `limit` transfers are under way, and so at most as many connections; the others wait here, where their
/// timeouts do not run yet.
final class EventLoop {
    private let mailbox: Mailbox
    private let multi: CurlMulti
    private let limit: Int
    private let certificateAuthorityFile: String?
    private var waiting: ArraySlice<Submission> = []
    private var active: [UnsafeMutableRawPointer: Transfer] = [:]
    private var spare: [CurlHandle] = []
    /// Bytes of bodies since unused memory was last given back.
    private var received = 0
    private static let many = 16 << 20

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
            guard !mail.isClosing else { break }
            waiting.append(contentsOf: mail.submissions)
            mail.cancelled.forEach(cancel)
            isGoing = advance() && multi.wait()
        }
        end(isGoing ? (.cancelled, "the transport was shut down") : (.network, "libcurl's event loop failed"))
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
        spare = []
        mailbox.close(reason)
        multi.close()
    }
}
