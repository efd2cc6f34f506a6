/// One place in which two JSON documents differ, by their exact digits and bytes.
package struct JSONDifference: Sendable, Equatable {
    package enum Kind: String, Sendable { case added, removed, changed, moved }

    /// `$.line_items[0].price`; of what was removed the place where it stood, of everything else the place it has now.
    package var path: String
    package var kind: Kind
    /// What stood there; the index it had, for an element that moved.
    package var old: JSONValue?
    /// What stands there now; the index it has, for an element that moved.
    package var new: JSONValue?

    /// Compares two documents.
    ///
    /// - Parameters:
    ///   - old: The one before.
    ///   - new: The one now.
    ///   - limit: How many differences are named.
    /// - Returns: The differences in the order of the documents, and how many more there are.
    package static func all(
        from old: JSONValue, to new: JSONValue, limit: Int = 200
    ) -> (named: [JSONDifference], more: Int) {
        var comparison = Comparison(limit: limit)
        comparison.compare(old, new, at: "$")
        return (comparison.found, comparison.more)
    }
}

/// The walk over two documents at once; as deep as the scanner lets them be.
private struct Comparison {
    let limit: Int
    var found: [JSONDifference] = []
    var more = 0

    mutating func compare(_ old: JSONValue, _ new: JSONValue, at path: String) {
        switch (old, new) {
        case (.object(let left), .object(let right)): compareMembers(left, right, at: path)
        case (.array(let left), .array(let right)): compareElements(left, right, at: path)
        default:
            if JSONWriter.bytes(old) != JSONWriter.bytes(new) { note(path, .changed, old, new) }
        }
    }

    private mutating func note(
        _ path: String, _ kind: JSONDifference.Kind, _ old: JSONValue?, _ new: JSONValue?
    ) {
        guard found.count < limit else { return more += 1 }
        found.append(JSONDifference(path: path, kind: kind, old: old, new: new))
    }

    /// By name; members that share one are taken in their order.
    private mutating func compareMembers(
        _ old: [(key: String, value: JSONValue)], _ new: [(key: String, value: JSONValue)], at path: String
    ) {
        var places: [[UInt8]: [Int]] = [:]
        for index in new.indices.reversed() { places[Array(new[index].key.utf8), default: []].append(index) }
        var isPaired = Array(repeating: false, count: new.count)
        for (key, value) in old {
            let place = path + Self.step(key)
            if let index = places[Array(key.utf8)]?.popLast() {
                isPaired[index] = true
                compare(value, new[index].value, at: place)
            } else {
                note(place, .removed, value, nil)
            }
        }
        for (index, member) in new.enumerated() where !isPaired[index] {
            note(path + Self.step(member.key), .added, nil, member.value)
        }
    }

    private static func step(_ name: String) -> Substring { JSONPath(.member(name)).description.dropFirst() }

    /// Equal elements belong together, then those with the same `id`, then the others in their order.
    private mutating func compareElements(_ old: [JSONValue], _ new: [JSONValue], at path: String) {
        let (left, right) = (old.map { JSONWriter.bytes($0) }, new.map { JSONWriter.bytes($0) })
        let head = zip(left, right).prefix { $0 == $1 }.count
        let tail = zip(left.dropFirst(head).reversed(), right.dropFirst(head).reversed()).prefix { $0 == $1 }
            .count
        var before = Array(head..<left.count - tail)
        var after = Array(head..<right.count - tail)
        let same = Self.pair(&before, &after, { left[$0] }, { right[$0] })
        let known = Self.pair(&before, &after, { Self.id(old[$0]) }, { Self.id(new[$0]) })
        var last = -1
        for (from, to) in (same + known).sorted(by: { $0.to < $1.to }) {
            // An element that others pushed along has not moved.
            if from < last { note("\(path)[\(to)]", .moved, .int(from), .int(to)) }
            last = max(last, from)
        }
        for (from, to) in (known + zip(before, after).map { ($0, $1) }).sorted(by: { $0.1 < $1.1 }) {
            compare(old[from], new[to], at: "\(path)[\(to)]")
        }
        for index in before.dropFirst(after.count) { note("\(path)[\(index)]", .removed, old[index], nil) }
        for index in after.dropFirst(before.count) { note("\(path)[\(index)]", .added, nil, new[index]) }
    }

    /// Takes out of both lists what has the same mark.
    private static func pair(
        _ before: inout [Int], _ after: inout [Int], _ old: (Int) -> [UInt8]?, _ new: (Int) -> [UInt8]?
    ) -> [(from: Int, to: Int)] {
        var places: [[UInt8]: [Int]] = [:]
        for index in before.reversed() {
            if let mark = old(index) { places[mark, default: []].append(index) }
        }
        var pairs: [(from: Int, to: Int)] = []
        for index in after {
            if let mark = new(index), let from = places[mark]?.popLast() { pairs.append((from, index)) }
        }
        let (taken, given) = (Set(pairs.map(\.from)), Set(pairs.map(\.to)))
        before.removeAll { taken.contains($0) }
        after.removeAll { given.contains($0) }
        return pairs
    }

    private static func id(_ element: JSONValue) -> [UInt8]? {
        switch element["id"] {
        case .string(let text)?, .number(let text)?: Array(text.utf8)
        default: nil
        }
    }
}
