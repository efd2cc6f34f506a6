import SQLite

extension MirrorStore {
    /// What is settled for a resource; nil before its first finished pull.
    package func state(connection: String, resource: String) throws(Problem) -> ResourceState? {
        try read {
            let statement = try database.cached(
                "SELECT cursor, last_full_at, last_success_at, settings FROM sync_state WHERE connection=?1 AND resource=?2"
            )
            defer { statement.reset() }
            try statement.bind(connection, at: 1)
            try statement.bind(resource, at: 2)
            guard try statement.step() else { return nil }
            return ResourceState(
                cursor: statement.text(at: 0).flatMap { Timestamp($0) },
                lastFullAt: statement.text(at: 1).flatMap { Timestamp($0) },
                lastSuccessAt: statement.text(at: 2).flatMap { Timestamp($0) },
                settings: statement.text(at: 3) ?? "")
        }
    }

    /// A pull that an earlier run left open, with everything it has seen.
    package func openPull(
        connection: String, resource: String, kind: Pull.Kind, window: String
    ) throws(Problem) -> Pull? {
        try read {
            let statement = try database.cached(
                "SELECT pull, since, started_at, platform_started_at, settings, listed FROM pulls"
                    + " WHERE connection=?1 AND resource=?2 AND kind=?3 AND window=?4")
            defer { statement.reset() }
            try statement.bind(connection, at: 1)
            try statement.bind(resource, at: 2)
            try statement.bind(kind.rawValue, at: 3)
            try statement.bind(window, at: 4)
            guard try statement.step() else { return nil }
            var pull = Pull(
                number: statement.int64(at: 0), kind: kind, window: window,
                since: statement.text(at: 1).flatMap { Timestamp($0) },
                startedAt: statement.text(at: 2).flatMap { Timestamp($0) } ?? Timestamp(secondsSinceEpoch: 0),
                platformStartedAt: statement.text(at: 3).flatMap { Timestamp($0) },
                listed: statement.integer(at: 5).map(Int.init), settings: statement.text(at: 4) ?? "")
            pull.checkpoint = try checkpoint(of: pull)
            return pull
        }
    }

    private func checkpoint(of pull: Pull) throws -> Checkpoint? {
        let statement = try database.cached(
            "SELECT page, next, high, fetched, rows FROM pull_pages WHERE pull=?1 ORDER BY page")
        defer { statement.reset() }
        try statement.bind(pull.number, at: 1)
        var checkpoint: Checkpoint?
        var set = RowSet()
        while try statement.step() {
            let high = statement.text(at: 2).flatMap { Timestamp($0) }
            checkpoint = Checkpoint(
                page: Int(statement.int64(at: 0)), next: statement.text(at: 1), high: high,
                fetched: (checkpoint?.fetched ?? 0) + Int(statement.int64(at: 3)), distinct: 0)
            if let ranges = statement.text(at: 4) { set.insert(rangesText: ranges) }
        }
        checkpoint?.distinct = set.count
        seen[pull.number] = set
        return checkpoint
    }

    /// Begins a pull; one of the same kind and window that was open is abandoned.
    package func beginPull(
        connection: String, resource: String, kind: Pull.Kind, window: String, since: Timestamp?,
        settings: String,
        run: String, now: Timestamp
    ) throws(Problem) -> Pull {
        let number = try write {
            try abandon(connection: connection, resource: resource, kind: kind, window: window)
            let statement = try database.cached(
                "INSERT INTO pulls(connection, resource, kind, window, run_id, started_at, since, settings)"
                    + " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
            try statement.bind(connection, at: 1)
            try statement.bind(resource, at: 2)
            try statement.bind(kind.rawValue, at: 3)
            try statement.bind(window, at: 4)
            try statement.bind(run, at: 5)
            try statement.bind(now.text, at: 6)
            try statement.bind(since?.text, at: 7)
            try statement.bind(settings, at: 8)
            try statement.run()
            return database.lastInsertedRow
        }
        seen[number] = RowSet()
        return Pull(
            number: number, kind: kind, window: window, since: since, startedAt: now, settings: settings)
    }

    private func abandon(connection: String, resource: String, kind: Pull.Kind, window: String) throws {
        let find = try database.cached(
            "SELECT pull FROM pulls WHERE connection=?1 AND resource=?2 AND kind=?3 AND window=?4")
        defer { find.reset() }
        try find.bind(connection, at: 1)
        try find.bind(resource, at: 2)
        try find.bind(kind.rawValue, at: 3)
        try find.bind(window, at: 4)
        guard try find.step() else { return }
        let number = find.int64(at: 0)
        find.reset()
        try delete(pull: number)
    }

    func delete(pull number: Int64) throws {
        seen[number] = nil
        following[number] = nil
        for sql in ["DELETE FROM pull_pages WHERE pull=?1", "DELETE FROM pulls WHERE pull=?1"] {
            let statement = try database.cached(sql)
            try statement.bind(number, at: 1)
            try statement.run()
        }
    }

    /// Remembers what the platform said at the pull's start: its clock and its count.
    package func note(_ pull: Pull) throws(Problem) {
        try write {
            let statement = try database.cached(
                "UPDATE pulls SET platform_started_at=?2, listed=?3 WHERE pull=?1")
            try statement.bind(pull.number, at: 1)
            try statement.bind(pull.platformStartedAt?.text, at: 2)
            try statement.bind(pull.listed.map(Int64.init), at: 3)
            try statement.run()
        }
    }

    /// Live rows that a complete pull did not see, and how many live rows there are.
    ///
    /// - Parameters:
    ///   - pull: The full pull.
    ///   - resource: Its resource.
    ///   - platform: Its platform.
    ///   - connection: Whose rows.
    /// - Returns: Row numbers with ids, and the number of live rows inside the pull's bounds.
    /// - Throws: `Problem` with `storage_failed`.
    package func unseen(
        by pull: Pull, of resource: Resource, on platform: Platform, connection: String
    ) throws(Problem) -> (rows: [(row: Int64, id: String)], live: Int) {
        let set = seen[pull.number] ?? RowSet()
        let view = MirrorSchema.view(of: resource, on: platform)
        return try read {
            // Where every row that the table can have was seen, as in a mirror of one connection, none is asked.
            // Both ends with one statement: whoever else writes into the file may do so between two.
            let ends = try database.prepare(
                "SELECT (SELECT min(row) FROM \(view)_data), (SELECT max(row) FROM \(view)_data)")
            if try ends.step(), let low = ends.integer(at: 0), let high = ends.integer(at: 1),
                set.contains(low...high)
            {
                return ([], Int(try database.integer("SELECT count(*) FROM \(view)_data") ?? 0))
            }
            ends.reset()
            // From the index alone: a row that was seen is live, and the others are few.
            let all = try database.prepare("SELECT row FROM \(view)_data WHERE connection=?1")
            try all.bind(connection, at: 1)
            let bound = pull.since == nil ? "" : " AND updated_at>=?2"
            let lookup = try database.prepare(
                "SELECT id FROM \(view)_data WHERE row=?1 AND deleted_at IS NULL\(bound)")
            if let since = pull.since { try lookup.bind(since.text, at: 2) }
            var rows: [(row: Int64, id: String)] = []
            var live = 0
            while try all.step() {
                let row = all.int64(at: 0)
                if !set.contains(row) {
                    try lookup.bind(row, at: 1)
                    let id = try lookup.step() ? lookup.text(at: 0) ?? "" : nil
                    lookup.reset()
                    guard let id else { continue }
                    rows.append((row, id))
                }
                live += 1
            }
            return (rows, live)
        }
    }

    /// Live rows whose modification time lies in a span, both ends included, or is not known.
    package func count(
        of resource: Resource, on platform: Platform, connection: String, from: Timestamp, through: Timestamp
    ) throws(Problem) -> Int {
        let view = MirrorSchema.view(of: resource, on: platform)
        return try read {
            let statement = try database.prepare(
                "SELECT count(*) FROM \(view)_data WHERE connection=?1 AND deleted_at IS NULL"
                    + " AND (updated_at IS NULL OR updated_at BETWEEN ?2 AND ?3)")
            try statement.bind(connection, at: 1)
            try statement.bind(from.text, at: 2)
            try statement.bind(through.text, at: 3)
            return try statement.step() ? Int(statement.int64(at: 0)) : 0
        }
    }

    /// Ends a pull in one transaction: deletion marks, cursor, and its checkpoints gone.
    package func finish(
        _ pull: Pull, _ settlement: Settlement, of resource: Resource, on platform: Platform,
        connection: String,
        run: String, now: Timestamp
    ) throws(Problem) {
        let view = MirrorSchema.view(of: resource, on: platform)
        try write {
            let mark = try database.cached(
                "UPDATE \(view)_data SET deleted_at=?2, changed_at=?2, changed_run=?3, change='deleted' WHERE row=?1"
            )
            let past = try PastVersions(of: view, count: history, in: database, run: run)
            for row in settlement.gone {
                try past?.keep(row)
                try mark.bind(row, at: 1)
                try mark.bind(now.text, at: 2)
                try mark.bind(run, at: 3)
                try mark.run()
            }
            if pull.kind != .backfill { try settle(pull, settlement, resource.name, connection, run, now) }
            try delete(pull: pull.number)
            if settlement.isFull {
                // A full pull has seen everything that an open incremental one would still ask for.
                try abandon(connection: connection, resource: resource.name, kind: .incremental, window: "")
            }
        }
        countChanges(settlement.gone.count)
        // Also after an incremental one: a run may have been killed while it made them.
        if pull.kind != .backfill { try indexTimes(of: resource, on: platform) }
    }

    private func settle(
        _ pull: Pull, _ settlement: Settlement, _ resource: String, _ connection: String, _ run: String,
        _ now: Timestamp
    ) throws {
        let statement = try database.cached(
            "INSERT INTO sync_state(connection, resource, cursor, last_full_at, last_success_at, last_run, settings)"
                + " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO UPDATE SET"
                + " cursor=max(coalesce(excluded.cursor, cursor), coalesce(cursor, excluded.cursor)),"
                + " last_full_at=coalesce(excluded.last_full_at, last_full_at), last_success_at=excluded.last_success_at,"
                + " last_run=excluded.last_run, settings=excluded.settings")
        try statement.bind(connection, at: 1)
        try statement.bind(resource, at: 2)
        try statement.bind(settlement.cursor?.text, at: 3)
        try statement.bind(settlement.isFull ? pull.startedAt.text : nil, at: 4)
        try statement.bind(now.text, at: 5)
        try statement.bind(run, at: 6)
        try statement.bind(pull.settings, at: 7)
        try statement.run()
    }
}
