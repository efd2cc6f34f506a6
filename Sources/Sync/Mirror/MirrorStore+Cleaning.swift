import JSON
import SQLite

extension MirrorStore {
    /// Cuts newly dropped paths out of the rows that are stored already; what was there is overwritten on disk.
    func clean(
        _ resource: Resource, on platform: Platform, connection: String, drop: [JSONPath], run: String,
        now: Timestamp
    ) throws(Problem) {
        let view = MirrorSchema.view(of: resource, on: platform)
        var last: Int64 = -1
        while true {
            let batch = try write { try cleanBatch(after: last, view, connection, drop, run, now.text) }
            guard let batch else { break }
            last = batch
        }
        try cleanPast(view, connection, drop)
    }

    /// Cuts the same out of the versions that were kept, whether or not any are kept now.
    private func cleanPast(_ view: String, _ connection: String, _ drop: [JSONPath]) throws(Problem) {
        guard try read({ try schema("table", PastVersions.table) }) != nil else { return }
        var last: Int64 = -1
        while true {
            let batch = try write { () -> Int64? in
                let find = try database.prepare(
                    "SELECT version, payload FROM \(PastVersions.table) WHERE version>?1 AND connection=?2 AND view=?3"
                        + " AND payload IS NOT NULL ORDER BY version LIMIT 500")
                try find.bind(last, at: 1)
                try find.bind(connection, at: 2)
                try find.bind(view, at: 3)
                let update = try database.prepare(
                    "UPDATE \(PastVersions.table) SET payload=?2 WHERE version=?1")
                var reached: Int64?
                while try find.step() {
                    reached = find.int64(at: 0)
                    let payload = find.bytes(at: 1)
                    let cleaned = try JSONRewriter.dropping(payload, paths: drop)
                    guard cleaned != payload else { continue }
                    try update.bind(reached, at: 1)
                    try cleaned.withUnsafeBytes { bytes in
                        try update.bindBorrowed(bytes, at: 2)
                        try update.run()
                    }
                }
                return reached
            }
            guard let batch else { return }
            last = batch
        }
    }

    /// - Returns: The last row looked at; nil when there was none.
    private func cleanBatch(
        after last: Int64, _ view: String, _ connection: String, _ drop: [JSONPath], _ run: String,
        _ now: String
    ) throws -> Int64? {
        let find = try database.prepare(
            "SELECT row, payload FROM \(view)_data WHERE row>?1 AND connection=?2 ORDER BY row LIMIT 500")
        try find.bind(last, at: 1)
        try find.bind(connection, at: 2)
        let update = try database.prepare(
            "UPDATE \(view)_data SET payload=?2, changed_at=?3, changed_run=?4, change=iif(deleted_at IS NULL, 'updated', change)"
                + " WHERE row=?1")
        // What is cut out is not kept: the version before counts as equal to the cleaned one.
        let past = try PastVersions(of: view, count: history, in: database, run: run)
        var reached: Int64?
        while try find.step() {
            let row = find.int64(at: 0)
            reached = row
            let payload = find.bytes(at: 1)
            let cleaned = try JSONRewriter.dropping(payload, paths: drop)
            guard cleaned != payload else { continue }
            try past?.keep(row)
            try update.bind(row, at: 1)
            try update.bind(now, at: 3)
            try update.bind(run, at: 4)
            try cleaned.withUnsafeBytes { bytes in
                try update.bindBorrowed(bytes, at: 2)
                try update.run()
            }
            countChanges(1)
        }
        return reached
    }
}
