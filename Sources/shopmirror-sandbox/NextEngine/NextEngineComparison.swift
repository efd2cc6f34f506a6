/// The operators that compare numbers and times.
enum NextEngineComparison: String {
    case eq, neq, lt, lte, gt, gte

    func holds(_ value: Int, _ limit: Int) -> Bool {
        switch self {
        case .eq: value == limit
        case .neq: value != limit
        case .lt: value < limit
        case .lte: value <= limit
        case .gt: value > limit
        case .gte: value >= limit
        }
    }
}
