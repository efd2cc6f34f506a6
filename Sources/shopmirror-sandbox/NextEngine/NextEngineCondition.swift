/// One condition of a search: `<field>-<operator>=<value>`.
struct NextEngineCondition {
    private enum Test {
        case compare(NextEngineComparison, Int)
        case equals(String, negated: Bool)
        case among(Set<String>, negated: Bool)
        case numbers(Set<Int>, negated: Bool)
        case like([Character], negated: Bool, orNull: Bool)
        case blank(negated: Bool)
        case null(negated: Bool)
    }

    let column: NextEngineColumn
    private let test: Test

    /// - Throws: `NextEngineProblem` where the operator does not exist, does not fit the type or the value cannot be read.
    init(_ column: NextEngineColumn, operator name: String, value: String) throws(NextEngineProblem) {
        self.column = column
        let type = column.field.type
        let problem = NextEngineProblem.request("\(column.field.name)-\(name)")
        switch name {
        case "blank", "nblank": test = .blank(negated: name == "nblank")
        case "null", "nnull": test = .null(negated: name == "nnull")
        case "like", "nlike", "nlikeornull":
            guard type == .string, !value.isEmpty else { throw problem }
            test = .like(Array(value.lowercased()), negated: name != "like", orNull: name == "nlikeornull")
        case "in", "nin":
            let values = value.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            guard type != .date, values.count <= 1000, !value.isEmpty else { throw problem }
            guard type == .number else {
                test = .among(Set(values), negated: name == "nin")
                break
            }
            let numbers = values.compactMap { Self.magnitude($0, .number) }
            guard numbers.count == values.count else { throw problem }
            test = .numbers(Set(numbers), negated: name == "nin")
        case _ where type == .string && (name == "eq" || name == "neq"):
            guard !value.isEmpty else { throw problem }
            test = .equals(value, negated: name == "neq")
        default:
            guard let comparison = NextEngineComparison(rawValue: name), type != .string,
                let limit = Self.magnitude(value, type)
            else { throw problem }
            test = .compare(comparison, limit)
        }
    }

    func holds(for cell: NextEngineCell) -> Bool {
        switch test {
        case .compare(let comparison, let limit): cell.magnitude.map { comparison.holds($0, limit) } ?? false
        case .equals(let value, let negated): cell.text.map { ($0 == value) != negated } ?? false
        case .among(let values, let negated): cell.text.map { values.contains($0) != negated } ?? false
        case .numbers(let values, let negated): cell.magnitude.map { values.contains($0) != negated } ?? false
        case .like(let pattern, let negated, let orNull):
            cell.text.map { Self.matches(Array($0.lowercased())[...], pattern[...]) != negated } ?? orNull
        case .blank(let negated): (cell.text ?? "").isEmpty != negated
        case .null(let negated): (cell.text == nil) != negated
        }
    }

    /// Ten-thousandths of a decimal number, or seconds of a time in Japan.
    private static func magnitude(_ text: String, _ type: NextEngineField.ValueType) -> Int? {
        if type == .date { return CivilTime.seconds(ofJapaneseTime: text) }
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first.flatMap({ Int($0) }), abs(whole) < 900_000_000_000_000 else {
            return nil
        }
        let digits = parts.count == 2 ? String(parts[1]) : "0"
        guard !digits.isEmpty, digits.utf8.count <= 4, let fraction = Int(digits), fraction >= 0 else {
            return nil
        }
        let scaled = Int(digits + String(repeating: "0", count: 4 - digits.utf8.count)) ?? 0
        return whole * 10_000 + (text.hasPrefix("-") ? -scaled : scaled)
    }

    private static func matches(_ text: ArraySlice<Character>, _ pattern: ArraySlice<Character>) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        if first == "%" {
            let rest = pattern.dropFirst()
            return (text.startIndex...text.endIndex).contains { matches(text[$0...], rest) }
        }
        guard let character = text.first, first == "_" || first == character else { return false }
        return matches(text.dropFirst(), pattern.dropFirst())
    }
}
