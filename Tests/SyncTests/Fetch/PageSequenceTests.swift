import HTTP
import JSON
import SyncTestSupport
import Testing

@testable import Sync

struct PageSequenceTests {
    /// What a walk over a listing brought.
    private struct Walk {
        var ids: [String] = []
        var pages = 0
        var discarded = 0
        var isDoubtful = false
    }

    private let now = Timestamp("2026-11-20T03:00:00Z") ?? Timestamp(secondsSinceEpoch: 0)

    private func listing(
        _ pages: Pagination, limit: Int = 3, passes: [[Parameter]] = [[]], ids: [String] = []
    ) throws -> Listing {
        let platform = Sample.platform(pages: pages, limit: limit, passes: passes)
        let connection = try Sample.connection(platform)
        return Listing(
            of: connection.plan(of: platform.resources[0]), connection: connection, since: nil, until: nil,
            now: now,
            kind: .full, ids: ids)
    }

    /// Walks until the listing ends; `serve` gives every page, knowing how many were asked for before.
    private func walk(_ listing: Listing, _ serve: (Call, Int) throws -> Answer) throws -> Walk {
        var sequence = PageSequence(listing)
        var position: Position? = Position()
        var walk = Walk()
        while let current = position {
            let answer = try serve(listing.call(at: current), walk.pages)
            let page = try answer.page.get()
            let step = try sequence.step(after: page, answer, at: current)
            walk.pages += 1
            try #require(walk.pages < 300, "the walk does not end")
            if step.isDiscarded {
                walk.discarded += 1
            } else {
                walk.ids += (0..<page.count).filter { $0 != step.skipped }.map { page.id($0) }
            }
            // What is stored of a place must lead on like the place itself.
            position = step.next.flatMap { Position(text: $0.text) }
        }
        walk.isDoubtful = sequence.isDoubtful
        return walk
    }

    private func problem(_ body: () throws -> Void) -> Problem? {
        do {
            try body()
            return nil
        } catch {
            return error as? Problem
        }
    }

    private func number(_ call: Call, _ name: String) -> Int {
        call.parameters.last { $0.name == name }.flatMap { Int($0.value) } ?? -1
    }

    // MARK: Offsets

    /// Rows of a table that is served by offset and limit.
    private func rows(_ ids: [String], _ call: Call, total: Bool = true) throws -> Answer {
        let start = min(number(call, "offset"), ids.count)
        let end = min(start + number(call, "limit"), ids.count)
        return Sample.answer(try Sample.page(Array(ids[start..<end])), total: total ? "\(ids.count)" : nil)
    }

    private let offsets = Pagination.offset(limit: "limit", offset: "offset")
    private func ids(_ range: ClosedRange<Int>) -> [String] { range.map { "r\($0 + 1000)" } }

    @Test(arguments: [0, 1, 2, 3, 4, 5, 6, 7, 20], [true, false])
    func `rows by offset come once each, whatever their number`(count: Int, hasTotal: Bool) throws {
        let all = count == 0 ? [] : ids(1...count)
        let walk = try walk(listing(offsets)) { call, _ in try rows(all, call, total: hasTotal) }
        #expect(walk.ids == all)
        #expect(walk.discarded == 0)
        #expect(!walk.isDoubtful)
    }

    @Test func `pages overlap by one row, which is not counted twice`() throws {
        var starts: [Int] = []
        _ = try walk(listing(offsets, limit: 4)) { call, _ in
            starts.append(number(call, "offset"))
            return try rows(ids(1...12), call)
        }
        #expect(starts == [0, 3, 6, 9])
    }

    @Test(arguments: 1...6)
    func `rows that vanish between pages hide none of the others`(page: Int) throws {
        let all = ids(1...20)
        let walk = try walk(listing(offsets, limit: 5)) { call, asked in
            // Rows of pages that were read already go away, so that all others move up.
            try rows(asked < page ? all : Array(all.dropFirst(3)), call)
        }
        #expect(Set(walk.ids) == Set(all))
        #expect(walk.discarded > 0 || page > 4)
    }

    @Test(arguments: 1...6)
    func `rows that appear between pages hide none of the others`(page: Int) throws {
        let all = ids(1...20)
        let walk = try walk(listing(offsets, limit: 5)) { call, asked in
            try rows(asked < page ? all : ["a1", "a2"] + all, call)
        }
        #expect(Set(walk.ids).isSuperset(of: all))
    }

    @Test func `a listing that never stands still is given up`() throws {
        var generation = 0
        let found = problem {
            _ = try walk(listing(offsets, limit: 3)) { call, _ in
                generation += 10
                return try rows(ids(generation...(generation + 500)), call)
            }
        }
        #expect(found?.code == .malformedResponse)
    }

    @Test func `a page that repeats itself is an error`() throws {
        let found = problem {
            _ = try walk(listing(offsets)) { _, _ in
                Sample.answer(try Sample.page(["a", "b", "c"]), total: "9")
            }
        }
        #expect(found?.code == .malformedResponse)
    }

    @Test func `an empty page where more was promised is an error, otherwise it is the end`() throws {
        let found = problem {
            _ = try walk(listing(offsets)) { _, _ in Sample.answer(try Sample.page([]), total: "9") }
        }
        #expect(found?.code == .malformedResponse)
        #expect(found?.message.contains("empty page") == true)
        #expect(
            try walk(listing(offsets)) { _, _ in Sample.answer(try Sample.page([]), total: "0") }.ids.isEmpty)
    }

    // MARK: Links

    private let links = Pagination.linkHeader(limit: "limit")

    private func linked(_ ids: [String], next: String?) throws -> Answer {
        Sample.answer(
            try Sample.page(ids),
            headers: next.map {
                [("Link", "<\($0)>; rel=\"next\", <https://sample.example/items?x=0>; rel=\"previous\"")]
            } ?? [])
    }

    @Test func `links are followed to the page without one`() throws {
        var queries: [String?] = []
        let walk = try walk(listing(links)) { call, asked in
            queries.append(call.query)
            return try linked(
                ["p\(asked)"], next: asked < 3 ? "https://sample.example/items?page=\(asked + 1)&x=%2B" : nil)
        }
        #expect(walk.ids == ["p0", "p1", "p2", "p3"])
        #expect(queries == [nil, "page=1&x=%2B", "page=2&x=%2B", "page=3&x=%2B"])
    }

    @Test(arguments: ["?page=1", "/items?page=1", "https://sample.example:443/other?page=1"])
    func `a link may be relative or name the platform's own host`(link: String) throws {
        var query: String?
        _ = try walk(listing(links)) { call, asked in
            query = call.query
            return try linked(["p\(asked)"], next: asked == 0 ? link : nil)
        }
        #expect(query == "page=1")
    }

    @Test(arguments: [
        "https://elsewhere.example/items?page=1", "//elsewhere.example/items?page=1",
        "https://sample.example.evil.example/?a=1",
    ])
    func `a link to another host is never followed`(link: String) throws {
        var asked = 0
        let found = problem {
            _ = try walk(listing(links)) { call, _ in
                asked += 1
                #expect(call.path == "items")
                return try linked(["a"], next: asked == 1 ? link : nil)
            }
        }
        #expect(found?.code == .malformedResponse)
    }

    @Test func `a link that was followed before is an error`() throws {
        let pages = ["a=1", "a=2", "a=1"]
        let found = problem {
            _ = try walk(listing(links)) { _, asked in
                try linked(["p\(asked)"], next: "https://sample.example/items?\(pages[min(asked, 2)])")
            }
        }
        #expect(found?.code == .malformedResponse)
        #expect(found?.message.contains("repeats itself") == true)
    }

    @Test func `an empty page with a link to more is an error, a short one is not`() throws {
        let found = problem {
            _ = try walk(listing(links)) { _, asked in
                try linked(asked == 1 ? [] : ["a"], next: "https://sample.example/items?a=\(asked)")
            }
        }
        #expect(found?.message.contains("empty page") == true)
        let short = try walk(listing(links, limit: 100)) { _, asked in
            try linked(["p\(asked)"], next: asked < 2 ? "https://sample.example/items?a=\(asked)" : nil)
        }
        #expect(short.ids == ["p0", "p1", "p2"])
    }

    // MARK: Page numbers

    private let numbers = Pagination.pageNumber(page: "page", size: "size", total: ["total"])

    @Test(arguments: [0, 1, 3, 4, 9, 10])
    func `page numbers go on until the total is reached`(count: Int) throws {
        let all = count == 0 ? [] : ids(1...count)
        let walk = try walk(listing(numbers)) { call, _ in
            let start = (number(call, "page") - 1) * number(call, "size")
            return Sample.answer(
                try Sample.page(Array(all.dropFirst(start).prefix(number(call, "size")))), total: "\(count)")
        }
        #expect(walk.ids == all)
        #expect(walk.pages == max(1, (count + 2) / 3))
    }

    @Test func `a numbered page that is empty or repeats the one before is an error`() throws {
        let empty = problem {
            _ = try walk(listing(numbers)) { _, asked in
                Sample.answer(try Sample.page(asked == 0 ? ["a", "b", "c"] : []), total: "9")
            }
        }
        #expect(empty?.code == .malformedResponse)
        let repeated = problem {
            _ = try walk(listing(numbers)) { _, _ in
                Sample.answer(try Sample.page(["a", "b", "c"]), total: "9")
            }
        }
        #expect(repeated?.code == .malformedResponse)
    }

    // MARK: The rest

    @Test func `a single page is one call for each part`() throws {
        var asked: [String] = []
        let passes = [[Parameter("hidden", "no")], [Parameter("hidden", "yes")]]
        let walk = try walk(listing(.single, passes: passes)) { call, _ in
            asked.append(call.parameters.first { $0.name == "hidden" }?.value ?? "")
            return Sample.answer(try Sample.page(["x\(asked.count)"]))
        }
        // The first one comes again at the end, for what moved meanwhile.
        #expect(asked == ["no", "yes", "no"])
        #expect(walk.ids == ["x1", "x2", "x3"])
    }

    @Test func `the parts of a listing are walked one after the other, each from its start`() throws {
        var asked: [String] = []
        let passes = [[Parameter("part", "a")], [Parameter("part", "b")]]
        let walk = try walk(listing(offsets, passes: passes)) { call, _ in
            let part = call.parameters.first { $0.name == "part" }?.value ?? ""
            asked.append("\(part)\(number(call, "offset"))")
            return try rows(["1", "2", "3", "4"].map { "\(part)\($0)" }, call)
        }
        #expect(asked == ["a0", "a2", "b0", "b2", "a0", "a2"])
        #expect(walk.ids == ["a1", "a2", "a3", "a4", "b1", "b2", "b3", "b4", "a1", "a2", "a3", "a4"])
    }

    @Test func `ids of another resource are asked for in batches`() throws {
        let pages = Pagination.identifiers(parameter: "ids", from: "items", path: "id", batch: 2)
        var asked: [String] = []
        let walk = try walk(listing(pages, ids: ["a", "b", "c", "d", "e"])) { call, _ in
            let batch = call.parameters.first { $0.name == "ids" }?.value ?? ""
            asked.append(batch)
            return Sample.answer(try Sample.page(batch.split(separator: ",").map(String.init)))
        }
        #expect(asked == ["a,b", "c,d", "e"])
        #expect(walk.ids == ["a", "b", "c", "d", "e"])
    }
}
