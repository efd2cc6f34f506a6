import Glibc

/// A `PathTree` while it is borrowed by a scan: reading it costs no bounds check and no reference count.
///
/// Bounds: every index comes from the tree itself, or is -1 and checked for.
struct PathTreeView {
    let nodes: UnsafePointer<PathTree.Node>
    let edges: UnsafeBufferPointer<PathTree.Edge>
    let captures: UnsafeBufferPointer<(capture: PathTree.Capture, next: Int)>
    let names: UnsafeBufferPointer<UInt8>

    /// The child of a node by the decoded name of a member; -1 when nothing below it matters.
    ///
    /// Eight bytes can be loaded from `name`, whatever `count` is.
    @inline(__always)
    func child(_ node: Int, _ name: UnsafePointer<UInt8>, _ count: Int) -> Int {
        guard nodes[node].lengths >> UInt64(truncatingIfNeeded: min(count, 63)) & 1 != 0 else { return -1 }
        return search(nodes[node].firstEdge, name, count)
    }

    private func search(_ first: Int, _ name: UnsafePointer<UInt8>, _ count: Int) -> Int {
        let head = UInt64(littleEndian: UnsafeRawPointer(name).loadUnaligned(as: UInt64.self))
        var index = first
        while index >= 0 {
            let edge = edges[index]
            if edge.count == count, head & edge.mask == edge.head, hasTail(edge, name) { return edge.child }
            index = edge.next
        }
        return -1
    }

    private func hasTail(_ edge: PathTree.Edge, _ name: UnsafePointer<UInt8>) -> Bool {
        guard edge.count > 8, let names = names.baseAddress else { return true }
        return memcmp(names + edge.name + 8, name + 8, edge.count - 8) == 0
    }
}

extension PathTree {
    func withView<R>(_ body: (PathTreeView) -> R) -> R? {
        nodes.withUnsafeBufferPointer { nodes in
            edges.withUnsafeBufferPointer { edges in
                captures.withUnsafeBufferPointer { captures in
                    names.withUnsafeBufferPointer { names in
                        nodes.baseAddress.map {
                            body(PathTreeView(nodes: $0, edges: edges, captures: captures, names: names))
                        }
                    }
                }
            }
        }
    }
}
