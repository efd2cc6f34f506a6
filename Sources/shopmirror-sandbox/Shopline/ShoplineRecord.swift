/// One record being written; members that were not asked for are left out.
struct ShoplineRecord {
    var json: JSONText
    /// Names of the wanted members; `nil` is all of them.
    let wanted: Set<String>?

    mutating func field(_ name: String, _ write: (inout JSONText) -> Void) {
        guard wanted?.contains(name) ?? true else { return }
        json.key(name)
        write(&json)
    }

    mutating func text(_ name: String, _ value: String?) {
        guard wanted?.contains(name) ?? true else { return }
        json.member(name, value)
    }

    mutating func number(_ name: String, _ value: Int) {
        guard wanted?.contains(name) ?? true else { return }
        json.member(name, value)
    }

    mutating func flag(_ name: String, _ value: Bool) {
        guard wanted?.contains(name) ?? true else { return }
        json.member(name, value)
    }

    /// A whole record between braces.
    mutating func object(_ body: (inout ShoplineRecord) -> Void) {
        json.open("{")
        body(&self)
        json.close("}")
    }
}
