/// Prepared page bodies, kept until the data they show changes.
final class PageCache {
    private static let room = 4_294_967_296
    private var pages: [String: [UInt8]] = [:]
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

    func removeAll() {
        pages.removeAll()
        size = 0
    }
}
