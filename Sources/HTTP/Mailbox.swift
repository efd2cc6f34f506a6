import Synchronization

/// What the transport's callers leave for the loop's thread.
final class Mailbox: Sendable {
    struct Mail: Sendable {
        var submissions: [Submission] = []
        var cancelled: [UInt64] = []
        var isClosing = false

        var isEmpty: Bool { submissions.isEmpty && cancelled.isEmpty && !isClosing }
    }

    typealias Reason = (kind: TransportError.Kind, message: String)

    private struct State {
        var mail = Mail()
        /// What the loop waits in; nil while libcurl is being loaded, and after the end.
        var multi: CurlMulti?
        /// Why nothing is taken any more.
        var refusal: Reason?
    }

    private let state = Mutex(State())

    /// Lets what is left from now on wake the loop, which collects what was left before by itself.
    func open(waking multi: CurlMulti) {
        state.withLock { $0.multi = multi }
    }

    /// Answers the submission itself when the loop has ended, or never began.
    func leave(_ submission: Submission) {
        guard let refusal = leave({ $0.submissions.append(submission) }) else { return }
        submission.fail(refusal.kind, refusal.message)
    }

    func cancel(_ id: UInt64) {
        _ = leave { $0.cancelled.append(id) }
    }

    func askToClose() {
        _ = leave { $0.isClosing = true }
    }

    /// Everything left since the last time.
    func collect() -> Mail {
        state.withLock { state in
            defer { state.mail = Mail() }
            return state.mail
        }
    }

    /// Takes no more mail and answers what was left; from now on nobody wakes the multi handle.
    func close(_ reason: Reason) {
        state.withLock { state in
            state.refusal = reason
            state.multi = nil
        }
        for submission in collect().submissions {
            submission.fail(reason.kind, reason.message)
        }
    }

    /// Tells why nothing was left.
    ///
    /// Wakes the loop for the first letter only: it collects all of them at once.
    private func leave(_ write: (inout Mail) -> Void) -> Reason? {
        state.withLock { state in
            guard state.refusal == nil else { return state.refusal }
            let isFirst = state.mail.isEmpty
            write(&state.mail)
            if isFirst { state.multi?.wake() }
            return nil
        }
    }
}
