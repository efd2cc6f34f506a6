import Foundation
import Glibc
import Synchronization
import Testing

/// A child process whose stops and whose end can be waited for.
///
/// It does not outlive this value.
final class RunningProcess: Sendable {
    enum Event: Sendable, Equatable {
        case stopped
        case exited(Int32)
        case killed(Int32)
    }

    let identifier: pid_t
    private let events: AsyncStream<Event>
    private let isOver: Flag

    /// - Parameters:
    ///   - path: The program.
    ///   - arguments: What follows its name.
    ///   - environment: All of its environment.
    ///   - folder: Its working directory.
    ///   - streams: Descriptors of this process that become its standard streams.
    /// - Throws: An issue when it cannot be started.
    init(
        _ path: String, _ arguments: [String], environment: [String: String], in folder: String,
        streams: [Int32: Int32]
    ) throws {
        let pid = try Self.spawn(path, arguments, environment, folder, streams)
        identifier = pid
        let (events, source) = AsyncStream.makeStream(of: Event.self)
        self.events = events
        let flag = Flag()
        isOver = flag
        Thread.detachNewThread {
            var status: Int32 = 0
            while waitpid(pid, &status, WUNTRACED) == pid {
                if status & 0xFF == 0x7F {
                    source.yield(.stopped)
                    continue
                }
                flag.raise()
                let signal = status & 0x7F
                source.yield(signal == 0 ? .exited((status >> 8) & 0xFF) : .killed(signal))
                break
            }
            source.finish()
        }
    }

    deinit {
        if !isOver.isRaised { kill(identifier, SIGKILL) }
    }

    /// The next thing that happens to it; nil when the test's time is over.
    func next() async -> Event? {
        for await event in events { return event }
        return nil
    }

    func send(_ signal: Int32) { kill(identifier, signal) }

    private static func spawn(
        _ path: String, _ arguments: [String], _ environment: [String: String], _ folder: String,
        _ streams: [Int32: Int32]
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (stream, descriptor) in streams {
            posix_spawn_file_actions_adddup2(&actions, descriptor, stream)
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        // `env -C` goes to the folder and becomes the program; Swift sees no call of the C library that does it.
        let line = ["env", "-C", folder, path] + arguments
        // A program built with a sanitizer has options of its own; the test's are not to its liking.
        var environment = environment
        if let options = ProcessInfo.processInfo.environment["TORTURE_SANITIZED"] {
            for name in ["ASAN_OPTIONS", "TSAN_OPTIONS"] { environment[name] = options }
            environment["LSAN_OPTIONS"] = ProcessInfo.processInfo.environment["TORTURE_LEAKS"]
        }
        var words: [UnsafeMutablePointer<CChar>?] = line.map { strdup($0) } + [nil]
        var pairs: [UnsafeMutablePointer<CChar>?] =
            environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for word in words + pairs { free(word) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, "/usr/bin/env", &actions, &attributes, &words, &pairs)
        try #require(code == 0, "\(path) cannot be started: \(String(cString: strerror(code)))")
        return pid
    }
}

/// Something that happened once.
final class Flag: Sendable {
    private let raised = Atomic(false)

    var isRaised: Bool { raised.load(ordering: .sequentiallyConsistent) }

    func raise() { raised.store(true, ordering: .sequentiallyConsistent) }
}
