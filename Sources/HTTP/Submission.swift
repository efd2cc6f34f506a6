/// A request on its way to the loop's thread, with the continuation that waits for its outcome.
struct Submission: Sendable {
    typealias Outcome = Result<HTTPResponse, TransportError>

    let id: UInt64
    let request: HTTPRequest
    let startedAt: ContinuousClock.Instant
    let continuation: CheckedContinuation<Outcome, Never>

    var elapsedMilliseconds: Double {
        (ContinuousClock.now - startedAt) / .milliseconds(1)
    }

    /// Answers a request that never reached the network.
    func fail(_ kind: TransportError.Kind, _ message: String) {
        let error = TransportError(kind, message, durationMilliseconds: elapsedMilliseconds)
        continuation.resume(returning: .failure(error))
    }
}
