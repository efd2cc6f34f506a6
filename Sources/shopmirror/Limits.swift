import Glibc

/// What the process asks of the system for itself.
enum Limits {
    /// No core dump may ever hold a token; a file that may not grow and a reader that is gone are errors to report, not a
    /// death.
    static func apply() {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        signal(SIGXFSZ, SIG_IGN)
        signal(SIGPIPE, SIG_IGN)
    }
}
