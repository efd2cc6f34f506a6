import JSON
import Testing

/// What every reader of this module accepts and refuses, beyond the parsing suite.
struct GrammarTests {
    private func problem(_ bytes: [UInt8]) -> String? {
        let scanned = refusal(bytes, records: nil)
        do throws(JSONError) {
            _ = try JSONValue.parse(bytes)
            #expect(scanned == nil)
        } catch {
            #expect(scanned == error)
        }
        return scanned?.problem
    }

    @Test(arguments: [
        ("", "the text ends in the middle at byte 0"), ("  ", "the text ends in the middle at byte 2"),
        ("[1", "the text ends in the middle at byte 2"),
        ("[1] x", "something follows the end of the document at byte 4"),
        ("[1,]", "an unexpected character at byte 3"), (#"{"a":1,}"#, "an unexpected character at byte 7"),
        ("[01]", "an unexpected character at byte 2"), ("[1.]", "an invalid number at byte 3"),
        ("[-]", "an invalid number at byte 2"), ("[1e+]", "an invalid number at byte 4"),
        ("[\"a\nb\"]", "a raw control character inside a string at byte 3"),
        ("[\"a\u{0}b\"]", "a raw control character inside a string at byte 3"),
        ("[\u{0}]", "an unexpected character at byte 1"),
        ("[]\u{0}", "something follows the end of the document at byte 2"),
        (#"["\x"]"#, "an invalid escape at byte 2"), (#"["\u12G4"]"#, "an invalid escape at byte 2"),
        ("\u{FEFF}[]", "a byte order mark at byte 0"), ("[nul]", "an unexpected character at byte 1"),
        ("[NaN]", "an unexpected character at byte 1"), ("['a']", "an unexpected character at byte 1"),
        ("[1 2]", "an unexpected character at byte 3"), (#"{"a" 1}"#, "an unexpected character at byte 5"),
        ("{1:2}", "an unexpected character at byte 1"), ("[}", "an unexpected character at byte 1"),
        ("[\u{A0}]", "an unexpected character at byte 1"), ("[\u{C}]", "an unexpected character at byte 1"),
        ("// c\n1", "an unexpected character at byte 0"),
    ])
    func `a refusal says what and where`(text: String, problem: String) {
        #expect(self.problem(Array(text.utf8)) == problem)
    }

    @Test(arguments: ["\"\"", "0", "-0.0e-0", " true ", "null", "\"\u{7F}\u{2028}\"", "[\"\\u0000\"]"])
    func `any value may be the document`(text: String) {
        #expect(problem(Array(text.utf8)) == nil)
    }

    @Test func `exactly the UTF-8 that Swift accepts is accepted, at every place of a word`() {
        var checked = 0
        let interesting: [UInt8] = [
            0x22, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC,
            0xED, 0xEE,
            0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xF8, 0xFF,
        ]
        for first in UInt8(0x80)...0xFF {
            for second in interesting where second != 0x22 {
                for third: UInt8 in [0x41, 0x80, 0x8F, 0xBF, 0xC0] {
                    for fourth: UInt8 in [0x41, 0x80, 0xBF, 0xC2] {
                        let body = [first, second, third, fourth]
                        let isUTF8 = String(validating: body, as: UTF8.self) != nil
                        let padding = [UInt8](repeating: 0x61, count: checked % 9)
                        let text = [0x22] + padding + body + [0x22]
                        if isAccepted(text) != isUTF8 { Issue.record("\(body)") }
                        checked += 1
                    }
                }
            }
        }
        #expect(checked == 128 * 25 * 5 * 4)
    }

    @Test func `an escape has four hexadecimal digits`() {
        for place in 0..<4 {
            for byte in UInt8.min...0x7F {
                var digits = Array("00e9".utf8)
                digits[place] = byte
                let isDigit = Character(Unicode.Scalar(byte)).isHexDigit
                for text in [
                    Array(#""\u"#.utf8) + digits + [0x22], Array(#""\ud800\u"#.utf8) + digits + [0x22],
                ]
                where isAccepted(text) != isDigit {
                    Issue.record("byte \(byte) at \(place)")
                }
            }
        }
    }

    @Test func `every byte is judged in strings of every length around a word`() {
        for byte in UInt8.min...0x7F {
            for length in 0...17 {
                let text = [0x22] + [UInt8](repeating: 0x61, count: length) + [byte] + [0x22]
                let isText = byte >= 0x20 && byte != 0x22 && byte != 0x5C
                if isAccepted(text) != isText { Issue.record("byte \(byte) behind \(length)") }
            }
        }
    }

    @Test(arguments: ["[", #"{"a":"#, #"[{"a":"#])
    func `512 levels are accepted, one more is not, and 100,000 do no harm`(opening: String) {
        func nested(_ levels: Int) -> [UInt8] {
            let count = levels / opening.count { $0 == "[" || $0 == "{" }
            let closing = String(opening.compactMap { ["[": "]", "{": "}"][$0] }.reversed())
            return Array(
                (String(repeating: opening, count: count) + "1"
                    + String(repeating: closing, count: count)).utf8)
        }
        #expect(problem(nested(512)) == nil)
        let over = opening == #"[{"a":"# ? nested(514) : nested(513)
        #expect(refusal(over, records: nil)?.kind == .tooDeep)
        #expect(problem(over)?.hasPrefix("more than 512 levels at byte ") == true)
        #expect(problem(nested(100_000))?.hasPrefix("more than 512 levels at byte ") == true)
        #expect(RecordScanner.salvage(nested(100_000), names: ["a"]).isEmpty)
    }

    @Test func `the levels around a record count`() {
        let deep = String(repeating: "[", count: 509) + String(repeating: "]", count: 509)
        #expect(refusal(#"{"data":[{"id":1,"x":\#(deep)}]}"#) == nil)
        #expect(refusal(#"{"data":[{"id":1,"x":[\#(deep)]}]}"#)?.kind == .tooDeep)
    }
}
