import TOML
import Testing

struct TOMLDateTimeTests {
    @Test func `a date-time with an offset`() {
        var time = TOMLDateTime()
        (time.year, time.month, time.day) = (1979, 5, 27)
        (time.hour, time.minute, time.second) = (0, 32, 1)
        time.nanosecond = 999_999_000
        time.offsetMinutes = -450
        time.text = "1979-05-27T00:32:01.999999-07:30"
        #expect(value(time.text) == .offsetDateTime(time))
    }

    @Test(arguments: [("Z", 0), ("z", 0), ("+00:00", 0), ("-00:00", 0), ("+09:00", 540), ("-23:59", -1439)])
    func `an offset is minutes east of UTC`(text: String, minutes: Int) {
        guard case .offsetDateTime(let time) = value("1979-05-27t07:32:00" + text) else {
            Issue.record("\(text) is no offset")
            return
        }
        #expect(time.offsetMinutes == minutes)
    }

    @Test func `the local kinds have no offset`() {
        guard case .localDateTime(let both) = value("1979-05-27 07:32:00"),
            case .localDate(let date) = value("2024-02-29"),
            case .localTime(let time) = value("23:59:60.5")
        else {
            Issue.record("one of the local kinds is another kind")
            return
        }
        #expect(both.text == "1979-05-27 07:32:00")
        #expect([both.offsetMinutes, date.offsetMinutes, time.offsetMinutes] == [nil, nil, nil])
        #expect(
            [date.year, date.month, date.day, date.hour, date.minute, date.second] == [2024, 2, 29, 0, 0, 0])
        #expect([time.hour, time.minute, time.second, time.nanosecond] == [23, 59, 60, 500_000_000])
    }

    @Test func `digits after the ninth are cut off`() {
        guard case .localTime(let time) = value("00:00:00.1234567899") else {
            Issue.record("this is no time")
            return
        }
        #expect(time.nanosecond == 123_456_789)
    }

    @Test func `a date may be followed by a blank and something else`() {
        #expect(TOMLDocument("a = 2024-02-29 # leap").messages == [])
        #expect(TOMLDocument("a = [2024-02-29 , 2024-02-28 ]").messages == [])
    }

    @Test(arguments: ["2023-02-29", "1900-02-29", "2024-00-01", "2024-13-01", "2024-04-31", "2024-01-00"])
    func `a day outside the calendar is refused`(text: String) {
        #expect(
            problem(text) == "the day is not in the calendar; a date is year-month-day, like 2025-01-31")
    }

    @Test(arguments: ["24:00:00", "00:60:00", "00:00:61", "2024-01-01T24:00:00Z"])
    func `a time out of range is refused`(text: String) {
        #expect(problem(text) == "the time is out of range; it is 00:00:00 to 23:59:59")
    }

    @Test(arguments: ["+24:00", "-00:60"])
    func `an offset out of range is refused`(text: String) {
        #expect(
            problem("2024-01-01T00:00:00" + text) == "the offset is out of range; it is Z or -23:59 to +23:59"
        )
    }

    @Test(arguments: ["07:32", "2024-01-01T07:32Z", "2024-01-01 07:32"])
    func `seconds are needed`(text: String) {
        #expect(
            problem(text) == "the seconds are missing; a time is hours:minutes:seconds, like 08:00:00")
    }

    @Test(arguments: [
        "2024-1-01", "2024-01-1", "24-01-01", "02024-01-01", "2024-01-01T", "2024-01-01x",
        "2024-01-01T00:00:00x",
        "2024-01-01T00:00:00.", "2024-01-01T00:00:00.Z", "00:00:00Z", "2024-01-01T00:00:00+0900", "7:32:00",
        "2024-01-01_00:00:00", "20240-01-01", "00:00:000",
    ])
    func `a malformed date or time is refused`(text: String) {
        #expect(
            problem(text)
                == "this is not a date or a time; allowed are forms like 2025-01-31, 2025-01-31T08:00:00, "
                + "2025-01-31T08:00:00+09:00 and 08:00:00")
    }
}
