import Glibc
import Synchronization

/// An exclusive `flock` on a file of its own; it dies with the process that holds it.
package final class FileLock: Sendable {
    package let path: String
    private static let mostBytes = 4096
    private let descriptor: Int32
    /// How long the text is, that of a holder before us included.
    private let written: Mutex<Int>

    private init(path: String, descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
        var info = stat()
        let size = fstat(descriptor, &info) == 0 ? Int(info.st_size) : 0
        if size > Self.mostBytes { ftruncate(descriptor, 0) }
        written = Mutex(size > Self.mostBytes ? 0 : size)
    }

    /// Let go by name: a program that is just being started holds a copy of the descriptor for an instant, and closing
    /// ours would leave the lock with that copy.
    deinit {
        _ = flock(descriptor, LOCK_UN)
        Glibc.close(descriptor)
    }

    /// Takes the lock, or says at once that another process has it.
    ///
    /// - Parameter path: The lock file, created with mode 0600.
    /// - Returns: nil when another holds it.
    /// - Throws: `Problem` with `storage_failed` when the file cannot be made.
    package static func take(_ path: String) throws(Problem) -> FileLock? {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Wording.file("lock file", path, errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            Glibc.close(descriptor)
            if reason == EWOULDBLOCK || reason == EINTR { return nil }
            throw Wording.file("lock file", path, reason)
        }
        return FileLock(path: path, descriptor: descriptor)
    }

    /// Waits for the lock.
    ///
    /// - Parameters:
    ///   - path: The lock file.
    ///   - seconds: How long at most.
    ///   - clock: Who waits.
    ///   - control: Ends the waiting early.
    /// - Returns: nil when the time was over.
    /// - Throws: `Problem` with `storage_failed`.
    package static func take(
        _ path: String, waiting seconds: Int64, clock: Clock, control: RunControl? = nil
    ) async throws(Problem) -> FileLock? {
        let deadline = clock.monotonic() + Double(seconds)
        while true {
            if let lock = try take(path) { return lock }
            guard clock.monotonic() < deadline, control?.stopReason == nil else { return nil }
            await clock.sleep(0.1)
        }
    }

    /// Replaces the file's text, which tells others who holds the lock and where it is.
    ///
    /// One write, with blanks over what stood there before: a reader never sees a mixture, or nothing.
    package func write(_ text: String) {
        written.withLock { written in
            var bytes = Array(text.utf8)
            bytes += Array(repeating: 0x20, count: max(0, written - bytes.count))
            written = bytes.withUnsafeBytes { max(0, pwrite(descriptor, $0.baseAddress, $0.count, 0)) }
        }
    }

    /// When its text was last replaced, by this holder or by one before.
    package var writtenAt: Timestamp? {
        var info = stat()
        guard fstat(descriptor, &info) == 0 else { return nil }
        return Timestamp(secondsSinceEpoch: Int64(info.st_mtim.tv_sec))
    }

    /// What the holder of a lock wrote.
    package static func note(at path: String) -> String? {
        SystemFile.bytes(at: path, limit: mostBytes).flatMap(SystemFile.text)
    }
}
