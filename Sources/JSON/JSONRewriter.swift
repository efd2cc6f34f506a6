/// Changes a JSON text at some paths and leaves all other bytes as they are.
package enum JSONRewriter {
    /// Replaces the strings at some paths, every duplicate member included, so that what they hold is never stored.
    ///
    /// Whatever else stands there, but null, becomes null: it is never kept.
    /// - Throws: `JSONError` when the text is not valid.
    package static func replaceStrings(
        in bytes: [UInt8], at paths: [JSONPath], with replacement: (String) -> String
    ) throws(JSONError) -> [UInt8] {
        var tree = PathTree()
        for path in paths { tree.add(.edit, at: tree.node(at: path.components)) }
        var copy = bytes
        let edits = try walk(&copy, tree) { (walk) throws(Fault) in
            if let fault = walk.run() { throw fault }
            return walk.collector.edits
        }
        var result: [UInt8] = []
        result.reserveCapacity(copy.count)
        var rest = copy[...]
        for edit in edits {
            result += rest.prefix(upTo: edit.lowerBound)
            let value = copy.withUnsafeBufferPointer {
                JSONText.scalar(UnsafeBufferPointer(rebasing: $0[edit]))
            }
            if case .string(let text) = value {
                JSONText.encode(replacement(text), into: &result)
            } else {
                result += "null".utf8
            }
            rest = rest.suffix(from: edit.upperBound)
        }
        return result + rest
    }

    /// Cuts out what stands at some paths, every duplicate member included, and all insignificant whitespace.
    ///
    /// - Throws: `JSONError` when the text is not valid.
    package static func dropping(_ bytes: [UInt8], paths: [JSONPath]) throws(JSONError) -> [UInt8] {
        var tree = PathTree()
        for path in paths { tree.drop(path) }
        var copy = bytes
        let kept = try walk(&copy, tree) { (walk) throws(Fault) in try walk.compact() }
        return Array(copy[kept])
    }

    private static func walk<R>(
        _ bytes: inout [UInt8], _ tree: PathTree, _ body: (inout DocumentWalk) throws(Fault) -> R
    ) throws(JSONError) -> R {
        let collector = RecordCollector(PageLayout(records: nil))
        let result: Result<R, Fault>? = RecordScanner.withPadding(&bytes) { start, count in
            tree.withView { tree in
                var walk = DocumentWalk(tree, .array, collector, start: start, count: count)
                do throws(Fault) {
                    return .success(try body(&walk))
                } catch {
                    return .failure(error)
                }
            }
        }
        switch result {
        case .success(let value): return value
        case .failure(let fault): throw JSONError(fault)
        case nil: throw JSONError(.syntax, "there is no text")
        }
    }
}
