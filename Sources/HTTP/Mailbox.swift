import Glibc
import Synchronization

/// What the transport's callers leave for the loop's thread: requests, and work of tasks that prefer this thread.
final class Mailbox: TaskExecutor {
    struct Mail: Sendable {
        var submissions: [Submission] = []
        var cancelled: [UInt64] = []
        var jobs: [UnownedJob] = []
        var isClosing = false

        var hasRequests: Bool { !submissions.isEmpty || !cancelled.isEmpty }
        var isEmpty: Bool { !hasRequests && jobs.isEmpty && !isClosing }
    }

    typealias Reason = (kind: TransportError.Kind, message: String)

    private struct State {
        var mail = Mail()
        /// What the loop waits in; nil while libcurl is being loaded, and after the end.
        var multi: CurlMulti?
        /// The loop's own thread, which looks here before it waits.
        var reader: pthread_t?
        /// Why nothing is taken any more.
        var refusal: Reason?
        /// Whether the loop's thread is kept from jobs, since one of them took too long.
        var refusesJobs = false
    }

    private let state = Mutex(State())

    /// Lets what is left from now on wake the loop, which collects what was left before by itself.
    func open(waking multi: CurlMulti) {
        let reader = pthread_self()
        state.withLock { state in
            state.multi = multi
            state.reader = reader
        }
    }

    /// Answers the submission itself when the loop has ended, or never began.
    func leave(_ submission: Submission) {
        guard let refusal = leave({ $0.submissions.append(submission) }) else { return }
        submission.fail(refusal.kind, refusal.message)
    }

    func cancel(_ id: UInt64) {
        _ = leave { $0.cancelled.append(id) }
    }

    /// Has the loop's thread run it; where there is none, or it takes no more, another one does.
    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isTaken = state.withLock { state in
            guard state.refusal == nil, !state.refusesJobs else { return false }
            leave(in: &state) { $0.jobs.append(job) }
            return true
        }
        if !isTaken { Self.handOn(job) }
    }

    /// Has other threads run whatever comes from now on.
    func refuseJobs() { state.withLock { $0.refusesJobs = true } }

    /// A task has to go on, whatever became of the thread it preferred.
    static func handOn(_ job: UnownedJob) { globalConcurrentExecutor.enqueue(ExecutorJob(job)) }

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
            state.reader = nil
        }
        let left = collect()
        for submission in left.submissions {
            submission.fail(reason.kind, reason.message)
        }
        left.jobs.forEach(Self.handOn)
    }

    /// Tells why nothing was left.
    private func leave(_ write: (inout Mail) -> Void) -> Reason? {
        state.withLock { state in
            guard state.refusal == nil else { return state.refusal }
            leave(in: &state, write)
            return nil
        }
    }

    /// Wakes the loop for the first letter only: it collects all of them at once.
    private func leave(in state: inout State, _ write: (inout Mail) -> Void) {
        let isFirst = state.mail.isEmpty
        write(&state.mail)
        if isFirst, state.reader != pthread_self() { state.multi?.wake() }
    }
}
