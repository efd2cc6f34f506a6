/// The lock of a connection's tokens: whoever renews or replaces them holds it.
package enum TokenLock {
    /// Waits for the lock, five minutes at most.
    ///
    /// - Throws: `Problem` with `locked` when another process keeps it.
    package static func take(
        _ connection: String, vault: Vault, context: RunContext, waiting seconds: Int64 = 300
    ) async throws(Problem) -> FileLock {
        let path = "\(vault.path).\(connection).lock"
        let taken = try await FileLock.take(
            path, waiting: seconds, clock: context.clock, control: context.control)
        if let taken { return taken }
        try context.control.check()
        throw Wording.tokensInUse(connection, lock: path)
    }
}
