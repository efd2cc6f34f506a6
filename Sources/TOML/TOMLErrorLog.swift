/// The errors found so far, one for each line: a second one is mostly a consequence of the first.
struct TOMLErrorLog {
    /// So many errors end the reading.
    static let limit = 50

    private var errors: [TOMLError] = []
    private var lines: Set<Int> = []

    /// A log that says where the bytes are first no UTF-8, and keeps silent about all such lines.
    init(_ encoding: TOMLEncoding) {
        errors = encoding.flaw.map { [TOMLError(.notUTF8, at: $0)] } ?? []
        lines = encoding.flawedLines
    }

    var isEmpty: Bool { errors.isEmpty }

    var isFull: Bool { errors.count >= Self.limit }

    var sorted: [TOMLError] { errors.sorted { $0.position < $1.position } }

    mutating func add(_ error: TOMLError) {
        guard !isFull, lines.insert(error.position.line).inserted else { return }
        errors.append(error)
    }
}
