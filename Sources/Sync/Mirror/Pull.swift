/// One listing being pulled, from its first page to its end, over as many runs as it takes.
package struct Pull: Sendable {
    package enum Kind: String, Sendable { case full, incremental, backfill }

    package var number: Int64
    package var kind: Kind
    package var window: String
    /// The lower bound that is asked for, by modification time.
    package var since: Timestamp?
    package var startedAt: Timestamp
    package var platformStartedAt: Timestamp?
    /// The platform's own count when the pull began.
    package var listed: Int?
    package var settings: String
    /// Where it goes on; nil before the first page was stored.
    package var checkpoint: Checkpoint?

    /// Never past this moment may the cursor move: the earlier of our clock and the platform's.
    package var ceiling: Timestamp {
        platformStartedAt.map { min($0, startedAt) } ?? startedAt
    }
}

/// What the last stored page left behind.
package struct Checkpoint: Sendable, Equatable {
    package var page: Int
    /// The next position, nil when the listing has ended.
    package var next: String?
    /// The largest modification time so far.
    package var high: Timestamp?
    /// Records stored so far.
    package var fetched: Int
    /// Different rows seen so far.
    package var distinct: Int
}

/// What a page's transaction did.
package struct PageOutcome: Sendable {
    package var counts = RecordCounts()
    package var checkpoint: Checkpoint
    package var unreadableTimes = 0
}

/// What the mirror knows of a resource of a connection.
package struct ResourceState: Sendable, Equatable {
    package var cursor: Timestamp?
    package var lastFullAt: Timestamp?
    package var lastSuccessAt: Timestamp?
    package var settings: String
}

/// How a pull ends.
package struct Settlement: Sendable {
    /// The cursor from now on; nil leaves it as it is.
    package var cursor: Timestamp?
    /// Rows to mark deleted.
    package var gone: [Int64] = []
    package var isFull: Bool
}
