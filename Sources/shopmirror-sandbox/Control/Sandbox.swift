/// The simulated world: the platforms, their clock, the faults and what was asked so far.
final class Sandbox {
    let clock = SandboxClock()
    private let initial: Settings
    private let initialLatency: Int
    private(set) var settings: Settings
    private(set) var platforms: [any Simulation] = []
    private(set) var journal: Journal
    var faults = FaultQueue()
    var latencyMilliseconds: Int

    init(settings: Settings, latencyMilliseconds: Int, log: String?) throws(ServerError) {
        var settled = settings
        settled.settle(start: clock.start)
        initial = settled
        self.settings = settled
        initialLatency = latencyMilliseconds
        self.latencyMilliseconds = latencyMilliseconds
        journal = try Journal(file: log)
        platforms = Self.platforms(settled, clock)
    }

    func answer(_ request: Request) -> Response {
        if request.path == "/sandbox/control" || request.path == "/sandbox/state" {
            return Control(self).answer(request)
        }
        let fault = faults.take(for: request)
        let response = answer(request, fault)
        journal.record(request, response, fault: fault, at: clock.milliseconds)
        return response
    }

    /// Milliseconds every platform answer is held back.
    func latency(of request: Request) -> Int {
        request.target.hasPrefix("/sandbox/") ? 0 : latencyMilliseconds
    }

    /// Changes the settings and tells the platforms.
    func change(_ change: (inout Settings) -> Void) {
        change(&settings)
        for platform in platforms { platform.apply(settings) }
    }

    /// Back to the state of the start: data, tokens, clock, counts, no faults.
    func reset() {
        clock.reset()
        settings = initial
        latencyMilliseconds = initialLatency
        faults.removeAll()
        journal.reset()
        platforms = Self.platforms(settings, clock)
    }

    private func answer(_ request: Request, _ fault: Fault?) -> Response {
        guard let fault else { return routed(request, fault: nil) }
        if let replacement = FaultyResponse.replacement(for: fault, request: request) {
            if fault.isProcessed { _ = routed(request, fault: nil) }
            return replacement
        }
        return FaultyResponse.spoilt(routed(request, fault: fault), by: fault)
    }

    private func routed(_ request: Request, fault: Fault?) -> Response {
        if request.path == SignInPage.path { return SignInPage(platforms: platforms).answer(request) }
        guard let platform = platforms.first(where: { $0.serves(request) }) else {
            return .html("<html><body><h1>404 Not Found</h1></body></html>", status: 404)
        }
        return platform.answer(request, fault: fault)
    }

    private static func platforms(_ settings: Settings, _ clock: SandboxClock) -> [any Simulation] {
        [
            NextEngine(settings, clock), Shopline(settings, clock), AiHubMix(settings, clock),
            AccountCenter(settings, clock),
        ]
    }
}
