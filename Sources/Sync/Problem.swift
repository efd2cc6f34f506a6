/// What went wrong, where, and what a person does next: the one error of the job, as reports carry it.
package struct Problem: Error, Sendable, Equatable {
    /// The contract's stable codes.
    package enum Code: String, Sendable, CaseIterable {
        case configInvalid = "config_invalid"
        case usage
        case locked
        case storageFailed = "storage_failed"
        case networkFailed = "network_failed"
        case timedOut = "timed_out"
        case tlsFailed = "tls_failed"
        case rateLimited = "rate_limited"
        case overloaded
        case serverFailed = "server_failed"
        case needsAuthorization = "needs_authorization"
        case clientRejected = "client_rejected"
        case notPermitted = "not_permitted"
        case requestRejected = "request_rejected"
        case malformedResponse = "malformed_response"
        case responseTooLarge = "response_too_large"
        case identityMismatch = "identity_mismatch"
        case interrupted
        case deadlineReached = "deadline_reached"
        case budgetReached = "budget_reached"
        case `internal`
        // Warnings
        case shrinkHeld = "shrink_held"
        case countDiffers = "count_differs"
        case duplicateKey = "duplicate_key"
        case timeUnreadable = "time_unreadable"
        case textRepaired = "text_repaired"
        case checkpointHeld = "checkpoint_held"
        case snapshotFailed = "snapshot_failed"
        case tokenExpiring = "token_expiring"
        case fieldUnknown = "field_unknown"
        case hookFailed = "hook_failed"
        case rowsMissing = "rows_missing"
        case valueMissing = "value_missing"
        case valueRepeated = "value_repeated"
    }

    package var code: Code
    /// One sentence: what happened, where.
    package var message: String
    package var nextStep: String?
    package var platformCode: String?
    package var httpStatus: Int?
    package var connection: String?
    package var resource: String?
    /// The account cannot be read at all now, such as a frozen store.
    package var endsConnection = false
    /// When it happened; set where the problem is recorded.
    package var at: Timestamp?

    package init(
        _ code: Code, _ message: String, next nextStep: String? = nil, platformCode: String? = nil,
        httpStatus: Int? = nil
    ) {
        self.code = code
        self.message = message
        self.nextStep = nextStep
        self.platformCode = platformCode
        self.httpStatus = httpStatus
    }

    /// Whether the same run later would help.
    package var isRetryable: Bool {
        switch code {
        case .locked, .networkFailed, .timedOut, .rateLimited, .overloaded, .serverFailed, .malformedResponse,
            .interrupted, .deadlineReached, .budgetReached, .checkpointHeld, .countDiffers:
            true
        default: false
        }
    }

    /// Whether the connection cannot go on with its next resource.
    package var stopsConnection: Bool {
        switch code {
        case .needsAuthorization, .clientRejected, .identityMismatch, .interrupted, .deadlineReached,
            .budgetReached, .storageFailed, .configInvalid:
            true
        default: endsConnection
        }
    }
}
