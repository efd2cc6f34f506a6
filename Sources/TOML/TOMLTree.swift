/// The tables of a document while it is read, and the rules on what may be defined twice.
struct TOMLTree {
    /// One part of a dotted key.
    struct KeyPart {
        var text: String
        var position: TOMLPosition
    }

    /// What made a table; decides what may still be added to it.
    private enum Origin {
        /// Named on the way to another table; its own header may follow.
        case implicit
        case header
        case dotted
    }

    /// What an entry of a table stands for.
    private enum Child {
        /// A finished value: nothing can be added.
        case value
        case table(Int)
        case arrayOfTables(Int)
    }

    private struct Node {
        /// The entries; those of tables and of arrays of tables have a stand-in for their value.
        var table = TOMLTable()
        var children: [Child] = []
        var origin: Origin
        var depth: Int
    }

    /// The table a document begins with.
    static let root = 0

    private var nodes = [Node(origin: .header, depth: 0)]
    private var arrays: [[(table: Int, position: TOMLPosition)]] = []

    /// A table that is not part of the document: for braces, and for keys below a broken header.
    mutating func makeDetachedTable(depth: Int) -> Int {
        nodes.append(Node(origin: .header, depth: depth))
        return nodes.count &- 1
    }

    func depth(of table: Int) -> Int { nodes[table].depth }

    /// The table that a header `[path]` opens.
    mutating func openTable(_ path: [KeyPart], at position: TOMLPosition) throws(TOMLError) -> Int {
        guard let name = path.last else { return Self.root }
        let parent = try parent(for: path)
        guard let offset = nodes[parent].table.offset(of: name.text) else {
            return try addTable(name, at: position, origin: .header, to: parent)
        }
        let entry = nodes[parent].table.entry(at: offset)
        let line = entry.item.position.line
        let fullName = TOMLKeyName.text(of: path)
        switch nodes[parent].children[offset] {
        case .value: throw TOMLError(valueConflict(entry, path), at: name.position)
        case .arrayOfTables: throw TOMLError(.arrayOfTables(fullName, firstLine: line), at: name.position)
        case .table(let table):
            switch nodes[table].origin {
            case .header: throw TOMLError(.tableTwice(fullName, firstLine: line), at: name.position)
            case .dotted: throw TOMLError(.tableByDottedKeys(fullName, firstLine: line), at: name.position)
            case .implicit:
                nodes[table].origin = .header
                nodes[parent].table.setPositions(key: name.position, item: position, at: offset)
                return table
            }
        }
    }

    /// The next table of the array that a header `[[path]]` extends or begins.
    mutating func openElement(_ path: [KeyPart], at position: TOMLPosition) throws(TOMLError) -> Int {
        guard let name = path.last else { return Self.root }
        let parent = try parent(for: path)
        let depth = nodes[parent].depth &+ 2
        try check(depth: depth, at: name.position)
        let array: Int
        if let offset = nodes[parent].table.offset(of: name.text) {
            let entry = nodes[parent].table.entry(at: offset)
            guard case .arrayOfTables(let known) = nodes[parent].children[offset] else {
                let type = entry.item.value.typeName
                let line = entry.item.position.line
                throw TOMLError(
                    .notAnArrayOfTables(TOMLKeyName.text(of: path), typeName: type, firstLine: line),
                    at: name.position)
            }
            array = known
        } else {
            array = arrays.count
            arrays.append([])
            let item = TOMLItem(value: .array([]), position: position)
            append(name, item, .arrayOfTables(array), to: parent)
        }
        let table = makeDetachedTable(depth: depth)
        arrays[array].append((table, position))
        return table
    }

    /// Sets a key, dotted or not, of `table`.
    mutating func set(_ path: [KeyPart], to item: TOMLItem, in table: Int) throws(TOMLError) {
        guard let name = path.last else { return }
        var table = table
        for length in 1..<path.count {
            table = try dottedTable(path.prefix(length), in: table)
        }
        if let offset = nodes[table].table.offset(of: name.text) {
            let line = nodes[table].table.entry(at: offset).keyPosition.line
            throw TOMLError(.keyTwice(TOMLKeyName.text(of: path), firstLine: line), at: name.position)
        }
        append(name, item, .value, to: table)
    }

    /// Ends the life of the newest detached table, and of all tables made since.
    mutating func takeDetachedTable(_ table: Int) -> TOMLTable {
        let finished = finishedTable(table)
        nodes.removeSubrange(table...)
        return finished
    }

    /// A table with everything below it.
    mutating func finishedTable(_ id: Int) -> TOMLTable {
        var table = TOMLTable()
        swap(&table, &nodes[id].table)
        for (offset, child) in nodes[id].children.enumerated() {
            let position = table.entry(at: offset).item.position
            switch child {
            case .value: continue
            case .table(let child):
                table.setItem(TOMLItem(value: .table(finishedTable(child)), position: position), at: offset)
            case .arrayOfTables(let array):
                var items: [TOMLItem] = []
                for element in arrays[array] {
                    let value = TOMLValue.table(finishedTable(element.table))
                    items.append(TOMLItem(value: value, position: element.position))
                }
                table.setItem(TOMLItem(value: .array(items), position: position), at: offset)
            }
        }
        return table
    }

    /// Walks all but the last part of a header's path.
    private mutating func parent(for path: [KeyPart]) throws(TOMLError) -> Int {
        var table = Self.root
        for (index, part) in path.dropLast().enumerated() {
            guard let offset = nodes[table].table.offset(of: part.text) else {
                table = try addTable(part, at: part.position, origin: .implicit, to: table)
                continue
            }
            switch nodes[table].children[offset] {
            case .table(let child): table = child
            case .arrayOfTables(let array): table = arrays[array].last?.table ?? table
            case .value:
                let entry = nodes[table].table.entry(at: offset)
                throw TOMLError(valueConflict(entry, path.prefix(index + 1)), at: part.position)
            }
        }
        return table
    }

    /// The table that the last part of `path` names in the table of the parts before it.
    private mutating func dottedTable(_ path: ArraySlice<KeyPart>, in table: Int) throws(TOMLError) -> Int {
        guard let part = path.last else { return table }
        guard let offset = nodes[table].table.offset(of: part.text) else {
            return try addTable(part, at: part.position, origin: .dotted, to: table)
        }
        let entry = nodes[table].table.entry(at: offset)
        let line = entry.item.position.line
        switch nodes[table].children[offset] {
        case .value: throw TOMLError(valueConflict(entry, path), at: part.position)
        case .arrayOfTables:
            throw TOMLError(.arrayOfTables(TOMLKeyName.text(of: path), firstLine: line), at: part.position)
        case .table(let child):
            if case .header = nodes[child].origin {
                let name = TOMLKeyName.text(of: path)
                throw TOMLError(.tableByHeader(name, firstLine: line), at: part.position)
            }
            nodes[child].origin = .dotted
            return child
        }
    }

    private mutating func addTable(
        _ name: KeyPart, at position: TOMLPosition, origin: Origin, to parent: Int
    ) throws(TOMLError) -> Int {
        let depth = nodes[parent].depth &+ 1
        try check(depth: depth, at: name.position)
        nodes.append(Node(origin: origin, depth: depth))
        let child = nodes.count &- 1
        append(name, TOMLItem(value: .table(TOMLTable()), position: position), .table(child), to: parent)
        return child
    }

    private mutating func append(_ name: KeyPart, _ item: TOMLItem, _ child: Child, to table: Int) {
        nodes[table].table.append(.init(key: name.text, keyPosition: name.position, item: item))
        nodes[table].children.append(child)
    }

    private func check(depth: Int, at position: TOMLPosition) throws(TOMLError) {
        guard depth <= TOMLParser.maximumDepth else { throw TOMLError(.tooDeep, at: position) }
    }

    /// Why the value at the end of `path` cannot be gone into.
    private func valueConflict(_ entry: TOMLTable.Entry, _ path: some Sequence<KeyPart>) -> TOMLProblem {
        let line = entry.item.position.line
        let name = TOMLKeyName.text(of: path)
        guard case .table = entry.item.value else {
            return .notATable(name, typeName: entry.item.value.typeName, firstLine: line)
        }
        return .inlineTableClosed(name, firstLine: line)
    }
}
