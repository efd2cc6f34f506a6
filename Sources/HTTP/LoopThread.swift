import Glibc

/// A thread of its own for work that blocks, off the cooperative pool.
package final class LoopThread: Sendable {
    private let work: @Sendable () -> Void

    package init(_ work: @escaping @Sendable () -> Void) {
        self.work = work
    }

    /// Nil when the system has no thread left; otherwise the `pthread_t`, which has to be joined.
    package func start() -> UInt? {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self)
        let code = pthread_create(&thread, nil, { context in LoopThread.main(context) }, context.toOpaque())
        guard code == 0 else {
            context.release()
            return nil
        }
        return thread
    }

    private static func main(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        blockSignals()
        guard let context else { return nil }
        Unmanaged<LoopThread>.fromOpaque(context).takeRetainedValue().work()
        return nil
    }

    /// Signals are the other threads' business; the resolver's threads inherit this.
    private static func blockSignals() {
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, nil)
    }
}
