/// One value of a record, before it becomes text.
enum NextEngineCell {
    case null
    case integer(Int)
    /// `units` with `places` digits behind the point.
    case decimal(units: Int, places: Int)
    /// Seconds since 1970.
    case time(Int)
    case text(String)

    /// The value as the platform writes it; `nil` is null.
    var text: String? {
        switch self {
        case .null: nil
        case .integer(let value): String(value)
        case .decimal(let units, let places): Self.decimal(units, places)
        case .time(let seconds): CivilTime.japanese(seconds)
        case .text(let text): text
        }
    }

    /// Ten-thousandths of a number, or seconds of a time, for comparisons.
    var magnitude: Int? {
        switch self {
        case .integer(let value): value &* 10_000
        case .decimal(let units, let places): units &* (places == 1 ? 1000 : 100)
        case .time(let seconds): seconds
        case .null, .text: nil
        }
    }

    private static func decimal(_ units: Int, _ places: Int) -> String {
        let scale = places == 1 ? 10 : 100
        return "\(units / scale)." + CivilTime.padded(units % scale, places)
    }
}
