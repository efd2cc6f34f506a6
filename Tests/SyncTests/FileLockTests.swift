import Foundation
import Glibc
import Sync
import SyncTestSupport
import Synchronization
import Testing

struct FileLockTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `whoever comes second does not get it until the first lets go`() throws {
        var first = try FileLock.take(folder.file("lock"))
        #expect(first != nil)
        #expect(try FileLock.take(folder.file("lock")) == nil)
        #expect(try FileLock.take(folder.file("other")) != nil)
        first = nil
        #expect(try FileLock.take(folder.file("lock")) != nil)
    }

    /// Starts a program that hangs between its fork and its exec, where it holds a copy of every descriptor.
    ///
    /// - Returns: What lets it go on.
    private func startHanging() throws -> () -> Void {
        let (arrived, goOn) = (folder.file("arrived"), folder.file("go-on"))
        try #require(mkfifo(arrived, 0o600) == 0 && mkfifo(goOn, 0o600) == 0)
        let spawning = Thread {
            var actions = posix_spawn_file_actions_t()
            posix_spawn_file_actions_init(&actions)
            defer { posix_spawn_file_actions_destroy(&actions) }
            // Each of these waits until the test opens the other end.
            posix_spawn_file_actions_addopen(&actions, 0, arrived, O_WRONLY, 0)
            posix_spawn_file_actions_addopen(&actions, 0, goOn, O_RDONLY, 0)
            var words: [UnsafeMutablePointer<CChar>?] = [strdup("true"), nil]
            defer { free(words[0]) }
            var pid: pid_t = 0
            if posix_spawn(&pid, "/bin/true", &actions, nil, &words, nil) == 0 { waitpid(pid, nil, 0) }
        }
        spawning.start()
        close(open(arrived, O_RDONLY | O_CLOEXEC))
        return { close(open(goOn, O_WRONLY | O_CLOEXEC)) }
    }

    @Test func `a program that is just being started does not keep the lock`() throws {
        let path = folder.file("lock")
        var lock = try FileLock.take(path)
        #expect(lock != nil)
        let goOn = try startHanging()
        defer { goOn() }
        #expect(try FileLock.take(path) == nil)
        lock = nil
        #expect(try FileLock.take(path) != nil)
    }

    @Test func `waiting ends when the lock is free`() async throws {
        let held = Mutex(try FileLock.take(folder.file("lock")))
        let clock = TestClock { _ in held.withLock { $0 = nil } }
        let taken = try await FileLock.take(folder.file("lock"), waiting: 60, clock: clock.clock)
        #expect(taken != nil)
        #expect(clock.waits.count == 1)
    }

    @Test func `waiting ends when its time is over`() async throws {
        let held = try FileLock.take(folder.file("lock"))
        let clock = TestClock()
        #expect(try await FileLock.take(folder.file("lock"), waiting: 5, clock: clock.clock) == nil)
        #expect(abs(clock.waits.reduce(0, +) - 5) < 0.2)
        #expect(try await FileLock.take(folder.file("lock"), waiting: 0, clock: clock.clock) == nil)
        withExtendedLifetime(held) {}
    }

    @Test func `waiting ends when the run is stopped`() async throws {
        let held = try FileLock.take(folder.file("lock"))
        let control = RunControl(clock: TestClock().clock, maxSeconds: 3600, maxRequests: nil)
        let clock = TestClock { _ in control.stop(.signal(15)) }
        let taken = try await FileLock.take(
            folder.file("lock"), waiting: 600, clock: clock.clock, control: control)
        #expect(taken == nil)
        #expect(clock.waits.count == 1)
        withExtendedLifetime(held) {}
    }

    @Test func `the holder's note replaces the one before, long or short`() throws {
        try folder.write("a long note of an earlier holder that was killed", to: "lock")
        let lock = try #require(try FileLock.take(folder.file("lock")))
        func note() -> String? {
            FileLock.note(at: folder.file("lock")).map { String($0.reversed().drop { $0 == " " }.reversed()) }
        }
        lock.write("one")
        #expect(note() == "one")
        lock.write("a longer one")
        #expect(note() == "a longer one")
        lock.write("two")
        #expect(note() == "two")
        #expect(FileLock.note(at: folder.file("nowhere")) == nil)
    }

    @Test func `a reader finds a note while another is being written`() throws {
        let path = folder.file("lock")
        try folder.write("an earlier holder's", to: "lock")
        var lock = try #require(try FileLock.take(path))
        #expect(FileLock.note(at: path) == "an earlier holder's")
        lock.write("short")
        #expect(FileLock.note(at: path) == "short              ")
        try folder.write(String(repeating: "x", count: 5000), to: "lock")
        lock = try #require(try FileLock.take(folder.file("other")))
        lock = try #require(try FileLock.take(path))
        lock.write("mine")
        #expect(FileLock.note(at: path) == "mine")
    }

    @Test func `a lock that cannot be made is storage_failed`() throws {
        let problem = #expect(throws: Problem.self) { try FileLock.take(folder.file("no/such/folder")) }
        #expect(problem?.code == .storageFailed)
    }
}
