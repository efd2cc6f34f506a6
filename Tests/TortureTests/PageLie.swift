import HTTP
import Synchronization

/// How a platform can be wrong about a listing under status 200, without any error to be seen.
enum PageLie: String, CaseIterable, Sendable {
    /// The second page is left out; the listing goes on with the third.
    case droppedPage = "a page in the middle is dropped"
    /// The second page is the first one once more, and the listing goes on behind the second.
    case repeatedPage = "a page comes twice"
    /// The second page is empty and the last.
    case emptyEnd = "an empty page ends the listing early"
    /// The first page is the last.
    case firstIsLast = "the first page ends the listing"
    /// The first page is empty and the last.
    case nothing = "the listing is empty"
    /// The count is off by one the first time it is asked, and by two the second time.
    case movingCount = "the count is another one each time"

    typealias Told = (Int, [(name: String, value: String)], String)

    /// What to answer; nil for the truth.
    func told(isForever: Bool) -> (
        @Sendable (HTTPRequest, ShopTruth, ShopServer) -> Told?
    ) {
        let told = Counter()
        return { request, truth, server in
            guard isListing(request), !isLookup(request) else { return nil }
            if isCount(request) { return miscount(told, server) }
            guard let answer = page(request, truth, server) else { return nil }
            let isFirst = told.next() == 1
            return isForever || isFirst ? answer : nil
        }
    }

    private func isListing(_ request: HTTPRequest) -> Bool {
        !request.url.contains("login_company") && !request.url.contains("shop.json")
    }

    private func isLookup(_ request: HTTPRequest) -> Bool {
        form(request).contains("-in=") || form(request).contains("ids=")
    }

    private func isCount(_ request: HTTPRequest) -> Bool {
        request.url.contains("/count")
    }

    private func form(_ request: HTTPRequest) -> String {
        request.body.map { String(decoding: $0, as: UTF8.self) } ?? request.url
    }

    private func miscount(_ told: Counter, _ server: ShopServer) -> Told? {
        guard self == .movingCount else { return nil }
        let count = 1000 + told.next()
        return (
            200, [],
            server.kind.isNextEngine
                ? "{\"result\":\"success\",\"count\":\"\(count)\"}" : "{\"count\":\(count)}"
        )
    }

    private func page(_ request: HTTPRequest, _ truth: ShopTruth, _ server: ShopServer) -> Told? {
        let isLater = form(request).contains("page_info") || offset(request) > 0
        let honest = server.answer(request, truth)
        let empty =
            server.kind.isNextEngine
            ? "{\"result\":\"success\",\"count\":\"0\",\"data\":[]}" : "{\"\(server.kind.rawValue)\":[]}"
        switch self {
        case .movingCount: return nil
        case .nothing: return isLater ? nil : (200, [], empty)
        case .emptyEnd: return isLater ? (200, [], empty) : nil
        case .firstIsLast:
            guard !isLater else { return nil }
            // Half a page: for Next Engine a page that is not full is the end mark.
            let half = server.answer(changed(request, "limit", 3), truth)
            return (
                200, [],
                server.kind.isNextEngine
                    ? half.body.replacing("\"count\":\"\(truth.live.count)\"", with: "\"count\":\"3\"")
                    : honest.body
            )
        case .droppedPage:
            guard isLater else { return nil }
            guard server.kind.isNextEngine else { return following(honest, request, truth, server) }
            return server.answer(changed(request, "offset", offset(request) + 5), truth)
        case .repeatedPage:
            guard isLater else { return nil }
            if server.kind.isNextEngine { return server.answer(changed(request, "offset", 0), truth) }
            var first = request
            first.url = String(request.url.split(separator: "?")[0]) + "?limit=6" + kept(request)
            return (200, honest.headers, server.answer(first, truth).body)
        }
    }

    /// The page behind this one, as if this one were not there.
    private func following(_ page: Told, _ request: HTTPRequest, _ truth: ShopTruth, _ server: ShopServer)
        -> Told
    {
        guard let link = page.1.first(where: { $0.name == "Link" })?.value else {
            return (200, [], "{\"\(server.kind.rawValue)\":[]}")
        }
        var next = request
        next.url = String(link.dropFirst().prefix { $0 != ">" })
        return server.answer(next, truth)
    }

    private func kept(_ request: HTTPRequest) -> String {
        let marks =
            request.url.split(separator: "page_info=").last?.replacing("%7E", with: "~").split(
                separator: "~", omittingEmptySubsequences: false
            ).map(String.init) ?? []
        guard marks.count == 4 else { return "" }
        return (marks[1].isEmpty ? "" : "&updated_at_min=\(marks[1])") + "&hidden_order=\(marks[3])"
    }

    private func offset(_ request: HTTPRequest) -> Int {
        let text = form(request).split(separator: "&").first { $0.hasPrefix("offset=") }
        return text.flatMap { Int($0.dropFirst(7)) } ?? 0
    }

    private func changed(_ request: HTTPRequest, _ name: String, _ value: Int) -> HTTPRequest {
        var request = request
        guard let body = request.body else { return request }
        let pairs = String(decoding: body, as: UTF8.self).split(separator: "&").map {
            $0.hasPrefix("\(name)=") ? "\(name)=\(value)" : String($0)
        }
        request.body = Array(pairs.joined(separator: "&").utf8)
        return request
    }
}

/// Counts calls from any thread.
private final class Counter: Sendable {
    private let count = Mutex(0)

    func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}
