/// What the command line asks of a run.
package struct RunOptions: Sendable, Equatable {
    package var connections: [String] = []
    package var resources: [String] = []
    package var isFull = false
    package var since: Timestamp?
    package var until: Timestamp?
    package var isDryRun = false
    package var shard: Shard?
    package var maxDurationSeconds: Int64?
    package var maxRequests: Int?
    package var waitSeconds: Int64 = 0

    package init() {}

    package var isBackfill: Bool { since != nil || until != nil }
    package var mode: String { isBackfill ? "backfill" : isFull ? "full" : "incremental" }
}

/// One of N parts of the connections.
package struct Shard: Sendable, Equatable, CustomStringConvertible {
    package var index: Int
    package var count: Int

    package init(index: Int, count: Int) {
        self.index = index
        self.count = count
    }

    package var description: String { "\(index)/\(count)" }
}
