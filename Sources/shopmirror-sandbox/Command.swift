import Glibc

/// The program: reads the command line, starts the server, stays until told to end.
enum Command {
    /// Runs to the end.
    ///
    /// - Returns: the exit code.
    static func run(_ words: [String]) -> Int32 {
        do {
            let arguments = try Arguments(words)
            guard !arguments.wantsHelp else {
                print(Help.text, to: STDOUT_FILENO)
                return 0
            }
            try serve(arguments)
            return 0
        } catch let error as UsageError {
            print("shopmirror-sandbox: \(error.problem)\n", to: STDERR_FILENO)
            return 2
        } catch let error as ServerError {
            print("shopmirror-sandbox: \(sentence(for: error))\n", to: STDERR_FILENO)
            return 1
        } catch {
            print("shopmirror-sandbox: \(error)\n", to: STDERR_FILENO)
            return 1
        }
    }

    private static func serve(_ arguments: Arguments) throws {
        signal(SIGPIPE, SIG_IGN)
        for number in [SIGTERM, SIGINT] { signal(number) { _ in _exit(0) } }
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            limit.rlim_cur = limit.rlim_max
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
        let sandbox = try Sandbox(
            settings: arguments.settings, latencyMilliseconds: arguments.latencyMilliseconds,
            log: arguments.log)
        if let script = arguments.script, let problem = Control(sandbox).run(script: try contents(of: script))
        {
            throw UsageError(problem: "\(script): \(problem)")
        }
        let server = try Server(sandbox: sandbox, port: arguments.port, watchesInput: arguments.endsWithInput)
        if let file = arguments.portFile { try write("\(server.port)", to: file) }
        print("listening on http://127.0.0.1:\(server.port)\n", to: STDOUT_FILENO)
        server.run()
    }

    private static func sentence(for error: ServerError) -> String {
        switch error {
        case .socket(let call, let code): "\(call): \(String(cString: strerror(code)))"
        case .file(let name, let code): "\(name): \(String(cString: strerror(code)))"
        }
    }

    private static func print(_ text: String, to descriptor: Int32) {
        let bytes = Array(text.utf8)
        _ = Glibc.write(descriptor, bytes, bytes.count)
    }

    private static func contents(of file: String) throws(ServerError) -> [UInt8] {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .file(file, code: errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &piece, piece.count)
            guard count >= 0 else { throw .file(file, code: errno) }
            if count == 0 { return bytes }
            bytes += piece[0..<count]
        }
    }

    /// Writes a temporary file beside `file` and renames it, so that a reader never sees half of it.
    private static func write(_ text: String, to file: String) throws(ServerError) {
        let temporary = "\(file).\(getpid())"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .file(temporary, code: errno) }
        print(text, to: descriptor)
        close(descriptor)
        guard rename(temporary, file) == 0 else { throw .file(file, code: errno) }
    }
}
