/// All the places of a document that matter, merged into one tree that the scan walks along with the input.
///
/// Nodes, edges and captures refer to each other by index; -1 is none.
struct PathTree: Sendable {
    enum Capture: Sendable, Hashable {
        case key(Int)
        case created, updated
        case envelope(Int)
        /// A value that is to be replaced.
        case edit
    }

    struct Node: Sendable {
        /// The first of the edges to named members.
        var firstEdge = -1
        /// The node of every element, when the value is an array.
        var element = -1
        var firstCapture = -1
        /// The lengths that the names of the edges have: bit n for n bytes, bit 63 for 63 and more.
        var lengths: UInt64 = 0
        /// The value holds the records.
        var isRecords = false
        /// The value is an element of the records.
        var isRecord = false
        var isDropped = false
        /// A member or element directly below is dropped.
        var hasDrops = false
        /// The text of a container at this place is wanted.
        var wantsContainer = false
    }

    struct Edge: Sendable {
        /// The first bytes of the name, up to eight.
        let head: UInt64
        /// The bits of `head` that count.
        let mask: UInt64
        /// Where the name stands in `names`.
        let name: Int
        let count: Int
        let child: Int
        let next: Int
    }

    private(set) var nodes = [Node()]
    private(set) var edges: [Edge] = []
    private(set) var captures: [(capture: Capture, next: Int)] = []
    private(set) var names: [UInt8] = []

    /// The node at a path below another one, which is made when it is new.
    mutating func node(at path: some Sequence<JSONPath.Component>, below base: Int = 0) -> Int {
        path.reduce(base) { parent, component in
            switch component {
            case .member(let name): member(name, of: parent)
            case .everyElement: element(of: parent)
            }
        }
    }

    mutating func element(of parent: Int) -> Int {
        if nodes[parent].element < 0 {
            nodes[parent].element = nodes.count
            nodes.append(Node())
        }
        return nodes[parent].element
    }

    private mutating func member(_ name: String, of parent: Int) -> Int {
        let bytes = Array(name.utf8)
        var index = nodes[parent].firstEdge
        while index >= 0 {
            let edge = edges[index]
            if names[edge.name..<edge.name + edge.count].elementsEqual(bytes) { return edge.child }
            index = edge.next
        }
        let head = bytes.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let mask = bytes.count >= 8 ? UInt64.max : (1 << UInt64(bytes.count * 8)) - 1
        edges.append(
            Edge(
                head: head, mask: mask, name: names.count, count: bytes.count, child: nodes.count,
                next: nodes[parent].firstEdge))
        names += bytes
        nodes[parent].firstEdge = edges.count - 1
        nodes[parent].lengths |= 1 << UInt64(min(bytes.count, 63))
        nodes.append(Node())
        return nodes.count - 1
    }

    mutating func add(_ capture: Capture, at node: Int) {
        captures.append((capture, nodes[node].firstCapture))
        nodes[node].firstCapture = captures.count - 1
        if case .envelope = capture { nodes[node].wantsContainer = true }
    }

    mutating func markRecords(at node: Int) { nodes[node].isRecords = true }

    mutating func markRecord(at node: Int) { nodes[node].isRecord = true }

    mutating func drop(_ path: JSONPath, below base: Int = 0) {
        let parent = node(at: path.components.dropLast(), below: base)
        nodes[parent].hasDrops = true
        let dropped = node(at: path.components.suffix(1), below: parent)
        nodes[dropped].isDropped = true
    }
}
