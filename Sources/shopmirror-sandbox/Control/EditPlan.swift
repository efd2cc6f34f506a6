/// How many records of a resource a control request changes.
struct EditPlan {
    private static let most = 1_000_000
    var insert = 0
    var update = 0
    var delete = 0
    /// Records that only get the platform's deleted (or archived) flag.
    var flag = 0

    init?(_ value: JSONValue?) {
        guard let value else { return nil }
        if let total = value.integer {
            guard (0...Self.most).contains(total) else { return nil }
            insert = total / 4
            delete = total / 4
            update = total - insert - delete
        } else if value.isObject {
            func count(_ name: String) -> Int { min(max(0, value[name]?.integer ?? 0), Self.most) }
            insert = count("insert")
            update = count("update")
            delete = count("delete")
            flag = count("flag")
        } else {
            return nil
        }
    }
}
