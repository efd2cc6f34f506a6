import Glibc
import Sync
import Synchronization

/// What `SHOPMIRROR_TEST` asks for, for the project's own tests: `skip-waits` lets waits pass at once,
/// `crash=INSTANT:N` kills the process the N-th time it comes to an instant, `stop=INSTANT:N` stops it there until
/// SIGCONT, `clock=SECONDS` shifts the clock, `step=INSTANT:N:SECONDS` lets it step there.
struct TestHooks: Sendable {
    private var skipsWaits = false
    private var halts: [Halt] = []
    private var steps: [Step] = []
    private let shift = ClockShift()

    private struct Halt {
        var signal: Int32
        var instant: RunContext.Instant
        var count: Int
    }

    private struct Step {
        var seconds: Int64
        var instant: RunContext.Instant
        var count: Int
    }

    init(_ text: String?) {
        for part in (text ?? "").split(separator: ",") {
            if part == "skip-waits" { skipsWaits = true }
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2 else { continue }
            if pair[0] == "clock" { shift.add(Int64(pair[1]) ?? 0) }
            let named = pair[1].split(separator: ":")
            guard let name = named.first, let instant = RunContext.Instant(rawValue: String(name)) else {
                continue
            }
            let count = named.count > 1 ? Int(named[1]) ?? 1 : 1
            switch pair[0] {
            case "crash": halts.append(Halt(signal: SIGKILL, instant: instant, count: count))
            case "stop": halts.append(Halt(signal: SIGSTOP, instant: instant, count: count))
            case "step":
                let seconds = named.count > 2 ? Int64(named[2]) ?? 0 : 0
                steps.append(Step(seconds: seconds, instant: instant, count: count))
            default: break
            }
        }
    }

    var clock: Clock {
        guard skipsWaits || shift.seconds != 0 || !steps.isEmpty else { return .system }
        let system = Clock.system
        let skipped = SkippedTime()
        let (shift, skipsWaits) = (shift, skipsWaits)
        return Clock(
            now: { system.now().adding(seconds: shift.seconds + Int64(skipped.seconds)) },
            monotonic: { system.monotonic() + skipped.seconds },
            sleep: { seconds in
                if skipsWaits { skipped.add(seconds) } else { await system.sleep(seconds) }
            })
    }

    var instant: @Sendable (RunContext.Instant) -> Void {
        guard !halts.isEmpty || !steps.isEmpty else { return { _ in } }
        let counted = halts.map { ($0, Countdown(from: $0.count)) }
        let (shift, stepping) = (shift, steps.map { ($0, Countdown(from: $0.count)) })
        return { instant in
            for (step, left) in stepping where step.instant == instant && left.isOver() {
                shift.add(step.seconds)
            }
            for (halt, left) in counted where halt.instant == instant && left.isOver() {
                raise(halt.signal)
            }
        }
    }
}

/// Time that was not waited for.
private final class SkippedTime: Sendable {
    private let total = Mutex(0.0)

    var seconds: Double { total.withLock { $0 } }

    func add(_ seconds: Double) { total.withLock { $0 += max(0, seconds) } }
}

/// How far the clock is off.
private final class ClockShift: Sendable {
    private let total = Mutex<Int64>(0)

    var seconds: Int64 { total.withLock { $0 } }

    func add(_ seconds: Int64) { total.withLock { $0 += seconds } }
}

private final class Countdown: Sendable {
    private let left: Atomic<Int>

    init(from count: Int) { left = Atomic(count) }

    /// Counts; true the one time it comes to nought.
    func isOver() -> Bool { left.subtract(1, ordering: .sequentiallyConsistent).newValue == 0 }
}
