import TOML
import Testing

struct TOMLNumberTests {
    @Test(arguments: [
        ("0", 0), ("+0", 0), ("-0", 0), ("42", 42), ("+99", 99), ("-17", -17), ("1_000", 1000),
        ("1_2_3", 123),
        ("9223372036854775807", Int64.max), ("-9223372036854775808", Int64.min),
        ("0xDEAD_beef", 0xDEAD_BEEF), ("0x7fffffffffffffff", Int64.max), ("0o0755", 0o755), ("0b0101", 5),
    ])
    func `an integer has these forms`(text: String, expected: Int64) {
        #expect(value(text) == .integer(expected))
    }

    @Test(arguments: [
        ("1.0", 1), ("+1.5", 1.5), ("-0.01", -0.01), ("5e+22", 5e22), ("1e06", 1e6), ("-2E-2", -0.02),
        ("6.626e-34", 6.626e-34), ("224_617.445_991", 224617.445991), ("0e0", 0), ("inf", .infinity),
        ("+inf", .infinity), ("-inf", -.infinity), ("1e-400", 0),
        ("1.7976931348623157e308", .greatestFiniteMagnitude),
    ])
    func `a float has these forms`(text: String, expected: Double) {
        #expect(value(text) == .float(expected))
    }

    @Test(arguments: ["nan", "+nan", "-nan"])
    func `not a number is a float`(text: String) {
        guard case .float(let number) = value(text) else {
            Issue.record("\(text) is no float")
            return
        }
        #expect(number.isNaN)
    }

    @Test func `minus zero keeps its sign`() {
        guard case .float(let number) = value("-0.0") else {
            Issue.record("-0.0 is no float")
            return
        }
        #expect(number.sign == .minus)
    }

    @Test(arguments: [
        "1.", ".5", "1.e2", "1e", "1e+", "1.2.3", "0x", "0xg", "0b2", "0o8", "0X1", "1a", "+", "--1", "1e2.5",
        "0x1.0",
        "1'", "1=",
    ])
    func `a malformed number is refused`(text: String) {
        #expect(
            problem(text)
                == "this is not a number; allowed are forms like 42, -1_000, 0.5, 6e23, 0xff, 0o755 "
                + "and 0b01, and text needs quotes")
    }

    @Test(arguments: ["01", "-01", "+0_1", "00", "01.5", "00e1"])
    func `a leading zero is refused`(text: String) {
        #expect(problem(text) == "the number begins with a superfluous zero; leave it out")
    }

    @Test(arguments: ["_1", "1_", "1__2", "0x_1", "1_.5", "1._5", "1e_5", "1e5_"])
    func `an underscore stands between digits`(text: String) {
        let expected = "an underscore stands at the edge of the digits; it may only stand between two digits"
        #expect(problem(text) == (text == "_1" ? Self.word : expected))
    }

    @Test(arguments: [
        "9223372036854775808", "-9223372036854775809", "0x8000000000000000", "99999999999999999999",
    ])
    func `an integer of more than 64 bits is refused`(text: String) {
        #expect(problem(text) == "the integer is too large; it must fit in 64 bits with a sign")
    }

    @Test(arguments: ["1e309", "-1e309", "1e99999999999999999999"])
    func `a float that becomes infinite is refused`(text: String) {
        #expect(problem(text) == "the float is too large; it must be less than 1.8e308, or inf")
    }

    @Test(arguments: ["+0x1", "-0b1", "-0o7"])
    func `a sign before a prefix is refused`(text: String) {
        #expect(problem(text) == "a sign stands before 0x, 0o or 0b; these numbers have no sign")
    }

    @Test(arguments: ["True", "FALSE", "yes", "null", "Inf", "NaN", "truefalse", "hunter2", "~/x"])
    func `a word is refused`(text: String) {
        #expect(problem(text) == Self.word)
    }

    @Test func `booleans are in lower case`() {
        #expect(value("true") == .boolean(true))
        #expect(value("false") == .boolean(false))
    }

    private static let word =
        "this is not a value; text needs quotes, and true, false, inf and nan are in lower case"
}
