import Sync
import Testing

struct TimestampTests {
    @Test(arguments: [
        ("2026-11-20T03:00:00Z", "2026-11-20T03:00:00Z"), ("2026-11-20t03:00:00z", "2026-11-20T03:00:00Z"),
        ("2026-11-20 03:00:00Z", "2026-11-20T03:00:00Z"),
        ("2026-11-20T03:00:00+00:00", "2026-11-20T03:00:00Z"),
        ("2026-11-20T11:00:00+0800", "2026-11-20T03:00:00Z"),
        ("2026-11-20T11:00:00+08", "2026-11-20T03:00:00Z"),
        ("2026-11-19T21:30:00-05:30", "2026-11-20T03:00:00Z"),
        ("2026-11-20T03:00:00.9Z", "2026-11-20T03:00:00Z"),
        ("2026-11-20T03:00:00.123456789+00:00", "2026-11-20T03:00:00Z"),
        ("2026-12-31T23:59:60Z", "2027-01-01T00:00:00Z"), ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"),
        ("2000-02-29T12:00:00Z", "2000-02-29T12:00:00Z"), ("1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z"),
        ("1900-03-01T00:00:00Z", "1900-03-01T00:00:00Z"), ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("2100-02-28T23:59:59-00:01", "2100-03-01T00:00:59Z"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
    ])
    func `a time of any form is one moment in UTC`(written: String, shown: String) {
        #expect(Timestamp(written)?.text == shown)
    }

    @Test(arguments: [
        "", "2026-11-20", "2026-11-20T03:00:00", "2026-11-20T03:00Z", "2026-11-20T24:00:00Z",
        "2026-11-20T03:60:00Z",
        "2026-11-20T03:00:61Z", "2026-00-20T03:00:00Z", "2026-13-20T03:00:00Z", "2026-11-31T03:00:00Z",
        "2026-02-29T03:00:00Z", "2100-02-29T00:00:00Z", "2026-11-00T03:00:00Z", "2026-11-20T03:00:00.Z",
        "2026-11-20T03:00:00+24:00", "2026-11-20T03:00:00+08:60", "2026-11-20T03:00:00+8",
        "2026-11-20T03:00:00+080",
        "2026-11-20T03:00:00Zx", "2026-11-20T03:00:00+08:00 ", " 2026-11-20T03:00:00Z",
        "2026/11/20T03:00:00Z",
        "2026-11-20X03:00:00Z", "+2026-1-20T03:00:00Z", "now", "20261120T030000Z", "２０２６-11-20T03:00:00Z",
        "9999-12-31T23:59:59-00:01", "0000-01-01T00:00:00+00:01",
    ])
    func `anything else is no time`(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test func `no byte stands where another one has to`() {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        let whole = Array("2026-11-20T03:04:05Z".utf8)
        for place in whole.indices {
            for byte in UInt8.min...UInt8.max {
                var bytes = whole
                bytes[place] = byte
                let time = bytes.withUnsafeBytes { TimeReader.read($0, zone: .stated) }
                let isRight =
                    switch place {
                    case 10: [0x54, 0x74, 0x20].contains(byte)
                    case 19: [0x5A, 0x7A].contains(byte)
                    case 4, 7, 13, 16: byte == whole[place]
                    case 5: [0x30, 0x31].contains(byte)
                    case 6, 11: (0x30...0x32).contains(byte)
                    case 8: (0x31...0x33).contains(byte)
                    case 14, 17: (0x30...0x35).contains(byte)
                    default: digits.contains(byte)
                    }
                #expect((time != nil) == isRight, "byte \(byte) at \(place)")
                guard let time, place < 10 || place > 10, place < 19 else { continue }
                #expect(time.text == String(decoding: bytes, as: UTF8.self))
            }
        }
    }

    @Test func `a time without a zone takes the platform's, one with a zone its own`() {
        let japan = TimeReader.Zone.assumed(9 * 3600)
        #expect(Timestamp("2026-01-01 08:59:59", zone: japan)?.text == "2025-12-31T23:59:59Z")
        #expect(Timestamp("2026-01-01 08:59:59.5", zone: japan)?.text == "2025-12-31T23:59:59Z")
        #expect(Timestamp("2026-01-01T08:59:59Z", zone: japan)?.text == "2026-01-01T08:59:59Z")
    }

    @Test(arguments: [
        ("0", "1970-01-01T00:00:00Z"), ("-1", "1969-12-31T23:59:59Z"), ("1782777600", "2026-06-30T00:00:00Z"),
        ("1782777600999", "2026-06-30T00:00:00Z"), ("99999999999", "5138-11-16T09:46:39Z"),
        ("100000000000", "1973-03-03T09:46:40Z"), ("4102444801", "2100-01-01T00:00:01Z"),
    ])
    func `Unix times are seconds, and milliseconds from ten to the eleventh on`(
        written: String, shown: String
    ) {
        #expect(Timestamp(written, zone: .unix)?.text == shown)
    }

    @Test(arguments: [
        "", "1.5", "1e9", "9999999999999999", "-9999999999999999", "soon", "99999999999999999999",
    ])
    func `other Unix times are none`(text: String) {
        #expect(Timestamp(text, zone: .unix) == nil)
    }

    @Test func `the calendar agrees with itself day by day for six centuries`() {
        var previous = ""
        for day in stride(from: -150_000, through: 70_000, by: 1) {
            let time = Timestamp(secondsSinceEpoch: Int64(day) * 86_400 + 86_399)
            let text = time.text
            #expect(text.hasSuffix("T23:59:59Z"))
            #expect(text > previous)
            #expect(Timestamp(text) == time)
            previous = text
        }
    }

    @Test func `adding never leaves the years that twenty characters can hold`() {
        let time = Timestamp(secondsSinceEpoch: 0)
        #expect(time.adding(seconds: .max).text == "9999-12-31T23:59:59Z")
        #expect(time.adding(seconds: .min).text == "0000-01-01T00:00:00Z")
        #expect(time.adding(seconds: 59).text == "1970-01-01T00:00:59Z")
    }

    @Test func `the compact form is a run id's first part`() {
        #expect(Timestamp("2026-11-20T03:04:05Z")?.compact == "20261120T030405Z")
    }

    @Test func `filters are written as each platform writes times`() throws {
        let time = try #require(Timestamp("2025-12-31T16:00:00Z"))
        #expect(TimeForm.iso8601.write(time) == "2025-12-31T16:00:00+00:00")
        #expect(TimeForm.japan.write(time) == "2026-01-01 01:00:00")
        #expect(TimeForm.unix.write(time) == "1767196800")
        for form in [TimeForm.iso8601, .japan, .unix] {
            #expect(Timestamp(form.write(time), zone: form.zone) == time)
        }
    }
}
