import HTTP
import JSON

/// One listing of a resource: its calls, page by page.
///
/// What a page is followed by is decided by `PageSequence`.
package struct Listing: Sendable {
    /// A part of the listing with its own bounds and parameters; the parts together are the whole.
    package struct Segment: Sendable, Equatable {
        package var since: Timestamp?
        package var until: Timestamp?
        package var parameters: [Parameter]
    }

    package let connection: Connection
    package internal(set) var plan: ResourcePlan
    package let segments: [Segment]
    /// Whether the closing pass is only read where something hints that a record moved.
    let closesOnDemand: Bool
    /// Sorted ids, for a listing that goes by them.
    package let ids: [String]
    /// Where the records are; the platform's own envelope comes first.
    let layout: PageLayout

    package init(
        of plan: ResourcePlan, connection: Connection, since: Timestamp?, until: Timestamp?, now: Timestamp,
        kind: Pull.Kind, ids: [String] = []
    ) {
        self.connection = connection
        self.plan = plan
        // Two rows are the least in which consecutive pages can overlap.
        if case .offset = plan.resource.pagination { self.plan.limit = max(2, plan.limit) }
        self.ids = ids
        layout = Self.layout(plan, connection)
        let bounds =
            plan.resource.window.map { Self.slices($0, now: now) }
            ?? Self.slices(since, until, now: now, resource: plan.resource, isSliced: kind == .backfill)
        closesOnDemand = kind == .full
        segments = bounds.flatMap { bound in
            Self.closed(plan.resource.passes).map {
                Segment(since: bound.since, until: bound.until, parameters: $0)
            }
        }
    }

    /// Passes with the first one once more at the end.
    ///
    /// A record that moved from a later pass to the first while they were read would be in none. A full pull, where it is
    /// long, reads it again only if the platform's count says that records are lacking, or changed since the pull began.
    private static func closed(_ passes: [[Parameter]]) -> [[Parameter]] {
        passes.count > 1 ? passes + passes.prefix(1) : passes
    }

    var resource: Resource { plan.resource }

    /// Whether a position lies in a pass that is read once more, only for what moved meanwhile.
    func isClosing(_ position: Position) -> Bool {
        guard segments.indices.contains(position.segment) else { return false }
        return segments[..<position.segment].contains(segments[position.segment])
    }

    /// Segments that are read in any case.
    var ownSegments: Int {
        segments.indices.count { !closesOnDemand || !isClosing(Position(segment: $0)) }
    }

    /// A backfill's slices, thirty days each.
    private static func slices(
        _ since: Timestamp?, _ until: Timestamp?, now: Timestamp, resource: Resource, isSliced: Bool
    ) -> [(since: Timestamp?, until: Timestamp?)] {
        guard isSliced, resource.cursor?.until != nil, let since, since < until ?? now else {
            return [(since, until)]
        }
        let end = until ?? now
        var slices: [(Timestamp?, Timestamp?)] = []
        var start = since
        while start < end {
            let next = min(start.adding(seconds: 30 * 86_400), end)
            slices.append((start, next == end ? until : next))
            start = next
        }
        return slices
    }

    /// The stretches of a listing that gives no more of its past at a time.
    private static func slices(_ window: Window, now: Timestamp) -> [(since: Timestamp?, until: Timestamp?)] {
        let length = max(1, window.days) * 86_400
        var slices: [(Timestamp?, Timestamp?)] = []
        var start = now.adding(seconds: -window.reachDays * 86_400)
        while start < now {
            let end = min(start.adding(seconds: length), now)
            slices.append((start, end))
            start = end
        }
        return slices
    }

    /// The call for the page at a position.
    func call(at position: Position) -> Call {
        let segment = segments[min(position.segment, segments.count - 1)]
        var parameters = resource.parameters + segment.parameters + bounds(segment)
        switch resource.fields {
        case .none: break
        case .optional(let name):
            if let fields = plan.fields { parameters.append(Parameter(name, fields.joined(separator: ","))) }
        case .required(let name):
            parameters.append(Parameter(name, plan.requiredFields.joined(separator: ",")))
        }
        var (path, query): (String, String?) = (resource.path, nil)
        switch (resource.pagination, position.mark) {
        case (.single, _): break
        case (.linkHeader(let limit), let mark):
            if let limit { parameters.append(Parameter(limit, String(plan.limit))) }
            if case .link(let text) = mark {
                query = text
                if text.hasPrefix("/") {
                    // Another path of the same server; the second slash says that it does not begin at `base_url`.
                    let halves = text.split(separator: "?", maxSplits: 1).map(String.init)
                    (path, query) = ("/" + (halves.first ?? "/"), halves.count > 1 ? halves[1] : "")
                }
            }
        case (.cursor(let cursor), let mark):
            if let limit = cursor.limit { parameters.append(Parameter(limit, String(plan.limit))) }
            if case .cursor(let text) = mark { parameters.append(Parameter(cursor.parameter, text)) }
        case (.offset(let limit, let name, _), let mark):
            var offset = 0
            if case .offset(let value, _) = mark { offset = value }
            parameters.append(Parameter(name, String(offset)))
            parameters.append(Parameter(limit, String(plan.limit)))
        case (.pageNumber(let page, let size, _, _), let mark):
            var number = 1
            if case .page(let value) = mark { number = value }
            parameters.append(Parameter(page, String(number)))
            if let size { parameters.append(Parameter(size, String(plan.limit))) }
        case (.identifiers(let name, _, _, _), let mark):
            parameters.append(Parameter(name, batch(after: mark).joined(separator: ",")))
        }
        return Call(
            connection.platform.dialect.listingMethod, path, parameters: parameters, query: query,
            layout: layout, hashed: hashed, subject: resource.name)
    }

    /// The places of the answer whose texts are hashed.
    private var hashed: [JSONPath] {
        let root =
            resource.records.map { JSONPath.Component.member($0) }
            + (resource.form == .object ? [] : [.everyElement])
        return resource.hashed.compactMap { path in
            let inner = path.path.flatMap { name -> [JSONPath.Component] in
                name.hasSuffix("[]") ? [.member(String(name.dropLast(2))), .everyElement] : [.member(name)]
            }
            let all = root + inner
            return all.first.map { JSONPath($0, Array(all.dropFirst())) }
        }
    }

    private func bounds(_ segment: Segment) -> [Parameter] {
        if let window = resource.window, let since = segment.since, let until = segment.until {
            let times = connection.platform.times
            return [Parameter(window.since, times.write(since)), Parameter(window.until, times.write(until))]
        }
        guard let cursor = resource.cursor, segment.since != nil || segment.until != nil else { return [] }
        let times = cursor.times ?? connection.platform.times
        var parameters: [Parameter] = []
        let since = segment.since ?? (cursor.needsBoth ? Timestamp(secondsSinceEpoch: 0) : nil)
        if let since { parameters.append(Parameter(cursor.since, times.write(since))) }
        if let name = cursor.until {
            let far = Timestamp(secondsSinceEpoch: 4_102_444_800)
            let until = segment.until ?? (cursor.needsBoth ? far : nil)
            if let until { parameters.append(Parameter(name, times.write(until))) }
        }
        return parameters
    }

    func batch(after mark: Position.Mark) -> [String] {
        guard case .identifiers(_, _, _, let size) = resource.pagination else { return [] }
        var start = 0
        if case .after(let id) = mark { start = ids.firstIndex { $0 > id } ?? ids.count }
        return Array(ids[start..<min(start + size, ids.count)])
    }

    private static func layout(_ plan: ResourcePlan, _ connection: Connection) -> PageLayout {
        let resource = plan.resource
        return PageLayout(
            records: resource.records, form: resource.form, key: resource.key.map { $0.path },
            created: resource.created?.path, updated: resource.updated?.path, drop: plan.drop,
            envelope: connection.platform.dialect.envelope + marks(of: resource),
            maximumRecordBytes: connection.run.maxRecord)
    }

    /// Members of the answer that tell how the listing goes on.
    private static func marks(of resource: Resource) -> [[String]] {
        switch resource.pagination {
        case .pageNumber(_, _, let total, let pages): [total, pages].compactMap { $0 }
        case .offset(_, _, let total): [total].compactMap { $0 }
        case .cursor(let cursor): [cursor.next, cursor.more].compactMap { $0 }
        case .single, .linkHeader, .identifiers: []
        }
    }

    /// What an answer says at one of those places; nil where it has no such member.
    func mark(_ path: [String], in answer: Answer) -> JSONScalar? {
        guard let index = Self.marks(of: resource).firstIndex(of: path) else { return nil }
        let place = connection.platform.dialect.envelope.count + index
        return place < answer.envelope.count ? answer.envelope[place] : nil
    }

    /// The figure behind the platform's own envelope: how many there are, as the listing itself says.
    func statedTotal(_ answer: Answer) -> Int? {
        answer.text(connection.platform.dialect.envelope.count).flatMap { Int($0) }
    }

    /// The calls whose counts together are the listing's; empty where the platform has none.
    ///
    /// - Parameter until: Another upper bound than the listing's own.
    /// - Returns: One call for each different segment.
    func countCalls(until: Timestamp? = nil) -> [Call] {
        guard let count = resource.count else { return [] }
        let layout = PageLayout(envelope: connection.platform.dialect.envelope + [count.member])
        var different: [Segment] = []
        for segment in segments where !different.contains(segment) { different.append(segment) }
        return different.map { segment in
            var segment = segment
            segment.until = until ?? segment.until
            return Call(
                connection.platform.dialect.listingMethod, count.path,
                parameters: resource.parameters + segment.parameters
                    + (count.takesBounds ? bounds(segment) : []),
                layout: layout, subject: "\(resource.name) (count)")
        }
    }

    /// The passes in which ids are asked for; the first one again at the end, as a record may move meanwhile.
    package var lookupPasses: [[Parameter]] { Self.closed(resource.passes) }

    /// The calls that ask for records by their ids in one pass; empty where the platform cannot.
    package func lookupCalls(_ ids: [String], pass: [Parameter]) -> [Call] {
        guard let lookup = resource.lookup else { return [] }
        return stride(from: 0, to: ids.count, by: lookup.batch).map { start in
            let batch = ids[start..<min(start + lookup.batch, ids.count)]
            var call = call(at: Position())
            call.parameters =
                resource.parameters + pass + [Parameter(lookup.parameter, batch.joined(separator: ","))]
            if case .linkHeader(let limit?) = resource.pagination {
                call.parameters.append(Parameter(limit, String(lookup.batch)))
            }
            if case .offset(let limit, _, _) = resource.pagination {
                call.parameters.append(Parameter(limit, String(lookup.batch)))
            }
            if case .required(let name) = resource.fields {
                call.parameters.append(Parameter(name, plan.requiredFields.joined(separator: ",")))
            } else if case .optional(let name) = resource.fields, let fields = plan.fields {
                call.parameters.append(Parameter(name, fields.joined(separator: ",")))
            }
            return call
        }
    }
}

extension String {
    /// The members of a dotted path.
    var path: [String] { split(separator: ".").map(String.init) }
}

extension PageLayout {
    /// An answer without records.
    package init(envelope: [[String]]) {
        self.init(
            records: nil, form: .array, key: [], created: nil, updated: nil, drop: [], envelope: envelope,
            maximumRecordBytes: 1 << 30)
    }
}
