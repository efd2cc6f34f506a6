import Glibc
import SQLite
package import Sync

/// When tokens end, as the vault says it; the tokens themselves are never read.
package struct TokenExpiry: Sendable, Equatable {
    package var accessExpiresAt: Timestamp?
    package var refreshExpiresAt: Timestamp?
    package var obtainedAt: Timestamp?
    /// Why the platform refused the tokens for good; nil while they are believed to work.
    package var refused: String?

    /// Reads every connection's; nothing is written and no file is made.
    ///
    /// - Parameter path: The vault.
    /// - Returns: nil when there is no vault yet.
    /// - Throws: `Problem` with `storage_failed`, also when others can read the vault.
    package static func all(inVault path: String) throws(Problem) -> [String: TokenExpiry]? {
        var info = stat()
        guard stat(path, &info) == 0 else { return nil }
        guard info.st_mode & 0o077 == 0 else {
            throw Problem(
                .storageFailed, "The vault \(path) can be read by others; it is not used.",
                next: "Run: chmod 600 \(path)   and think about who may have read the tokens in it.")
        }
        do throws(SQLiteError) {
            let database = try Database(path: path, access: .readOnly)
            defer { database.close() }
            database.setBusyTimeout(milliseconds: 2000)
            let statement = try database.prepare(
                "SELECT connection, access_expires_at, refresh_expires_at, obtained_at, refused FROM tokens")
            var all: [String: TokenExpiry] = [:]
            while try statement.step() {
                func time(_ index: Int32) -> Timestamp? {
                    statement.text(at: index).flatMap { Timestamp($0) }
                }
                all[statement.text(at: 0) ?? ""] = TokenExpiry(
                    accessExpiresAt: time(1), refreshExpiresAt: time(2), obtainedAt: time(3),
                    refused: statement.text(at: 4))
            }
            return all
        } catch {
            throw Wording.storage("vault", path, error)
        }
    }
}
