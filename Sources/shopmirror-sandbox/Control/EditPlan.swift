/// How many records of a resource a control request changes.
struct EditPlan {
    var insert = 0
    var update = 0
    var delete = 0
    /// Records that only get the platform's deleted (or archived) flag.
    var flag = 0

    init?(_ value: JSONValue?) {
        guard let value else { return nil }
        if let total = value.integer {
            guard total >= 0 else { return nil }
            insert = total / 4
            delete = total / 4
            update = total - insert - delete
        } else if value.isObject {
            insert = max(0, value["insert"]?.integer ?? 0)
            update = max(0, value["update"]?.integer ?? 0)
            delete = max(0, value["delete"]?.integer ?? 0)
            flag = max(0, value["flag"]?.integer ?? 0)
        } else {
            return nil
        }
    }
}
