/// The classes of bytes that TOML's grammar names.
extension UInt8 {
    var isTOMLBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }

    var isTOMLDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }

    var isTOMLLetter: Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= self || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= self
    }

    /// May stand in a key without quotes.
    var isTOMLBareKey: Bool {
        isTOMLLetter || isTOMLDigit || self == UInt8(ascii: "_") || self == UInt8(ascii: "-")
    }

    /// May stand in no string and no comment; the line feed is judged by the callers.
    var isTOMLControl: Bool { (self < 0x20 && self != UInt8(ascii: "\t")) || self == 0x7F }

    /// Ends a number, a date or a word.
    var endsTOMLToken: Bool {
        switch self {
        case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: "#"): true
        default: isTOMLBlank || self == UInt8(ascii: "\n") || self == UInt8(ascii: "\r")
        }
    }

    /// The value of a digit of any base up to 16.
    var tomlDigitValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self &- UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self &- UInt8(ascii: "a") &+ 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self &- UInt8(ascii: "A") &+ 10
        default: nil
        }
    }
}
