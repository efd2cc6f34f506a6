/// The command line of the sandbox.
struct Arguments {
    var port = 0
    var portFile: String?
    var settings = Settings()
    var latencyMilliseconds = 0
    var log: String?
    var script: String?
    var endsWithInput = false
    var wantsHelp = false

    /// Reads the words after the program's name.
    ///
    /// - Throws: `UsageError` with one line for the reader.
    init(_ words: [String]) throws(UsageError) {
        var rest = words[...]
        while let word = rest.popFirst() {
            switch word {
            case "-h", "--help": wantsHelp = true
            case "--until-stdin-closes": endsWithInput = true
            case "--rate-limits": settings.limitsRate = true
            case "--port": port = try Self.number(word, rest.popFirst(), in: 0...65_535)
            case "--port-file": portFile = try Self.value(word, rest.popFirst())
            case "--seed": settings.seed = UInt64(try Self.number(word, rest.popFirst(), in: 0...Int.max))
            case "--scale": settings.scale = try Self.number(word, rest.popFirst(), in: 0...2_000_000)
            case "--latency-ms": latencyMilliseconds = try Self.number(word, rest.popFirst(), in: 0...600_000)
            case "--stores": settings.stores = try Self.number(word, rest.popFirst(), in: 1...999)
            case "--log": log = try Self.value(word, rest.popFirst())
            case "--script": script = try Self.value(word, rest.popFirst())
            default: throw UsageError(problem: "unknown option \(word); see --help")
            }
        }
    }

    private static func value(_ option: String, _ word: String?) throws(UsageError) -> String {
        guard let word else { throw UsageError(problem: "\(option) needs a value") }
        return word
    }

    private static func number(_ option: String, _ word: String?, in range: ClosedRange<Int>)
        throws(UsageError) -> Int
    {
        let word = try value(option, word)
        guard let number = Int(word), range.contains(number) else {
            throw UsageError(
                problem: "\(option) \(word): a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}
