import Glibc

/// Another program that gets the report.
///
/// It runs in a process group of its own, with signals as a shell would give it, the report on its standard input,
/// and our stderr as its stdout and stderr.
struct Hook {
    let command: [String]
    let timeoutSeconds: Int64
    let environment: [String: String]

    /// Runs it to its end, or ends it when its time is over.
    ///
    /// - Parameter input: What it reads.
    /// - Returns: What went wrong, as the end of a sentence; nil when it ended with 0.
    func run(_ input: [UInt8]) async -> String? {
        let file = namelessFile()
        guard file >= 0 else { return "could not be given the report: \(Self.text(errno))" }
        defer { close(file) }
        if let failed = Self.fill(file, input) {
            return "could not be given the report: \(Self.text(failed))"
        }
        var process: pid_t = 0
        if let failed = start(&process, reading: file) { return "could not be started: \(Self.text(failed))" }
        let deadline = ContinuousClock.now + .seconds(timeoutSeconds)
        while ContinuousClock.now < deadline {
            if let ending = Self.ending(of: process) { return ending.reason }
            try? await Task.sleep(nanoseconds: 10_000_000)
        }
        kill(-process, SIGTERM)
        let grace = ContinuousClock.now + .seconds(2)
        while ContinuousClock.now < grace {
            if Self.ending(of: process) != nil { break }
            try? await Task.sleep(nanoseconds: 10_000_000)
        }
        // Whatever of its group is left; the program itself is waited for, so that none stays behind as a zombie.
        kill(-process, SIGKILL)
        _ = waitpid(process, nil, 0)
        return "was ended after \(timeoutSeconds) s, its time limit"
    }

    /// A file rather than a pipe: a program that does not read cannot hold us up.
    private func namelessFile() -> Int32 {
        let folder = environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        // Whatever folder is named: `mkstemp` puts letters in the place of the last six, or fails.
        var name = Array("\(folder)/shopmirror.XXXXXX".utf8CString)
        let file = mkstemp(&name)
        guard file >= 0 else { return file }
        unlink(name)
        _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        return file
    }

    private struct Ending {
        var reason: String?
    }

    /// nil while it runs.
    private static func ending(of process: pid_t) -> Ending? {
        var status: Int32 = 0
        let found = waitpid(process, &status, WNOHANG)
        if found == 0 || (found < 0 && errno == EINTR) { return nil }
        guard found == process else { return Ending() }
        let signal = status & 0x7F
        if signal != 0 { return Ending(reason: "was ended by signal \(signal)") }
        let code = status >> 8 & 0xFF
        return Ending(reason: code == 0 ? nil : "ended with exit code \(code)")
    }

    private static func fill(_ file: Int32, _ bytes: [UInt8]) -> Int32? {
        let isWhole = bytes.withUnsafeBytes { buffer -> Bool in
            var done = 0
            while done < buffer.count {
                let count = write(file, buffer.baseAddress?.advanced(by: done), buffer.count - done)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                done += count
            }
            return true
        }
        return isWhole && lseek(file, 0, SEEK_SET) == 0 ? nil : errno
    }

    /// - Returns: errno of what failed.
    private func start(_ process: inout pid_t, reading file: Int32) -> Int32? {
        guard let program = command.first else { return ENOENT }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, file, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
        let variables = environment.map { "\($0.key)=\($0.value)" }
        let failed = Self.withCStrings(command) { arguments in
            Self.withCStrings(variables) {
                posix_spawnp(&process, program, &actions, &attributes, arguments, $0)
            }
        }
        return failed == 0 ? nil : failed
    }

    /// C's form of a list of texts, which ends with a null pointer.
    private static func withCStrings<Result>(
        _ texts: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        let list = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: texts.count + 1)
        for (index, text) in texts.enumerated() { list[index] = strdup(text) }
        list[texts.count] = nil
        defer {
            for index in texts.indices { free(list[index]) }
            list.deallocate()
        }
        return body(list)
    }

    private static func text(_ code: Int32) -> String { String(cString: strerror(code)) }
}
