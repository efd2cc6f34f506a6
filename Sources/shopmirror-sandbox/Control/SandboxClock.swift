import Glibc

/// The sandbox's time: the machine's, moved by control requests.
final class SandboxClock {
    private var offsetMilliseconds = 0
    /// When the process started, in seconds, never moved.
    let start: Int

    init() {
        start = Self.machineMilliseconds() / 1000
    }

    var milliseconds: Int { Self.machineMilliseconds() + offsetMilliseconds }
    var seconds: Int { milliseconds / 1000 }
    var offsetSeconds: Int { offsetMilliseconds / 1000 }
    var httpDate: String { CivilTime.http(seconds) }

    func advance(seconds: Int) {
        let bounded = min(max(seconds, -3_155_760_000), 3_155_760_000)
        offsetMilliseconds = offsetMilliseconds &+ bounded * 1000
    }

    func reset() { offsetMilliseconds = 0 }

    private static func machineMilliseconds() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int(time.tv_sec) * 1000 + Int(time.tv_nsec) / 1_000_000
    }
}
