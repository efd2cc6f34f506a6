/// Reads a document once, walking a `PathTree` along with it; whatever the tree does not name is only validated.
struct DocumentWalk: ~Copyable {
    typealias Cursor = ByteScanner.Cursor

    /// An open container that the tree has something to say about.
    private struct Frame {
        let node: Int
        let isObject: Bool
        let isRecord: Bool
        /// What is cut out ends with this container.
        let endsDrop: Bool
        /// Where the container's text starts.
        let start: Cursor
        /// Nothing was read behind the opening bracket yet.
        var isFresh = true
        /// A member or element was kept, so that a comma stands before the next one.
        var hasKept = false
    }

    private let tree: PathTreeView
    private let form: PageLayout.RecordsForm
    private(set) var scanner: ByteScanner
    var collector: RecordCollector
    private var frames: [Frame] = []
    private var recordStart: Cursor
    private var repairsBefore = 0

    init(
        _ tree: PathTreeView, _ form: PageLayout.RecordsForm, _ collector: consuming RecordCollector,
        start: Cursor, count: Int
    ) {
        self.tree = tree
        self.form = form
        self.collector = collector
        scanner = ByteScanner(start: start, count: count)
        recordStart = start
        frames.reserveCapacity(8)
    }

    /// Reads the whole document; what was captured is in `collector`.
    mutating func run() -> Fault? {
        do throws(Fault) {
            let p = try document(scanner.blank(scanner.start))
            try scanner.finish(p)
            return nil
        } catch {
            scanner.abandonKeeping()
            return error
        }
    }

    /// Reads the whole document and cuts out its blanks and what the tree drops.
    ///
    /// - Returns: Where the rest stands, in bytes from the start of the buffer.
    mutating func compact() throws(Fault) -> Range<Int> {
        let first = scanner.blank(scanner.start)
        scanner.beginKeeping(first)
        let end = try document(first)
        let kept = scanner.endKeeping(end)
        try scanner.finish(end)
        return first - scanner.start..<kept - scanner.start
    }

    private mutating func document(_ first: Cursor) throws(Fault) -> Cursor {
        var p = try begin(0, first, endsDrop: false)
        while let frame = frames.last {
            p = frame.isObject ? try members(p) : try elements(p)
        }
        return p
    }

    /// Reads the value at `p`, or the opening bracket of one that has to be walked.
    private mutating func begin(_ index: Int, _ p: Cursor, endsDrop: Bool) throws(Fault) -> Cursor {
        let isObject = p[0] == Byte.openBrace
        let isArray = p[0] == Byte.openBracket
        let node = tree.nodes + index
        let isRecord = startsRecord(node, isObject: isObject, isArray: isArray, first: p[0])
        if isRecord {
            collector.beginRecord()
            recordStart = p
            repairsBefore = scanner.repairs
            scanner.beginKeeping(p)
        }
        var start = p
        if node.pointee.wantsContainer, scanner.isKeeping {
            scanner.cut(p, p)
            start = scanner.written
        }
        guard isObject && node.pointee.firstEdge >= 0 || isArray && node.pointee.element >= 0 else {
            let end = try scanner.skipValue(p)
            complete(index, start, end, isRecord: isRecord, endsDrop: endsDrop)
            return end
        }
        try scanner.descend(p)
        frames.append(
            Frame(node: index, isObject: isObject, isRecord: isRecord, endsDrop: endsDrop, start: start))
        return p + 1
    }

    /// Whether the value is a record; tells the collector when it should be one and is not.
    private mutating func startsRecord(
        _ node: UnsafePointer<PathTree.Node>, isObject: Bool, isArray: Bool, first: UInt8
    ) -> Bool {
        if node.pointee.isRecord {
            if !isObject { collector.refuseRecord(first) }
            return isObject
        }
        guard node.pointee.isRecords else { return false }
        let isRecord = isObject && form != .array
        collector.foundRecords(first, isRight: isRecord || isArray && form != .object)
        return isRecord
    }

    /// Ends a value: captures it, ends its record and what is cut out with it.
    @inline(__always)
    private mutating func complete(
        _ index: Int, _ start: Cursor, _ end: Cursor, isRecord: Bool, endsDrop: Bool
    ) {
        if tree.nodes[index].firstCapture >= 0 { capture(tree.nodes + index, start, end) }
        if isRecord {
            let kept = scanner.endKeeping(end)
            collector.endRecord(
                recordStart - scanner.start..<kept - scanner.start,
                isRepaired: scanner.repairs > repairsBefore)
        }
        if endsDrop { scanner.endDropping(end) }
    }

    private mutating func capture(_ node: UnsafePointer<PathTree.Node>, _ start: Cursor, _ end: Cursor) {
        var end = end
        if node.pointee.wantsContainer, scanner.isKeeping {
            scanner.cut(end, end)
            end = scanner.written
        }
        let value = UnsafeBufferPointer(start: start, count: end - start)
        var index = node.pointee.firstCapture
        while index >= 0 {
            collector.take(tree.captures[index].capture, value, at: start - scanner.start)
            index = tree.captures[index].next
        }
    }

    /// Ends the innermost container, whose closing bracket stands before `p`.
    private mutating func close(_ p: Cursor) -> Cursor {
        guard let frame = frames.popLast() else { return p }
        scanner.depth -= 1
        complete(frame.node, frame.start, p, isRecord: frame.isRecord, endsDrop: frame.endsDrop)
        return p
    }

    /// Goes on in the innermost container, an object, until it ends or another one opens that has to be walked.
    private mutating func members(_ from: Cursor) throws(Fault) -> Cursor {
        let top = frames.count - 1
        let node = frames[top].node
        let hasDrops = tree.nodes[node].hasDrops
        var isFresh = frames[top].isFresh
        var hasKept = frames[top].hasKept
        frames[top].isFresh = false
        var p = from
        while true {
            p = scanner.blank(p)
            if p[0] == Byte.closeBrace { return close(p + 1) }
            if isFresh { isFresh = false } else { p = try comma(p, isKept: hasKept || !hasDrops) }
            guard p[0] == Byte.quote else { throw scanner.fault(.unexpected, p) }
            let name = p
            var child = -1
            p = ByteScanner.plain(name + 1)
            if p[0] == Byte.quote {
                child = tree.child(node, name + 1, p - name - 1)
                p += 1
            } else {
                p = try scanner.longString(p)
                child = longChild(node, UnsafeBufferPointer(start: name + 1, count: p - name - 2))
            }
            if child < 0 {
                hasKept = true
                p = try scanner.colon(p)
                p = p[0] == Byte.quote ? try scanner.string(p + 1) : try scanner.skipValue(p)
                continue
            }
            let drops = tree.nodes[child].isDropped && scanner.isKeeping
            if drops { scanner.beginDropping(name, afterKept: hasKept) } else { hasKept = true }
            p = try begin(child, try scanner.colon(p), endsDrop: drops)
            if frames.count - 1 > top {
                frames[top].hasKept = hasKept
                return p
            }
        }
    }

    /// Goes on in the innermost container, an array, until it ends or another one opens that has to be walked.
    private mutating func elements(_ from: Cursor) throws(Fault) -> Cursor {
        let top = frames.count - 1
        let node = frames[top].node
        let hasDrops = tree.nodes[node].hasDrops
        let element = tree.nodes[node].element
        let isDropped = tree.nodes[element].isDropped
        var isFresh = frames[top].isFresh
        var hasKept = frames[top].hasKept
        frames[top].isFresh = false
        var p = from
        while true {
            p = scanner.blank(p)
            if p[0] == Byte.closeBracket { return close(p + 1) }
            if isFresh { isFresh = false } else { p = try comma(p, isKept: hasKept || !hasDrops) }
            let drops = isDropped && scanner.isKeeping
            if drops { scanner.beginDropping(p, afterKept: hasKept) } else { hasKept = true }
            p = try begin(element, p, endsDrop: drops)
            if frames.count - 1 > top {
                frames[top].hasKept = hasKept
                return p
            }
        }
    }

    /// Reads the comma between two members or elements; it goes when all those before it were cut out.
    private mutating func comma(_ p: Cursor, isKept: Bool) throws(Fault) -> Cursor {
        guard p[0] == Byte.comma else { throw scanner.fault(.unexpected, p) }
        if !isKept, scanner.isKeeping { scanner.cut(p, p + 1) }
        return scanner.blank(p + 1)
    }

    /// The child by a name that has escapes or is not ASCII.
    private func longChild(_ node: Int, _ name: UnsafeBufferPointer<UInt8>) -> Int {
        guard let base = name.baseAddress else { return -1 }
        guard name.contains(Byte.backslash) else { return tree.child(node, base, name.count) }
        var decoded: [UInt8] = []
        JSONText.decode(name, into: &decoded)
        let count = decoded.count
        decoded += repeatElement(0, count: ByteScanner.padding)
        return decoded.withUnsafeBufferPointer { bytes in
            bytes.baseAddress.map { tree.child(node, $0, count) } ?? -1
        }
    }
}
