import Glibc
import Sync
import Synchronization

/// What `SHOPMIRROR_TEST` asks for, for the project's own tests: `skip-waits` lets waits pass at once,
/// `crash=INSTANT:N` ends the process the N-th time it comes to an instant, `clock=SECONDS` shifts the clock.
struct TestHooks: Sendable {
    private var skipsWaits = false
    private var crash: (instant: RunContext.Instant, count: Int)?
    private var shift: Int64 = 0

    init(_ text: String?) {
        for part in (text ?? "").split(separator: ",") {
            if part == "skip-waits" { skipsWaits = true }
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2 else { continue }
            if pair[0] == "clock" { shift = Int64(pair[1]) ?? 0 }
            let named = pair[1].split(separator: ":")
            if pair[0] == "crash", let name = named.first,
                let instant = RunContext.Instant(rawValue: String(name))
            {
                crash = (instant, named.count > 1 ? Int(named[1]) ?? 1 : 1)
            }
        }
    }

    var clock: Clock {
        guard skipsWaits || shift != 0 else { return .system }
        let system = Clock.system
        let skipped = SkippedTime()
        let (shift, skipsWaits) = (shift, skipsWaits)
        return Clock(
            now: { system.now().adding(seconds: shift + Int64(skipped.seconds)) },
            monotonic: { system.monotonic() + skipped.seconds },
            sleep: { seconds in
                if skipsWaits { skipped.add(seconds) } else { await system.sleep(seconds) }
            })
    }

    var instant: @Sendable (RunContext.Instant) -> Void {
        guard let crash else { return { _ in } }
        let left = Atomic(crash.count)
        let counter = CrashCounter(left)
        return { instant in
            if instant == crash.instant, counter.countDown() { kill(getpid(), SIGKILL) }
        }
    }
}

/// Time that was not waited for.
private final class SkippedTime: Sendable {
    private let total = Mutex(0.0)

    var seconds: Double { total.withLock { $0 } }

    func add(_ seconds: Double) { total.withLock { $0 += max(0, seconds) } }
}

private final class CrashCounter: Sendable {
    private let left: Atomic<Int>

    init(_ left: consuming Atomic<Int>) { self.left = left }

    /// Whether this was the last one.
    func countDown() -> Bool { left.subtract(1, ordering: .sequentiallyConsistent).newValue == 0 }
}
