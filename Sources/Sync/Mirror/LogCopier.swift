import SQLite

/// Copies the write-ahead log into the mirror while the writer goes on, on a thread and a connection of its own.
///
/// Copying waits for the disk twice, and most of a first load's time would be that. Nothing becomes less durable: SQLite
/// itself makes the same syncs in the same order, and some more are made on the way. The log begins anew only when all of
/// it was copied, which never happens by itself beside a busy writer; so the writer copies the last few pages, and when
/// the log has grown long it waits.
///
/// What cannot be copied stays in the log, and the checkpoint at the run's end tells why. A sync that failed is kept: the
/// system tells of it once.
final class LogCopier {
    /// When the log is worth something, in pages.
    private struct Measure {
        /// So many are worth a copy, which syncs twice whatever it copies.
        let many: Int
        /// From this length on the log begins anew once `few` pages are left to copy, which the writer waits for.
        let enough: Int
        let few: Int
        /// From that length on so many are worth a copy.
        let late: Int
        /// From this length on the writer waits.
        let long: Int
    }

    /// By how many pages a commit writes.
    private static func measure(of pages: Int) -> Measure {
        switch pages {
        // Keeps the log under 2 MiB where nothing changes.
        case ...3: Measure(many: 72, enough: 96, few: 24, late: 24, long: 118)
        // The short one would make the writer wait at each turn.
        case ...8: Measure(many: 80, enough: 512, few: 24, late: 80, long: 1024)
        default: Measure(many: 240, enough: 512, few: 60, late: 240, long: 1024)
        }
    }

    /// From this length on what was copied is synced as well, so that the writer has the less to wait for.
    static let half = 300

    private let database: Database
    private var worker: LogCopyThread?
    /// Length of the log up to which it was copied, or tried.
    private var copied = 0
    /// Length of the log when it was last tried to let it begin anew.
    private var tried = 0
    /// Commits since then.
    private var commits = 0
    /// Length of the log after the last commit; a shorter one is another log.
    private var length = 0
    /// What is being copied is of a log that is over.
    private var isStale = false
    private var failed: SQLiteError?
    private var isOver = false

    init(for database: Database) {
        self.database = database
        database.countLog()
    }

    /// Does what is due after a commit.
    func advance() {
        guard !isOver else { return }
        let before = length
        length = database.logLength
        if length < before {
            (copied, tried, commits) = (0, 0, 0)
            isStale = true
        }
        commits += 1
        let measure = Self.measure(of: (length - tried + commits - 1) / commits)
        let isLong = length - tried >= measure.long
        if let worker, worker.isCopying {
            guard let reached = worker.finished(waiting: isLong) else { return }
            if !isStale { copied = reached }
        }
        let isLate = length - tried >= measure.enough
        if isLong || isLate && length - copied <= measure.few {
            do throws(SQLiteError) {
                _ = try database.checkpoint(truncate: false)
            } catch  where error.isFailedSync {
                failed = failed ?? error
            } catch {}
            (copied, tried, commits) = (length, length, 0)
        } else if length - copied >= (isLate ? measure.late : measure.many) {
            if worker == nil { worker = LogCopyThread(database.path) }
            isStale = false
            worker?.start()
        }
    }

    /// The first sync that failed, here or on the thread.
    var failure: SQLiteError? { failed ?? worker?.failure }

    /// Returns when nothing is being copied any more, nor will be.
    func rest() {
        isOver = true
        guard let worker, worker.isCopying else { return }
        _ = worker.finished(waiting: true)
    }

    /// Ends the thread and closes its connection.
    func close() {
        worker?.end()
        worker = nil
    }

    deinit { close() }
}
