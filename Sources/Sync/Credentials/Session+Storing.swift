/// How tokens that came back are kept.
extension Session {
    /// Makes tokens durable, then usable; in this order.
    func store(_ found: TokenSet) async throws(Problem) {
        context.redactor.learn(found.secrets)
        var changed = entry
        changed.tokens = found
        changed.refreshedAt = context.clock.now()
        changed.refused = nil
        guard !isTentative else {
            entry = changed
            return
        }
        if found.accessToken != entry.tokens.accessToken {
            refreshes += 1
            changed.obtainedAt = context.clock.now()
        }
        try await keep(changed)
        context.instant(.afterVaultCommit)
        entry = changed
    }

    /// Losing a rotated pair means that a person has to sign in again: some tries more before giving up.
    private func keep(_ changed: VaultEntry) async throws(Problem) {
        for seconds in [0.0, 1, 2, 4] {
            do {
                return try await vault.store(changed, of: connection.id)
            } catch {
                guard seconds < 4 else { throw Wording.pairNotKept(connection, error) }
                // In a task of its own, since a cancelled one does not wait.
                await Task { [clock = context.clock] in await clock.sleep(seconds) }.value
            }
        }
    }
}
