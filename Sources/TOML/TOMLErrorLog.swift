/// The errors found so far, one for each line: a second one is mostly a consequence of the first.
struct TOMLErrorLog {
    /// So many errors end the reading.
    static let limit = 50

    private var errors: [TOMLError] = []
    private var lines: Set<Int> = []

    /// A log that keeps silent about `lines`, which are known to be broken for another reason.
    init(silentAbout lines: Set<Int> = []) {
        self.lines = lines
    }

    var isFull: Bool { errors.count >= Self.limit }

    var sorted: [TOMLError] { errors.sorted { $0.position < $1.position } }

    mutating func add(_ error: TOMLError) {
        guard !isFull, lines.insert(error.position.line).inserted else { return }
        errors.append(error)
    }
}
