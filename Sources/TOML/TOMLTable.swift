/// The keys of a table, in the order of the file.
package struct TOMLTable: Hashable, Sendable {
    /// A key and what it stands for.
    package struct Entry: Hashable, Sendable {
        package var key: String
        package var keyPosition: TOMLPosition
        package var item: TOMLItem

        package init(key: String, keyPosition: TOMLPosition, item: TOMLItem) {
            self.key = key
            self.keyPosition = keyPosition
            self.item = item
        }
    }

    /// Up to this many entries are searched one by one; more have an index.
    private static let searchedOneByOne = 8

    private var stored: [Entry] = []
    private var offsets: [TOMLKey: Int] = [:]

    package init() {}

    /// A table of these entries; of two with the same key, the first is the one found by key.
    package init(entries: [Entry]) {
        for entry in entries {
            append(entry)
        }
    }

    /// The entries in the order of the file.
    ///
    /// Setting them costs time in proportion to their number.
    package var entries: [Entry] {
        get { stored }
        set { self = TOMLTable(entries: newValue) }
    }

    /// The entry of this key, compared byte for byte.
    package subscript(_ key: String) -> Entry? {
        offset(of: key).map { stored[$0] }
    }

    package static func == (left: TOMLTable, right: TOMLTable) -> Bool {
        left.stored == right.stored
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(stored)
    }

    func offset(of key: String) -> Int? {
        let key = TOMLKey(text: key)
        guard offsets.isEmpty else { return offsets[key] }
        return stored.firstIndex { TOMLKey(text: $0.key) == key }
    }

    mutating func append(_ entry: Entry) {
        let offset = stored.count
        stored.append(entry)
        if !offsets.isEmpty {
            addOffset(offset)
        } else if stored.count > Self.searchedOneByOne {
            for offset in stored.indices {
                addOffset(offset)
            }
        }
    }

    mutating func setItem(_ item: TOMLItem, at offset: Int) {
        stored[offset].item = item
    }

    mutating func setPositions(key: TOMLPosition, item: TOMLPosition, at offset: Int) {
        stored[offset].keyPosition = key
        stored[offset].item.position = item
    }

    func entry(at offset: Int) -> Entry {
        stored[offset]
    }

    private mutating func addOffset(_ offset: Int) {
        let key = TOMLKey(text: stored[offset].key)
        if offsets[key] == nil {
            offsets[key] = offset
        }
    }
}
