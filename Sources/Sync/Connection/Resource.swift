package import JSON

/// One kind of record of a platform.
///
/// Where the records are, what their key is, which field is the cursor, and which columns people see. Nothing else
/// is known about a record.
package struct Resource: Sendable {
    package var name: String
    /// What it holds, one line for people.
    package var summary: String
    package var path: String
    /// Members from the root of the answer to the records.
    package var records: [String]
    package var form: PageLayout.RecordsForm
    /// Paths of the key's parts inside a record, dotted.
    package var key: [String]
    package var created: String?
    package var updated: String?
    package var cursor: Cursor?
    package var columns: [Column]
    package var pagination: Pagination
    /// The stretch of time that is listed, where the platform lists no more at a time.
    package var window: Window?
    /// Records per page that are asked for, and the most the platform gives.
    package var limit: Int
    package var maximumLimit: Int
    package var parameters: [Parameter]
    /// Listings that together make the whole, such as the archived orders and the others.
    package var passes: [[Parameter]]
    package var fields: Fields
    package var count: CountCall?
    package var lookup: Lookup?
    package var lists: [ListView]
    /// What the app must be granted, in the platform's words.
    package var permission: String?
    /// A 404 with this text means that the account has no such thing.
    package var absentText: String?
    /// Dotted paths inside a record (`sessions[].token`) whose texts are replaced by their SHA-256 before anything is
    /// stored.
    package var hashed: [String]
    /// The same records of everybody, for accounts that may see them.
    package var wider: WiderListing?
    /// A table that grows whenever one of a record's figures changes.
    package var history: History?
    /// Columns with personal data, left out unless `personal_data = true`.
    package var personal: Set<String>
    /// What a config declares of the calls, nil where it declares nothing; another one makes the next pull a full one.
    package var declaration: String?

    package init(
        _ name: String, _ summary: String, at path: String, records: [String] = ["data"],
        form: PageLayout.RecordsForm = .array, key: [String], created: String? = nil, updated: String? = nil,
        cursor: Cursor? = nil, columns: [Column], pages pagination: Pagination, window: Window? = nil,
        limit: Int = 1000,
        maximumLimit: Int = 1000, parameters: [Parameter] = [], passes: [[Parameter]] = [[]],
        fields: Fields = .none, count: CountCall? = nil, lookup: Lookup? = nil, lists: [ListView] = [],
        permission: String? = nil, absentText: String? = nil, hashed: [String] = [],
        personal: Set<String> = [],
        wider: WiderListing? = nil, history: History? = nil
    ) {
        self.name = name
        self.summary = summary
        self.path = path
        self.records = records
        self.form = form
        self.key = key
        self.created = created
        self.updated = updated
        self.cursor = cursor
        self.columns = columns
        self.pagination = pagination
        self.window = window
        self.limit = limit
        self.maximumLimit = maximumLimit
        self.parameters = parameters
        self.passes = passes
        self.fields = fields
        self.count = count
        self.lookup = lookup
        self.lists = lists
        self.permission = permission
        self.absentText = absentText
        self.hashed = hashed
        self.personal = personal
        self.wider = wider
        self.history = history
    }
}

/// Another listing of a resource's records, for accounts that may see more than their own.
package struct WiderListing: Sendable {
    /// The call that tells whether this account may; refused, the resource's own listing is used.
    package var probe: String
    package var path: String
    package var records: [String]
    package var pagination: Pagination
    package var limit: Int
    package var hashed: [String]

    package init(
        probe: String, path: String, records: [String], pages pagination: Pagination, limit: Int,
        hashed: [String] = []
    ) {
        self.probe = probe
        self.path = path
        self.records = records
        self.pagination = pagination
        self.limit = limit
        self.hashed = hashed
    }
}

/// A table beside a resource: one row whenever a listed member of a record differs from the newest row about it.
package struct History: Sendable {
    /// The table's name behind the platform's prefix: `balance_history`.
    package var name: String
    /// The column that names the record: `user_id`.
    package var parent: String
    /// Members whose values are kept, as text with every digit.
    package var members: [String]

    package init(_ name: String, parent: String, members: [String]) {
        self.name = name
        self.parent = parent
        self.members = members
    }
}

/// A name and value that goes with a call, in the query or the form as the platform wants it.
package struct Parameter: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// The modification time by which a platform can be asked for what changed.
package struct Cursor: Sendable {
    /// The parameter that takes the lower bound, inclusive.
    package var since: String
    /// The parameter that takes the upper bound; some platforms include it, others do not.
    package var until: String?
    /// The platform wants both bounds or none.
    package var needsBoth: Bool
    /// How the bounds are written; nil for the platform's way.
    package var times: TimeForm?

    package init(since: String, until: String? = nil, needsBoth: Bool = false, times: TimeForm? = nil) {
        self.since = since
        self.until = until
        self.needsBoth = needsBoth
        self.times = times
    }
}

/// A listing that must be asked for by stretches of time, by when the records were made.
///
/// It shows the last `reachDays` only, so it never proves that an older record is gone.
package struct Window: Sendable, Equatable {
    package var since: String
    package var until: String
    /// The longest stretch of one call.
    package var days: Int64
    /// How far back it is asked for.
    package var reachDays: Int64

    package init(since: String, until: String, days: Int64, reachDays: Int64) {
        self.since = since
        self.until = until
        self.days = days
        self.reachDays = reachDays
    }
}

/// How a listing goes on; `PageSequence` alone walks it.
package enum Pagination: Sendable, Equatable {
    /// One answer holds everything.
    case single
    /// The next page's address is in the `link` header; its query is used against our own address.
    case linkHeader(limit: String?)
    /// The answer tells where the listing goes on.
    case cursor(BodyCursor)
    /// Rows to skip and rows wanted, in a fixed order by key. Consecutive pages overlap by one row, so that rows
    /// that moved between two requests are noticed. `total` is a member of the envelope; without one the listing ends
    /// where a page brings nothing new.
    case offset(limit: String, offset: String, total: [String]? = ["count"])
    /// Page numbers from 1, until `pages` or `total` (members of the envelope) are reached; without them, or without a
    /// size to reckon with, until a page is empty.
    case pageNumber(page: String, size: String?, total: [String]?, pages: [String]? = nil)
    /// Ids taken from what another resource mirrored, so many in one call.
    case identifiers(parameter: String, from: String, path: String, batch: Int)
}

/// A mark in the answer that asks for the page behind it.
package struct BodyCursor: Sendable, Equatable {
    /// The parameter that takes the mark.
    package var parameter: String
    /// The parameter that takes the number of records wanted.
    package var limit: String?
    /// The member with the mark; nil takes the last record's key.
    package var next: [String]?
    /// The member that says whether there is more.
    package var more: [String]?

    package init(parameter: String, limit: String?, next: [String]?, more: [String]?) {
        self.parameter = parameter
        self.limit = limit
        self.next = next
        self.more = more
    }
}

/// Which fields are asked for.
package enum Fields: Sendable, Equatable {
    /// The platform gives whole records only.
    case none
    /// A comma list in this parameter; without it the platform gives everything.
    case optional(String)
    /// A comma list in this parameter, always: every declared column.
    case required(String)
}

/// An endpoint that tells how many records a listing has.
package struct CountCall: Sendable {
    package var path: String
    /// Members from the root of the answer to the number.
    package var member: [String]
    /// Whether it takes the listing's time filters.
    package var takesBounds: Bool

    package init(_ path: String, member: [String] = ["count"], takesBounds: Bool = true) {
        self.path = path
        self.member = member
        self.takesBounds = takesBounds
    }
}

/// How single records are asked for again by their ids.
package struct Lookup: Sendable {
    package var parameter: String
    package var batch: Int

    package init(_ parameter: String, batch: Int) {
        self.parameter = parameter
        self.batch = batch
    }
}

/// A list inside a record, shown as a view of its own.
package struct ListView: Sendable {
    /// The view's name behind the platform's prefix: `order_line_items`.
    package var name: String
    /// Path of the list inside the record, dotted.
    package var path: String
    /// The column that names the parent: `order_id`.
    package var parent: String
    package var columns: [Column]
    /// A resource that lists the same things for accounts whose records do not carry the list; its rows are shown too.
    package var other: String?

    package init(_ name: String, at path: String, parent: String, columns: [Column], other: String? = nil) {
        self.name = name
        self.path = path
        self.parent = parent
        self.columns = columns
        self.other = other
    }
}
