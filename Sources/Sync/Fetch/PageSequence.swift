import HTTP
import JSON

/// Walks a listing to its end mark.
///
/// The only place that decides what a page is followed by, and that a listing which repeats itself or
/// brings nothing where more was promised is an error.
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
    private var recent = RecentPage()
    private var stepsBack = 0
    /// The end was reached although the platform had promised more.
    private(set) var isDoubtful = false
    /// What a listing by page numbers said last about how many records there are.
    private(set) var statedTotal: Int?
    /// Why the end may be none: a full page came without the mark that others would follow by.
    private(set) var doubt: Problem?

    init(_ listing: Listing) { self.listing = listing }

    private var name: String { listing.resource.name }

    /// Where a link may lead: the configured host, and the platform's own.
    private lazy var ownHosts = [listing.connection.baseURL, listing.connection.standardURL].compactMap {
        URLParts.parse($0)?.host
    }

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
        case .cursor(let cursor): return try stepByCursor(cursor, page, answer, position)
        case .offset: return try stepByOffset(page, answer, position)
        case .pageNumber: return try stepByNumber(page, answer, position)
        case .identifiers:
            let batch = listing.batch(after: position.mark)
            guard let last = batch.last, last != listing.ids.last else {
                return Step(next: following(position))
            }
            return Step(next: Position(segment: position.segment, mark: .after(last)))
        }
    }

    /// The next segment's start.
    private func following(_ position: Position) -> Position? {
        position.segment + 1 < listing.segments.count ? Position(segment: position.segment + 1) : nil
    }

    private mutating func stepByLink(_ count: Int, _ answer: Answer, _ position: Position) throws(Problem)
        -> Step
    {
        let links = answer.headers.all("link").joined(separator: ", ")
        guard let link = LinkHeader.next(in: links) else {
            if links.isEmpty, case .linkHeader(_?) = listing.resource.pagination {
                suspect(count, position, lacking: "a link header")
            }
            return Step(next: following(position))
        }
        guard count > 0 else { throw Wording.endlessPage(name) }
        let isDeclared = listing.connection.platform.declared != nil
        let query = try isDeclared ? NextLink(link, of: listing, at: position).target() : ownQuery(link)
        guard visited.insert("\(position.segment) \(query)").inserted, position.mark != .link(query) else {
            throw Wording.repeatedCursor(name)
        }
        return Step(next: Position(segment: position.segment, mark: .link(query)))
    }

    /// The query of a link, which must lead to one of `ownHosts`.
    private mutating func ownQuery(_ link: String) throws(Problem) -> String {
        if link.hasPrefix("?") { return String(link.dropFirst()) }
        guard let parts = URLParts.parse(link), let query = parts.query else {
            if link.hasPrefix("/"), !link.hasPrefix("//"), let mark = link.firstIndex(of: "?") {
                return String(link[link.index(after: mark)...])
            }
            throw Wording.foreignLink(name, host: "an address that cannot be read")
        }
        guard ownHosts.contains(parts.host) else {
            throw Wording.foreignLink(name, host: parts.host)
        }
        return query
    }

    /// A first page that is full and alone: whether there is more is not known where nobody counts the records.
    private mutating func suspect(_ count: Int, _ position: Position, lacking mark: String) {
        guard position.mark == .start, count >= listing.plan.limit, listing.resource.count == nil else {
            return
        }
        isDoubtful = true
        doubt = Wording.unmarked(name, count: count, lacking: mark)
    }

    private mutating func stepByCursor(
        _ cursor: BodyCursor, _ page: borrowing ScannedPage, _ answer: Answer, _ position: Position
    ) throws(Problem) -> Step {
        let count = page.count
        if let path = cursor.more {
            guard case .boolean(let hasMore)? = listing.mark(path, in: answer) else {
                throw Wording.missingMark(name, path, "neither true nor false")
            }
            if !hasMore { return Step(next: following(position)) }
            guard count > 0 else { throw Wording.endlessPage(name) }
        }
        var text = count > 0 ? page.id(count - 1) : nil
        if let path = cursor.next {
            let mark = listing.mark(path, in: answer)
            if case .container? = mark { throw Wording.missingMark(name, path, "an object or a list") }
            text = mark?.text.flatMap { $0.isEmpty ? nil : $0 }
            if mark == nil { suspect(count, position, lacking: "'\(path.joined(separator: "."))'") }
            if text == nil, cursor.more != nil { throw Wording.missingMark(name, path, "empty") }
        }
        guard let text else { return Step(next: following(position)) }
        guard count > 0 else { throw Wording.endlessPage(name) }
        guard visited.insert("\(position.segment) \(text)").inserted, position.mark != .cursor(text) else {
            throw Wording.repeatedCursor(name)
        }
        return Step(next: Position(segment: position.segment, mark: .cursor(text)))
    }

    private mutating func stepByOffset(
        _ page: borrowing ScannedPage, _ answer: Answer, _ position: Position
    ) throws(Problem) -> Step {
        var offset = 0
        var anchor: String?
        if case .offset(let value, let id) = position.mark { (offset, anchor) = (value, id) }
        let count = page.count
        let first = count > 0 ? page.id(0) : nil
        let joins = first != nil && first == anchor
        let isFull = count >= listing.plan.limit
        var bringsNew = count > (joins ? 1 : 0)
        if offset > 0, !joins {
            // The usual page begins with the row that ended the one before. This one does not: rows moved.
            if anchor != nil {
                guard let first, recent.contains(first) else { return try stepBack(offset, position) }
            }
            bringsNew = (0..<count).contains { !recent.contains(page.id($0)) }
        }
        if !bringsNew, offset > 0, isFull { throw Wording.repeatedCursor(name) }
        let promised = listing.statedTotal(answer).map { $0 > offset + count } ?? false
        // A round number of rows may be the most that the platform gives at a time: one more look tells.
        let mayBeCut = bringsNew && (isUncounted || count >= 50 && count.isMultiple(of: 50))
        guard count > 0, isFull || mayBeCut || (promised && (bringsNew || offset == 0)) else {
            if promised { isDoubtful = true }
            if count == 0, promised { throw Wording.endlessPage(name) }
            recent = RecentPage()
            return Step(next: following(position), skipped: joins ? 0 : nil)
        }
        recent = RecentPage(copy page)
        // One row of overlap; a limit of one has no room for it.
        let overlaps = listing.plan.limit > 1
        let mark = Position.Mark.offset(
            overlaps ? offset + count - 1 : offset + count, anchor: overlaps ? page.id(count - 1) : nil)
        return Step(next: Position(segment: position.segment, mark: mark), skipped: joins ? 0 : nil)
    }

    /// Whether an offset listing never says how many rows it has, so that any page may be as many as are given at a time.
    private var isUncounted: Bool {
        if case .offset(_, _, nil) = listing.resource.pagination { true } else { false }
    }

    /// Rows before this page went away while we read, so some may have slipped through between the pages.
    private mutating func stepBack(_ offset: Int, _ position: Position) throws(Problem) -> Step {
        stepsBack += 1
        guard stepsBack <= 100 else {
            throw Problem(
                .malformedResponse, "The listing of \(name) keeps moving while it is read.",
                next: "Run it again at a quieter time; nothing was marked deleted.")
        }
        var anchor: String?
        if case .offset(_, let id) = position.mark { anchor = id }
        let back = recent.isEmpty ? 0 : max(0, offset - max(1, listing.plan.limit / 2))
        let mark = Position.Mark.offset(back, anchor: back == 0 ? nil : anchor)
        return Step(next: Position(segment: position.segment, mark: mark), isDiscarded: true)
    }

    private mutating func stepByNumber(
        _ page: borrowing ScannedPage, _ answer: Answer, _ position: Position
    ) throws(Problem) -> Step {
        var number = 1
        if case .page(let value) = position.mark { number = value }
        guard case .pageNumber(_, let size, let totalPath, let pagesPath) = listing.resource.pagination else {
            return Step(next: following(position))
        }
        let limit = listing.plan.limit
        let count = page.count
        let total = try figure(totalPath, answer)
        let pages = try figure(pagesPath, answer)
        statedTotal = total
        let isLast: Bool
        if let pages {
            isLast = number >= pages
        } else if let total, size != nil {
            if number == 1, count > 0, count < min(limit, total) {
                throw Wording.cappedPage(name, count: count, limit: limit)
            }
            isLast = number > total / limit || number * limit >= total
        } else {
            isLast = count == 0
        }
        guard !isLast else {
            recent = RecentPage()
            return Step(next: following(position))
        }
        guard page.count > 0 else { throw Wording.endlessPage(name) }
        if number > 1, page.count == recent.count,
            (0..<page.count).allSatisfy({ recent.contains(page.id($0)) })
        {
            throw Wording.repeatedCursor(name)
        }
        recent = RecentPage(copy page)
        return Step(next: Position(segment: position.segment, mark: .page(number + 1)))
    }

    /// A number that every page has to tell; nil where none is declared.
    private func figure(_ path: [String]?, _ answer: Answer) throws(Problem) -> Int? {
        guard let path else { return nil }
        guard let text = listing.mark(path, in: answer)?.text, let number = Int(text), number >= 0 else {
            throw Wording.missingMark(name, path, "no whole number")
        }
        return number
    }
}

/// The page before, kept to tell whether the next one joins it.
///
/// Its ids are only looked at when it does not.
private struct RecentPage {
    private var page: ScannedPage?
    private var ids: Set<String>?

    init(_ page: ScannedPage? = nil) { self.page = page }

    var isEmpty: Bool { page == nil }
    var count: Int { page?.count ?? 0 }

    mutating func contains(_ id: String) -> Bool {
        guard let page else { return false }
        let known = ids ?? Set((0..<page.count).map { page.id($0) })
        ids = known
        return known.contains(id)
    }
}

extension ScannedPage {
    /// A record's key as text.
    package func id(_ index: Int) -> String { withID(index) { String(decoding: $0, as: UTF8.self) } }
}
