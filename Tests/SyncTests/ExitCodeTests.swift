import Sync
import Testing

struct ExitCodeTests {
    private func code(_ codes: Problem.Code..., signal: Int32? = nil) -> Int32 {
        ExitCode(problems: codes.map { Problem($0, "x") }, signal: signal).rawValue
    }

    @Test func `the contract's order of precedence`() {
        #expect(code() == 0)
        #expect(code(.networkFailed) == 1)
        #expect(code(.deadlineReached) == 1)
        #expect(code(.budgetReached) == 1)
        #expect(code(.configInvalid) == 1, "a secret that cannot be had fails its connection only")
        #expect(code(.networkFailed, .needsAuthorization) == 3)
        #expect(code(.networkFailed, .identityMismatch) == 3)
        #expect(code(.needsAuthorization, .storageFailed) == 5)
        #expect(code(.locked) == 4)
        #expect(code(.interrupted, .needsAuthorization, signal: 2) == 130)
        #expect(code(.interrupted, .networkFailed, signal: 15) == 143)
        #expect(code(.interrupted, .storageFailed, signal: 15) == 5)
    }

    @Test func `every code of an error is one that the contract lists`() {
        let contract = [
            "config_invalid", "usage", "locked", "storage_failed", "network_failed", "timed_out",
            "tls_failed", "rate_limited",
            "overloaded", "server_failed", "needs_authorization", "client_rejected", "not_permitted",
            "request_rejected",
            "malformed_response", "response_too_large", "identity_mismatch", "interrupted",
            "deadline_reached",
            "budget_reached", "internal", "shrink_held", "count_differs", "duplicate_key", "time_unreadable",
            "text_repaired",
            "checkpoint_held", "snapshot_failed", "token_expiring",
        ]
        let codes = Set(Problem.Code.allCases.map(\.rawValue))
        #expect(codes.isSuperset(of: contract))
    }

    @Test func `errors that the same run later may not meet are retryable`() {
        let retryable: [Problem.Code] = [
            .locked, .networkFailed, .timedOut, .rateLimited, .overloaded, .serverFailed, .interrupted,
            .deadlineReached,
            .budgetReached,
        ]
        for code in retryable { #expect(Problem(code, "x").isRetryable, "\(code)") }
        let lasting: [Problem.Code] = [
            .configInvalid, .usage, .storageFailed, .tlsFailed, .needsAuthorization, .clientRejected,
            .notPermitted,
            .requestRejected, .identityMismatch, .internal,
        ]
        for code in lasting { #expect(!Problem(code, "x").isRetryable, "\(code)") }
    }
}
