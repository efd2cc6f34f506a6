import Synchronization

/// Where every connection is now, for the terminal and the lock file.
package final class Progress: Sendable {
    package struct Line: Sendable {
        package var connection: String
        package var resource = ""
        package var page = 0
        package var records = 0
        package var retries = 0
        /// What it waits for; empty while it works.
        package var waiting = ""
        package var startedAt: Double
        /// When anything about it last changed.
        package var changedAt: Double
        package var isFinished = false
        package var status = ""
    }

    private let lines = Mutex<[Line]>([])
    private let follower = Mutex<Follower?>(nil)

    /// A closure of its own type: one that a mutex hands out by itself comes back wrapped once more each time.
    private struct Follower {
        let tell: @Sendable (Line) -> Void
    }

    package init() {}

    /// Tells `follower` of every line that changes, until it is replaced.
    func follow(_ follower: (@Sendable (Line) -> Void)?) { self.follower.withLock { $0 = follower.map(Follower.init) } }

    package func update(_ connection: String, at now: Double, _ change: (inout Line) -> Void) {
        let line = lines.withLock { lines in
            let index =
                lines.firstIndex { $0.connection == connection }
                ?? {
                    lines.append(Line(connection: connection, startedAt: now, changedAt: now))
                    return lines.count - 1
                }()
            change(&lines[index])
            lines[index].changedAt = now
            return lines[index]
        }
        follower.withLock { $0 }?.tell(line)
    }

    package var snapshot: [Line] { lines.withLock { $0 } }
}
