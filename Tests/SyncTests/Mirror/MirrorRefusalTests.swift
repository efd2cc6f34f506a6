import Glibc
import SQLite
import SyncTestSupport
import Testing

@testable import Sync

/// A mirror that cannot be used is left as it is.
struct MirrorRefusalTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `a newer mirror is refused, and the files beside it stay for its readers`() async throws {
        let path = folder.file("mirror.db")
        await (try MirrorStore(path: path)).close()
        try Database(path: path).execute("PRAGMA user_version=99")
        let database = try Database(path: path)
        try database.persistWAL()
        _ = try database.integer("SELECT count(*) FROM runs")
        database.close()
        for isSound in [true, false] {
            let problem = #expect(throws: Problem.self) { _ = try MirrorStore(path: path, isSound: isSound) }
            #expect(problem?.code == .storageFailed)
            for name in ["mirror.db-wal", "mirror.db-shm"] {
                #expect(access(folder.file(name), F_OK) == 0, "\(name) \(isSound)")
            }
        }
    }
}
