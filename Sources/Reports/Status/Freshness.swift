package import Sync

/// Whether a table is as new as it should be.
package enum Freshness: String, Sendable, CaseIterable {
    case fresh, late, never

    /// - Parameters:
    ///   - success: When it was last brought up to date.
    ///   - limit: How old that may be, in seconds; nil when nothing is known about it.
    ///   - now: The moment to judge at.
    package init(lastSuccess success: Timestamp?, limit: Int64?, now: Timestamp) {
        guard let success else {
            self = .never
            return
        }
        guard let limit else {
            self = .fresh
            return
        }
        self = now.secondsSinceEpoch - success.secondsSinceEpoch > limit ? .late : .fresh
    }
}

/// How far apart the runs of a connection have been.
package struct Spacing: Sendable, Equatable {
    /// The middle one of the past distances, in seconds.
    package var seconds: Int64
    package var lastStart: Timestamp

    package var next: Timestamp { lastStart.adding(seconds: seconds) }

    /// A success older than this means that a run did not come, or did not succeed: one distance and a half, and
    /// never less than a quarter of an hour more than one.
    package var limit: Int64 { seconds + max(seconds / 2, 900) }

    /// Fails when there were fewer than three runs.
    ///
    /// - Parameter starts: Starts of runs, oldest first.
    package init?(starts: [Timestamp]) {
        guard let last = starts.last, starts.count >= 3 else { return nil }
        let gaps = zip(starts.dropFirst(), starts).map { $0.secondsSinceEpoch - $1.secondsSinceEpoch }
            .sorted()
        lastStart = last
        seconds = max(1, gaps[gaps.count / 2])
    }
}
