/// Prepared page bodies, and whole answers that carry one, kept until the data they show changes.
final class PageCache {
    private static let room = 4_294_967_296
    private static let most = 100_000
    private var pages: [String: [UInt8]] = [:]
    private var answers: [String: Response] = [:]
    private var size = 0

    /// The page of that name, made once.
    func page(_ name: String, make: () -> [UInt8]) -> [UInt8] {
        if let page = pages[name] { return page }
        let page = make()
        if size + page.count > Self.room { removeAll() }
        size += page.count
        pages[name] = page
        return page
    }

    /// The answer to a request of that name, made once.
    func answer<Refusal>(
        _ name: String, make: () throws(Refusal) -> Response
    ) throws(Refusal) -> Response {
        if let answer = answers[name] { return answer }
        let answer = try make()
        if answers.count >= Self.most { answers.removeAll() }
        answers[name] = answer
        return answer
    }

    func removeAll() {
        pages.removeAll()
        answers.removeAll()
        size = 0
    }
}
