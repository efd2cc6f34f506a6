/// A declared column of a resource's view.
package struct Column: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        case text
        case integer
        /// An id, money or a big number: text with every digit.
        case exact
        /// A time, shown in UTC.
        case time
        /// A bare date, shown as it came.
        case date
        case boolean
        /// An object or list, shown as JSON.
        case json
    }

    package var name: String
    /// Path inside the record, dotted; the name unless told otherwise.
    package var path: String
    package var kind: Kind
    package var meaning: String?

    package init(_ name: String, _ kind: Kind, at path: String? = nil, _ meaning: String? = nil) {
        self.name = name
        self.path = path ?? name
        self.kind = kind
        self.meaning = meaning
    }

    package static func text(_ name: String, at path: String? = nil) -> Column {
        Column(name, .text, at: path)
    }
    package static func integer(_ name: String, at path: String? = nil) -> Column {
        Column(name, .integer, at: path)
    }
    package static func exact(_ name: String, at path: String? = nil) -> Column {
        Column(name, .exact, at: path)
    }
    package static func time(_ name: String, at path: String? = nil) -> Column {
        Column(name, .time, at: path)
    }
    package static func date(_ name: String, at path: String? = nil) -> Column {
        Column(name, .date, at: path)
    }
    package static func boolean(_ name: String, at path: String? = nil) -> Column {
        Column(name, .boolean, at: path)
    }
    package static func json(_ name: String, at path: String? = nil) -> Column {
        Column(name, .json, at: path)
    }

    /// A short form for long lists: every name, between blanks or line ends, is a column of this kind.
    package static func all(_ kind: Kind, _ names: String) -> [Column] {
        words(names).map { Column(String($0), kind) }
    }

    /// What stands between blanks or line ends.
    ///
    /// By bytes: hundreds of columns are made this way each time the program starts.
    package static func words(_ text: String) -> [Substring] {
        text.utf8.split { $0 == 0x20 || $0 == 0x0A }.map { Substring($0) }
    }
}

extension [Column] {
    /// The same columns, some of them with what their values mean.
    package func noting(_ meanings: [String: String]) -> [Column] {
        map { column in
            var column = column
            column.meaning = meanings[column.name] ?? column.meaning
            return column
        }
    }
}
