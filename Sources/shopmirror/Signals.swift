import Glibc
import Sync

/// SIGINT and SIGTERM without a handler: both are blocked everywhere and one thread waits for them.
enum Signals {
    /// Blocks the signals; call it before any other thread exists.
    static func block() {
        signal(SIGPIPE, SIG_IGN)
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

    /// The first signal ends the run at its next page boundary, the second one at once.
    static func forward(to control: RunControl) {
        var thread = pthread_t()
        let box = Unmanaged.passRetained(control)
        let code = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                let control = Unmanaged<RunControl>.fromOpaque(context).takeRetainedValue()
                var set = Signals.waited
                var number: Int32 = 0
                while sigwait(&set, &number) == 0 {
                    if control.signal != nil { _exit(number == SIGTERM ? 143 : 130) }
                    control.stop(.signal(number))
                }
                return nil
            }, box.toOpaque())
        if code == 0 { pthread_detach(thread) } else { box.release() }
    }
}
