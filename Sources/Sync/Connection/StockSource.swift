/// Where a platform tells how much of a SKU there is, so that two platforms can be compared.
package struct StockSource: Sendable {
    package enum Side: String, Sendable {
        /// The books that the shops follow.
        case kept
        /// A shop that sells from them.
        case sold
    }

    package var side: Side
    /// The resource whose records, or the elements of whose list, name items with their SKUs.
    package var items: String
    package var list: String?
    package var item: Column
    package var sku: Column
    /// The resource with the figures; an item is its key or the first part of it.
    package var levels: String
    package var available: Column
    /// A flag by which the platform says itself that a record is gone: every value but these.
    package var live: (flag: Column, values: [String])?

    package init(
        _ side: Side, items: String, list: String? = nil, item: Column, sku: Column, levels: String,
        available: Column, live: (flag: Column, values: [String])? = nil
    ) {
        self.side = side
        self.items = items
        self.list = list
        self.item = item
        self.sku = sku
        self.levels = levels
        self.available = available
        self.live = live
    }
}
