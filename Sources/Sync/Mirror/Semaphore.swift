import Glibc

/// POSIX's counting semaphore, for threads that may block.
///
/// Unchecked, because of the pointer: any thread may use a semaphore at any time.
final class Semaphore: @unchecked Sendable {
    private let pointer = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() {
        // Fails only for values beyond SEM_VALUE_MAX.
        sem_init(pointer, 0, 0)
    }

    deinit {
        sem_destroy(pointer)
        pointer.deallocate()
    }

    func signal() { sem_post(pointer) }

    func wait() {
        while sem_wait(pointer) != 0, errno == EINTR {}
    }

    /// - Returns: Whether there was something to take without waiting.
    func take() -> Bool { sem_trywait(pointer) == 0 }
}
