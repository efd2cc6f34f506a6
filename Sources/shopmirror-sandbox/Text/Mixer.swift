/// Repeatable randomness: the same seed and the same place give the same number.
struct Mixer {
    private var state: UInt64

    init(seed: UInt64, _ parts: Int...) {
        state = seed
        for part in parts {
            state = Self.scramble(state ^ UInt64(bitPattern: Int64(part)) &* 0x9E37_79B9_7F4A_7C15)
        }
    }

    /// The next number below `bound`.
    mutating func next(_ bound: Int) -> Int {
        state = Self.scramble(state &+ 0x9E37_79B9_7F4A_7C15)
        return bound <= 1 ? 0 : Int(truncatingIfNeeded: (state >> 33) % UInt64(bound))
    }

    /// True in `share` of 100 cases.
    mutating func chance(_ share: Int) -> Bool { next(100) < share }

    mutating func pick(_ words: [String]) -> String {
        words.isEmpty ? "" : words[next(words.count)]
    }

    private static func scramble(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A stable number for a name.
    static func salt(_ name: String) -> Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return Int(truncatingIfNeeded: hash >> 1)
    }
}
