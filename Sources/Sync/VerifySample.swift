import Glibc
import SQLite

/// Reads a random sample of a mirror's live rows, without any right to change the file.
package struct VerifySample {
    struct Row: Sendable {
        var id: String
        var payload: [UInt8]
    }

    private let database: Database
    private let path: String

    /// Opens the mirror for reading only.
    ///
    /// - Throws: `Problem` with `storage_failed`, also when there is no mirror yet.
    package init(path: String) throws(Problem) {
        self.path = path
        guard access(path, F_OK) == 0 else {
            throw Problem(
                .storageFailed, "There is no mirror at \(path).", next: "Run shopmirror sync first.")
        }
        do {
            database = try Database(path: path, access: .readOnly)
            guard try database.integer("PRAGMA application_id") == MirrorSchema.applicationID else {
                throw Problem(
                    .storageFailed, "The file \(path) is a database, but no mirror of shopmirror.",
                    next: "Name another file as [storage] mirror; this one is left as it is.")
            }
        } catch {
            throw Self.translated(error, path)
        }
    }

    private static func translated(_ error: any Error, _ path: String) -> Problem {
        if let error = error as? SQLiteError { return Wording.storage("mirror", path, error) }
        return (error as? Problem) ?? Problem(.internal, "The mirror \(path) failed: \(error).")
    }

    private func read<Result>(_ body: () throws -> Result) throws(Problem) -> Result {
        do { return try body() } catch { throw Self.translated(error, path) }
    }

    /// The account whose rows a connection holds.
    func account(of connection: String) throws(Problem) -> AccountIdentity? {
        try read {
            let statement = try database.prepare("SELECT account_id, name FROM accounts WHERE connection=?1")
            try statement.bind(connection, at: 1)
            guard try statement.step() else { return nil }
            return AccountIdentity(id: statement.text(at: 0) ?? "", name: statement.text(at: 1))
        }
    }

    /// The settled cursor and the settings of a resource; nil before its first finished pull.
    func state(connection: String, resource: String) throws(Problem) -> (
        cursor: Timestamp?, settings: String
    )? {
        try read {
            let statement = try database.prepare(
                "SELECT cursor, settings FROM sync_state WHERE connection=?1 AND resource=?2")
            try statement.bind(connection, at: 1)
            try statement.bind(resource, at: 2)
            guard try statement.step() else { return nil }
            return (statement.text(at: 0).flatMap { Timestamp($0) }, statement.text(at: 1) ?? "")
        }
    }

    /// So many live rows, each as likely as any other, and how many there are.
    ///
    /// - Parameters:
    ///   - count: How many at most.
    ///   - view: The resource's view.
    ///   - connection: Whose rows.
    ///   - random: Where the choice comes from.
    /// - Returns: The rows in the order of their ids; `total` is the number of live rows.
    /// - Throws: `Problem` with `storage_failed`.
    func rows(
        _ count: Int, of view: String, connection: String, random: inout some RandomNumberGenerator
    ) throws(Problem) -> (rows: [Row], total: Int) {
        try read {
            let find = try database.prepare(
                "SELECT row FROM \(view)_data WHERE connection=?1 AND deleted_at IS NULL ORDER BY id")
            try find.bind(connection, at: 1)
            var chosen: [Int64] = []
            var total = 0
            while try find.step() {
                total += 1
                if chosen.count < count {
                    chosen.append(find.int64(at: 0))
                } else {
                    let place = Int.random(in: 0..<total, using: &random)
                    if place < count { chosen[place] = find.int64(at: 0) }
                }
            }
            let fetch = try database.prepare("SELECT id, payload FROM \(view)_data WHERE row=?1")
            var rows: [Row] = []
            for row in chosen {
                try fetch.bind(row, at: 1)
                if try fetch.step() {
                    rows.append(Row(id: fetch.text(at: 0) ?? "", payload: fetch.bytes(at: 1)))
                }
                fetch.reset()
            }
            return (rows.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }, total)
        }
    }
}

/// Random numbers that a seed makes repeatable (SplitMix64).
struct VerifyRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
