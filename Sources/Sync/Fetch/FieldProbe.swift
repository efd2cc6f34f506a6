import JSON

/// Finds the fields of a listing that the platform does not know, after it refused the listing.
///
/// A refusal that names fields is believed when the listing works without them. Otherwise single rows are asked for
/// with halves of the fields, in at most `maximumCalls` calls.
struct FieldProbe {
    static let maximumCalls = 60

    let listing: Listing
    let ask: (Call) async throws(Problem) -> Answer

    /// The fields to leave out.
    ///
    /// - Parameter refusal: How the platform refused the listing.
    /// - Returns: Their names; none when the fields are not to blame, or too many of them are.
    /// - Throws: `Problem` for a call that failed for another reason than its fields.
    func unknown(after refusal: Problem) async throws(Problem) -> [String] {
        guard case .required = listing.resource.fields, try await self.refusal(without: []) != nil else {
            return []
        }
        if let named = try await named(in: refusal) { return named }
        let optional = optionalFields
        guard try await self.refusal(without: optional) == nil else { return [] }
        return try await bisect(optional)
    }

    /// Everything that is asked for but the key and the cursor, without which there is no pull.
    private var optionalFields: [String] {
        let resource = listing.resource
        let needed = Set(resource.key + (resource.cursor == nil ? [] : [resource.updated].compactMap { $0 }))
        return listing.plan.requiredFields.filter { !needed.contains($0) }
    }

    /// Takes the platform at its word, as often as it names another field.
    private func named(in refusal: Problem) async throws(Problem) -> [String]? {
        var named: [String] = []
        var refusal = refusal
        for _ in 0..<8 {
            let words = Set(
                refusal.message.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init))
            let found = optionalFields.filter { words.contains($0) && !named.contains($0) }
            guard !found.isEmpty else { return nil }
            named += found
            guard let next = try await self.refusal(without: named) else { return named }
            refusal = next
        }
        return nil
    }

    private func bisect(_ fields: [String]) async throws(Problem) -> [String] {
        var unknown: [String] = []
        var groups = halves(fields)
        var calls = 0
        while let group = groups.popLast() {
            guard calls < Self.maximumCalls else { return [] }
            calls += 1
            let others = fields.filter { !group.contains($0) }
            guard try await refusal(without: others) != nil else { continue }
            if group.count == 1 { unknown += group } else { groups += halves(group) }
        }
        return fields.filter { unknown.contains($0) }
    }

    private func halves(_ fields: [String]) -> [[String]] {
        let middle = fields.count / 2
        return [Array(fields[..<middle]), Array(fields[middle...])].filter { !$0.isEmpty }
    }

    /// How the platform refuses one row without these fields; nil when it gives it.
    private func refusal(without fields: [String]) async throws(Problem) -> Problem? {
        var probe = listing
        probe.plan.limit = 1
        probe.plan.withheld.formUnion(fields)
        do {
            _ = try await ask(probe.call(at: Position()))
            return nil
        } catch {
            guard error.code == .requestRejected else { throw error }
            return error
        }
    }
}
