import Glibc
import Sync
import Synchronization

/// SIGINT and SIGTERM without a handler: both are blocked in every thread, and the main thread waits for them.
///
/// The main thread has to: where it runs Swift's main queue instead, that queue takes every signal with its default
/// effect, whatever was blocked before.
enum Signals {
    private static let control = Mutex<RunControl?>(nil)

    /// Blocks the signals; call it before any other thread exists.
    static func block() {
        var set = waited
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    private static var waited: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, SIGINT)
        sigaddset(&set, SIGTERM)
        return set
    }

    /// From now on the first signal ends the run at its next page boundary, the second one at once.
    static func forward(to control: RunControl) { self.control.withLock { $0 = control } }

    /// The signal that ended the run, if one did.
    static var received: Int32? { control.withLock { $0 }?.signal }

    /// Waits for signals until the process ends.
    static func serve() -> Never {
        var set = waited
        while true {
            var number: Int32 = 0
            guard sigwait(&set, &number) == 0 else { continue }
            guard let control = control.withLock({ $0 }), control.signal == nil else {
                _exit(number == SIGTERM ? 143 : 130)
            }
            control.stop(.signal(number))
        }
    }
}
