/// How the process ends; the numbers are part of the contract.
package enum ExitCode: Int32, Sendable {
    case success = 0
    case failed = 1
    case usage = 2
    case authorizationNeeded = 3
    case locked = 4
    case storage = 5
    case interrupted = 130
    case terminated = 143

    /// The code of a run that ended with these problems; the contract's precedence.
    package init(problems: [Problem], signal: Int32?) {
        let codes = Set(problems.map(\.code))
        if codes.contains(.storageFailed) {
            self = .storage
        } else if let signal {
            self = signal == 15 ? .terminated : .interrupted
        } else if codes.contains(.needsAuthorization) || codes.contains(.identityMismatch) {
            self = .authorizationNeeded
        } else if codes.contains(.locked) {
            self = .locked
        } else {
            self = problems.isEmpty ? .success : .failed
        }
    }
}
