import JSON

/// Where a listing goes on: which of its segments, and where in it.
///
/// Stored as JSON in the page's checkpoint.
package struct Position: Sendable, Equatable {
    package enum Mark: Sendable, Equatable {
        case start
        /// The query of the platform's link to the next page.
        case link(String)
        /// The platform's own mark of the next page.
        case cursor(String)
        /// Rows to skip; the first row of the page must be `anchor`, which was the last one of the page before.
        case offset(Int, anchor: String?)
        case page(Int)
        /// The last id of the batch before.
        case after(String)
    }

    package var segment: Int
    package var mark: Mark

    package init(segment: Int = 0, mark: Mark = .start) {
        self.segment = segment
        self.mark = mark
    }

    package var text: String {
        var members: [(key: String, value: JSONValue)] = [(key: "segment", value: .int(Int64(segment)))]
        switch mark {
        case .start: break
        case .link(let query): members.append((key: "link", value: .string(query)))
        case .cursor(let mark): members.append((key: "cursor", value: .string(mark)))
        case .offset(let offset, let anchor):
            members.append((key: "offset", value: .int(Int64(offset))))
            if let anchor { members.append((key: "anchor", value: .string(anchor))) }
        case .page(let page): members.append((key: "page", value: .int(Int64(page))))
        case .after(let id): members.append((key: "after", value: .string(id)))
        }
        return JSONWriter.text(.object(members))
    }

    /// Reads `text`; nil for anything else.
    package init?(text: String) {
        guard let value = try? JSONValue.parse(Array(text.utf8)), let segment = value["segment"]?.int64Value
        else {
            return nil
        }
        self.segment = Int(segment)
        if let query = value["link"]?.stringValue {
            mark = .link(query)
        } else if let text = value["cursor"]?.stringValue {
            mark = .cursor(text)
        } else if let offset = value["offset"]?.int64Value {
            mark = .offset(Int(offset), anchor: value["anchor"]?.stringValue)
        } else if let page = value["page"]?.int64Value {
            mark = .page(Int(page))
        } else if let id = value["after"]?.stringValue {
            mark = .after(id)
        } else {
            mark = .start
        }
    }
}
