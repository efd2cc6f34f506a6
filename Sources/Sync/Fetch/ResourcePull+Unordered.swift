import HTTP
import JSON

/// Listings by page numbers in no order: rows repeat or slip between pages while people work.
extension ResourcePull {
    /// Walks the listing again, three times in all, while fewer records came than it says there are.
    func walkAgain(_ pull: inout Pull, _ sequence: inout PageSequence, _ result: inout ResourceResult)
        async throws
    {
        guard case .pageNumber = resource.pagination, pull.kind == .full else { return }
        var walks = 1
        while walks < 3, let total = sequence.statedTotal, (pull.checkpoint?.distinct ?? 0) < total {
            walks += 1
            context.log(
                .info, "\(resource.name): \(pull.checkpoint?.distinct ?? 0) of \(total) came, walking again",
                connection: connection.id)
            try await walk(&pull, &sequence, from: Position(), &result)
        }
    }

    /// The pull of everybody's records where this account may see them, else this one.
    func widened() async throws(Problem) -> ResourcePull {
        guard let wider = resource.wider else { return self }
        let layout = PageLayout(envelope: connection.platform.dialect.envelope)
        do throws(Problem) {
            _ = try await session.call(
                Call(.get, wider.probe, layout: layout, subject: "the account's rights"))
        } catch {
            guard error.code == .notPermitted else { throw error }
            return self
        }
        var plan = plan
        plan.resource.path = wider.path
        plan.resource.records = wider.records
        plan.resource.form = .array
        plan.resource.pagination = wider.pagination
        plan.resource.hashed = wider.hashed
        plan.resource.wider = nil
        plan.limit = wider.limit
        return ResourcePull(session: session, plan: plan, mirror: mirror, options: options, run: run)
    }

    /// Whether the listing shows one account's own records only, so that it says nothing about the others' rows.
    var isOwnOnly: Bool { resource.wider != nil }
}
