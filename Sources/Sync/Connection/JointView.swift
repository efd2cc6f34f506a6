/// A view over the tables of every platform, with the same columns for all of them.
package enum JointView: String, Sendable, CaseIterable {
    case shops = "all_shops"
    case products = "all_products"
    case orders = "all_orders"
    case orderLines = "all_order_lines"
    case stock = "all_stock"

    package enum Kind: Sendable {
        /// Text with every digit.
        case text
        /// A number, so that it can be summed and compared; NULL where the platform's text is none.
        case number
    }

    /// Its own columns; `connection`, `platform` and `id` stand before them, status, times and `deleted_at` behind.
    package var columns: [(name: String, kind: Kind)] {
        switch self {
        case .shops: [("name", .text), ("currency", .text)]
        case .products:
            [("product_id", .text), ("sku", .text), ("name", .text), ("price", .text), ("currency", .text)]
        case .orders:
            [
                ("number", .text), ("shop_id", .text), ("ordered_at", .text), ("total", .text),
                ("currency", .text),
            ]
        case .orderLines:
            [
                ("order_id", .text), ("sku", .text), ("name", .text), ("quantity", .number), ("price", .text),
                ("currency", .text),
            ]
        case .stock:
            [("sku", .text), ("location_id", .text), ("on_hand", .number), ("available", .number)]
        }
    }

    /// Whether people ask it for a stretch of `created_at`, which is worth indexes on the tables behind it.
    package var isAskedByTime: Bool { self == .orders || self == .orderLines }
}

/// What a platform's records are in one of the joint views: data, made into SQL by `JointViewSQL` alone.
package struct JointRows: Sendable {
    package var view: JointView
    package var resource: String
    /// A list inside the record whose elements are the rows, dotted; nil where the record itself is the row.
    package var list: String?
    package var id: JointValue
    package var values: [String: JointValue]
    /// The common status of a row that still exists.
    package var status: JointValue
    package var platformStatus: JointValue?

    package init(
        _ view: JointView, of resource: String, list: String? = nil, id: JointValue = .key,
        status: JointValue, platformStatus: JointValue? = nil, _ values: [String: JointValue]
    ) {
        self.view = view
        self.resource = resource
        self.list = list
        self.id = id
        self.status = status
        self.platformStatus = platformStatus
        self.values = values
    }
}

/// Where a common column's value comes from.
package indirect enum JointValue: Sendable {
    /// The record's key.
    case key
    /// A member of the row: of the list's element where the rows are a list's, else of the record.
    case member(Column)
    /// A member of the record that the list is in.
    case parent(Column)
    case constant(String)
    /// Parts with `/` between them.
    case joined([JointValue])
    /// The first that is there and not empty.
    case first([JointValue])
    /// What a word of the platform means; NULL for every other word.
    case meaning(JointValue, [String: String])
    /// A word where the value is there and none of these.
    case unless(JointValue, [String], then: String)
    /// A value of another resource's record of the same connection: of the one with this key, or of its only one.
    case other(String, key: JointValue?, JointValue)
    /// The SKU of an item of stock, as far as stock is compared.
    case stockedSKU(JointValue)
}
