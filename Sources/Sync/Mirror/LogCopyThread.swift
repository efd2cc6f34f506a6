import Glibc
import HTTP
import SQLite
import Synchronization

/// The thread of a `LogCopier`, with a connection of its own: copies the log once for every `start`.
final class LogCopyThread {
    private(set) var isCopying = false
    private let desk = Desk()
    private let thread: pthread_t

    /// What the two threads share.
    private final class Desk: Sendable {
        let order = Semaphore()
        let result = Semaphore()
        /// How far the log was copied, in pages; nil asks the thread to end.
        let copied = Mutex<Int?>(0)
        let failure = Mutex<SQLiteError?>(nil)
    }

    /// Starts the thread; nil when the system has none left.
    init?(_ path: String) {
        let desk = desk
        guard let thread = LoopThread({ Self.serve(path, desk) }).start() else { return nil }
        self.thread = thread
    }

    func start() {
        isCopying = true
        desk.order.signal()
    }

    /// - Parameter isWaiting: Whether to wait for the copy under way.
    /// - Returns: How far the log was copied; nil while that is not known.
    func finished(waiting isWaiting: Bool) -> Int? {
        if isWaiting { desk.result.wait() } else if !desk.result.take() { return nil }
        isCopying = false
        return desk.copied.withLock { $0 }
    }

    /// The first sync that failed.
    var failure: SQLiteError? { desk.failure.withLock { $0 } }

    /// Ends the thread once it has nothing to do; the last call of all.
    func end() {
        if isCopying { _ = finished(waiting: true) }
        desk.copied.withLock { $0 = nil }
        desk.order.signal()
        pthread_join(thread, nil)
    }

    private static func serve(_ path: String, _ desk: Desk) {
        let database = try? Database(path: path, access: .readWrite)
        try? database?.persistWAL()
        // A connection knows of the log only after it has read something.
        _ = try? database?.integer("PRAGMA user_version")
        while true {
            desk.order.wait()
            guard desk.copied.withLock({ $0 != nil }) else { return }
            var length = 0
            do throws(SQLiteError) {
                length = try database?.copyLog(syncingFrom: LogCopier.half) ?? 0
            } catch {
                desk.failure.withLock { $0 = $0 ?? error }
            }
            desk.copied.withLock { $0 = length }
            desk.result.signal()
        }
    }
}
