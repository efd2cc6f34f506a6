import Foundation
import JSON
import Testing

struct DamageTests {
    static let page = Array(
        #"""
        {"result":"success", "token":"abc\u00e9", "data":[
         {"id":1, "t":"日本語 \ud83d\ude00 \"x\" plain text that is long", "n":-1.5e+10, "l":[{"p":[1,{}], "q":2}, [], {}]},
         {"id":"2", "t":null, "drop me":{"a":[true,false]}, "u":"2026-01-01", "l":[{"q":"é", "p":0}]}
        ], "p":{"total":2, "x":"\ud800"}}
        """#.utf8)

    static func layout() throws -> PageLayout {
        PageLayout(
            records: ["data"], key: [["id"]], updated: ["u"],
            drop: [try JSONPath("$['drop me']"), try JSONPath("$.l[*].p")],
            envelope: [["token"], ["p"], ["p", "total"]])
    }

    @Test func `the page these tests damage is a good one`() throws {
        let page = ScannedRecords(try RecordScanner.scan(Self.page, layout: try Self.layout()))
        #expect(page.ids == ["1", "2"])
        #expect(page.payloads.last == #"{"id":"2","t":null,"u":"2026-01-01","l":[{"q":"é"}]}"#)
    }

    @Test func `a page cut off at any byte is refused, and its token is kept once it was whole`() throws {
        let layout = try Self.layout()
        let tokenEnd = try #require(String(decoding: Self.page, as: UTF8.self).range(of: #"abc\u00e9""#))
        let whole = String(decoding: Self.page, as: UTF8.self)[..<tokenEnd.upperBound].utf8.count
        for count in 0..<Self.page.count {
            let part = Array(Self.page.prefix(count))
            do throws(JSONError) {
                _ = try RecordScanner.scan(part, layout: layout)
                Issue.record("accepted at \(count)")
            } catch {
                #expect(error.kind == .syntax)
                #expect(error.envelope.first == (count < whole ? .some(nil) : .some(.string("abcé"))))
            }
            #expect(throws: JSONError.self) { try JSONValue.parse(part) }
            #expect(RecordScanner.salvage(part, names: ["token"])["token"] == (count < whole ? nil : "abcé"))
        }
    }

    @Test func `thousands of random damages never crash, and what is accepted is JSON`() throws {
        var random = SplitMix(state: 20_261_120)
        let layout = try Self.layout()
        let paths = [try JSONPath("$.data[*].l[*].q"), try JSONPath("$.p")]
        var accepted = 0
        for _ in 0..<4_000 {
            var bytes = Self.page
            for _ in 0..<Int.random(in: 1...3, using: &random) { damage(&bytes, using: &random) }
            let value = try? JSONValue.parse(bytes)
            #expect(isAccepted(bytes) == (value != nil))
            let rewritten = try? JSONRewriter.replaceStrings(in: bytes, at: paths) { _ in "hash" }
            #expect((rewritten != nil) == (value != nil))
            let cleaned = try? JSONRewriter.dropping(bytes, paths: paths)
            #expect((cleaned != nil) == (value != nil))
            _ = RecordScanner.salvage(bytes, names: ["token", "t"])
            let page = try? RecordScanner.scan(bytes, layout: layout)
            guard let value else {
                #expect(page == nil)
                continue
            }
            accepted += 1
            #expect(rewritten.map(isAccepted) == true)
            // The cut-out text is the same tree without what was dropped.
            let kept = try JSONValue.parse(try #require(cleaned))
            #expect(kept == value.without(paths))
            guard let page else { continue }
            let records = value["data"]?.arrayValue ?? []
            #expect(page.count == records.count)
            for (index, record) in records.enumerated() {
                let payload = try JSONValue.parse(page.withPayload(index) { Array($0) })
                #expect(payload == record.without([try JSONPath("$['drop me']"), try JSONPath("$.l[*].p")]))
            }
        }
        print("damaged pages accepted:", accepted)
        #expect(accepted > 200)
    }

    @Test func `what Foundation refuses is refused`() throws {
        var random = SplitMix(state: 7)
        for _ in 0..<1_000 {
            var bytes = Self.page
            damage(&bytes, using: &random)
            // Foundation is laxer about bytes beyond ASCII and refuses numbers that no Double holds, lone
            // surrogates and long integers; so only plain texts are compared.
            guard !String(decoding: bytes, as: UTF8.self).contains(#"\u"#), bytes.allSatisfy({ $0 < 0x80 })
            else { continue }
            let isAcceptable = (try? JSONSerialization.jsonObject(with: Data(bytes))) != nil
            #expect(isAccepted(bytes) == isAcceptable)
        }
    }

    private func damage(_ bytes: inout [UInt8], using random: inout SplitMix) {
        let signs = Array(#"{}[]",:\ 0-.eEtfnu"#.utf8) + [0, 0x0A, 0x80, 0xC3, 0xED, 0xF4, 0xFF]
        let place = Int.random(in: 0..<max(bytes.count, 1), using: &random)
        guard bytes.indices.contains(place) else { return }
        switch Int.random(in: 0..<6, using: &random) {
        case 0: bytes[place] = signs[Int.random(in: signs.indices, using: &random)]
        case 1: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 2: bytes.insert(signs[Int.random(in: signs.indices, using: &random)], at: place)
        case 3: bytes.remove(at: place)
        case 4:
            let other = Int.random(in: bytes.indices, using: &random)
            bytes.swapAt(place, other)
        default:
            let end = min(bytes.count, place + Int.random(in: 1...20, using: &random))
            bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: bytes.indices, using: &random))
        }
    }
}

/// A seeded generator, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension JSONValue {
    /// The value without what stands at some paths: the slow and obvious way.
    func without(_ paths: [JSONPath]) -> JSONValue { without(paths.map { $0.components[...] }) }

    private func without(_ paths: [ArraySlice<JSONPath.Component>]) -> JSONValue {
        /// The rest of the paths that begin with a component; nil when one of them ends there.
        func below(_ component: JSONPath.Component) -> [ArraySlice<JSONPath.Component>]? {
            let rest = paths.filter { $0.first == component }.map { $0.dropFirst() }
            return rest.contains { $0.isEmpty } ? nil : rest
        }
        switch self {
        case .array(let elements):
            return .array(below(.everyElement).map { rest in elements.map { $0.without(rest) } } ?? [])
        case .object(let members):
            return .object(
                members.compactMap { key, value in
                    below(.member(key)).map { (key, value.without($0)) }
                })
        default: return self
        }
    }
}
