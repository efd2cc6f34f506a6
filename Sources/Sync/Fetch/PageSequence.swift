import HTTP
import JSON

/// Walks a listing to its end mark. The only place that decides what a page is followed by, and that a listing
/// which repeats itself or brings nothing where more was promised is an error.
struct PageSequence {
    /// What a page means for the walk.
    struct Step {
        /// Where the listing goes on; nil at its end.
        var next: Position?
        /// Record that only joins this page to the one before.
        var skipped: Int?
        /// The rows moved under us: this page is not stored, the walk goes back.
        var isDiscarded = false
    }

    let listing: Listing
    private var visited: Set<String> = []
    private var recent: Set<String> = []
    private var stepsBack = 0
    /// The end was reached although the platform had promised more.
    private(set) var isDoubtful = false
    /// What a listing by page numbers said last about how many records there are.
    private(set) var statedTotal: Int?

    init(_ listing: Listing) { self.listing = listing }

    private var name: String { listing.resource.name }

    /// Reads a page's place in the walk.
    ///
    /// - Parameters:
    ///   - page: Its records.
    ///   - answer: The answer they came in.
    ///   - position: Where it was asked for.
    /// - Returns: What follows.
    /// - Throws: `Problem` with `malformed_response` for a listing that repeats itself.
    mutating func step(
        after page: borrowing ScannedPage, _ answer: Answer, at position: Position
    ) throws(Problem) -> Step {
        switch listing.resource.pagination {
        case .single: return Step(next: following(position))
        case .linkHeader: return try stepByLink(page.count, answer, position)
        case .offset: return try stepByOffset(page, answer, position)
        case .pageNumber: return try stepByNumber(page, answer, position)
        case .identifiers:
            let batch = listing.batch(after: position.mark)
            guard let last = batch.last, last != listing.ids.last else { return Step(next: following(position)) }
            return Step(next: Position(segment: position.segment, mark: .after(last)))
        }
    }

    /// The next segment's start.
    private func following(_ position: Position) -> Position? {
        position.segment + 1 < listing.segments.count ? Position(segment: position.segment + 1) : nil
    }

    private mutating func stepByLink(_ count: Int, _ answer: Answer, _ position: Position) throws(Problem) -> Step {
        let links = answer.headers.all("link").joined(separator: ", ")
        guard let link = LinkHeader.next(in: links) else { return Step(next: following(position)) }
        guard count > 0 else { throw Wording.endlessPage(name) }
        let query = try ownQuery(link)
        guard visited.insert("\(position.segment) \(query)").inserted, position.mark != .link(query) else {
            throw Wording.repeatedCursor(name)
        }
        return Step(next: Position(segment: position.segment, mark: .link(query)))
    }

    /// The query of a link, which must lead to the configured host or to the platform's own.
    private func ownQuery(_ link: String) throws(Problem) -> String {
        if link.hasPrefix("?") { return String(link.dropFirst()) }
        guard let parts = URLParts.parse(link), let query = parts.query else {
            if link.hasPrefix("/"), let mark = link.firstIndex(of: "?") { return String(link[link.index(after: mark)...]) }
            throw Wording.foreignLink(name, host: "an address that cannot be read")
        }
        let own = URLParts.parse(listing.connection.baseURL)?.host
        let standard = URLParts.parse(listing.connection.standardURL)?.host
        guard parts.host == own || parts.host == standard else { throw Wording.foreignLink(name, host: parts.host) }
        return query
    }

    private mutating func stepByOffset(
        _ page: borrowing ScannedPage, _ answer: Answer, _ position: Position
    ) throws(Problem) -> Step {
        var offset = 0
        var anchor: String?
        if case .offset(let value, let id) = position.mark { (offset, anchor) = (value, id) }
        let ids = (0..<page.count).map { index in page.withID(index) { String(decoding: $0, as: UTF8.self) } }
        if offset > 0, let anchor {
            let joins = ids.first.map { $0 == anchor || recent.contains($0) } ?? false
            guard joins else { return try stepBack(offset, anchor, position) }
        }
        let isRepetition = offset > 0 && ids.allSatisfy { recent.contains($0) || $0 == anchor }
        let promised = listing.statedTotal(answer).map { $0 > offset + ids.count } ?? false
        let isFull = ids.count >= listing.plan.limit
        if isRepetition, isFull { throw Wording.repeatedCursor(name) }
        let skipped = anchor != nil && ids.first == anchor ? 0 : nil
        guard let last = ids.last, isFull || (promised && !isRepetition) else {
            if promised { isDoubtful = true }
            if ids.isEmpty, promised { throw Wording.endlessPage(name) }
            recent = []
            return Step(next: following(position), skipped: skipped)
        }
        recent = Set(ids)
        // One row of overlap; a limit of one has no room for it.
        let next = listing.plan.limit > 1 ? offset + ids.count - 1 : offset + ids.count
        let mark = Position.Mark.offset(next, anchor: listing.plan.limit > 1 ? last : nil)
        return Step(next: Position(segment: position.segment, mark: mark), skipped: skipped)
    }

    /// Rows before this page went away while we read, so some may have slipped through between the pages.
    private mutating func stepBack(_ offset: Int, _ anchor: String, _ position: Position) throws(Problem) -> Step {
        stepsBack += 1
        guard stepsBack <= 100 else {
            throw Problem(
                .malformedResponse, "The listing of \(name) keeps moving while it is read.",
                next: "Run it again at a quieter time; nothing was marked deleted.")
        }
        let back = recent.isEmpty ? 0 : max(0, offset - max(1, listing.plan.limit / 2))
        let mark = Position.Mark.offset(back, anchor: back == 0 ? nil : anchor)
        return Step(next: Position(segment: position.segment, mark: mark), isDiscarded: true)
    }

    private mutating func stepByNumber(
        _ page: borrowing ScannedPage, _ answer: Answer, _ position: Position
    ) throws(Problem) -> Step {
        var number = 1
        if case .page(let value) = position.mark { number = value }
        let total = listing.statedTotal(answer)
        statedTotal = total
        guard number * listing.plan.limit < total ?? 0 else {
            recent = []
            return Step(next: following(position))
        }
        guard page.count > 0 else { throw Wording.endlessPage(name) }
        let ids = Set((0..<page.count).map { index in page.withID(index) { String(decoding: $0, as: UTF8.self) } })
        if number > 1, ids == recent { throw Wording.repeatedCursor(name) }
        recent = ids
        return Step(next: Position(segment: position.segment, mark: .page(number + 1)))
    }
}
