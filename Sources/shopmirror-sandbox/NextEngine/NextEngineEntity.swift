/// The fields of one kind of record and the address where it is listed.
struct NextEngineEntity {
    /// A foreign record whose fields may be selected too.
    struct Join {
        let entity: String
        /// Which number of the own record is the foreign record's.
        let key: Reference

        enum Reference {
            case identifier, first, second
        }

        func identifier(in row: RecordRow) -> Int {
            switch key {
            case .identifier: row.identifier
            case .first: row.first
            case .second: row.second
            }
        }
    }

    /// Name of the resource in the contract: `goods`.
    let name: String
    /// The endpoint without its verb: `/api_v1_master_goods`.
    let path: String
    let fields: [NextEngineField]
    let joins: [Join]

    /// Builds the fields from lists of names, separated by blanks; `audit` adds the usual suffixes.
    init(
        _ name: String, at path: String, strings: String = "", numbers: String = "", dates: String = "",
        audit: String? = nil, nullSafe: Bool = true, special: [String: NextEngineField.Kind] = [:],
        joins: [Join] = []
    ) {
        self.name = name
        self.path = path
        self.joins = joins
        var lists: [(String, NextEngineField.ValueType)] = [
            (strings, .string), (numbers, .number), (dates, .date),
        ]
        if let audit {
            lists += Self.audit(audit, nullSafe: nullSafe)
        }
        fields = lists.flatMap { list, type in
            list.split { $0 == " " || $0 == "\n" }.map {
                NextEngineField(String($0), type, kind: special[String($0)])
            }
        }
    }

    private static func audit(_ prefix: String, nullSafe: Bool) -> [(String, NextEngineField.ValueType)] {
        func names(_ suffixes: String) -> String {
            suffixes.split(separator: " ").map { prefix + "_" + $0 }.joined(separator: " ")
        }
        var lists: [(String, NextEngineField.ValueType)] = [
            (names("creation_date last_modified_date"), .date),
            (names("creator_id last_modified_by_id"), .number),
            (names("creator_name last_modified_by_name"), .string),
        ]
        if nullSafe {
            lists.append((names("last_modified_null_safe_date"), .date))
            lists.append((names("last_modified_by_null_safe_id"), .number))
            lists.append((names("last_modified_by_null_safe_name"), .string))
        }
        return lists
    }
}
