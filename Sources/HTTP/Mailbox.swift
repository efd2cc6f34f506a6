import Synchronization

/// What the transport's callers leave for the loop's thread.
final class Mailbox: Sendable {
    struct Mail: Sendable {
        var submissions: [Submission] = []
        var cancelled: [UInt64] = []
        var isClosing = false

        var isEmpty: Bool { submissions.isEmpty && cancelled.isEmpty && !isClosing }
    }

    private struct State {
        var mail = Mail()
        var isClosed = false
    }

    private let multi: CurlMulti
    private let state = Mutex(State())

    init(of multi: CurlMulti) {
        self.multi = multi
    }

    /// False when the loop has ended and the submission has to be answered by the caller.
    func leave(_ submission: Submission) -> Bool {
        leave { $0.submissions.append(submission) }
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

    /// Takes no more mail, and returns what was left; from now on nobody wakes the multi handle.
    func close() -> Mail {
        state.withLock { $0.isClosed = true }
        return collect()
    }

    /// Wakes the loop for the first letter only: it collects all of them at once.
    private func leave(_ write: (inout Mail) -> Void) -> Bool {
        state.withLock { state in
            guard !state.isClosed else { return false }
            let isFirst = state.mail.isEmpty
            write(&state.mail)
            if isFirst { multi.wake() }
            return true
        }
    }
}
