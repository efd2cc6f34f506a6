import Sync
import Testing

struct QuantityTests {
    @Test(arguments: [
        ("0s", 0), ("90s", 90), ("50m", 3000), ("2h", 7200), ("7d", 604_800), ("1w", 604_800),
        ("1h30m", 5400),
        ("3650d", 315_360_000),
    ])
    func `durations`(text: String, seconds: Int64) {
        #expect(Quantity.seconds(text) == seconds)
    }

    @Test(arguments: [
        "", "90", "s", "1.5h", "-1s", "+1s", "1 h", "1H", "h1", "1h30", "3651d", "99999999999s", "１s",
    ])
    func `no durations`(text: String) {
        #expect(Quantity.seconds(text) == nil)
    }

    @Test(arguments: [
        ("1000", 1000), ("512KiB", 524_288), ("16MiB", 16_777_216), ("1GiB", 1_073_741_824),
        ("4MB", 4_000_000),
        ("2kB", 2000), ("7B", 7), ("1024GiB", 1 << 40),
    ])
    func `sizes`(text: String, bytes: Int) {
        #expect(Quantity.bytes(text) == bytes)
    }

    @Test(arguments: [
        "", "MiB", "-1MiB", "+1MiB", "1.5MiB", "1 MiB", "1mib", "1025GiB", "99999999999999999999B",
    ])
    func `no sizes`(text: String) {
        #expect(Quantity.bytes(text) == nil)
    }

    @Test func `a moment is a time, a date at midnight UTC, or an age`() throws {
        let now = try #require(Timestamp("2026-11-20T03:00:00Z"))
        #expect(Quantity.moment("2026-01-31T09:00:00+09:00", now: now)?.text == "2026-01-31T00:00:00Z")
        #expect(Quantity.moment("2026-01-31", now: now)?.text == "2026-01-31T00:00:00Z")
        #expect(Quantity.moment("36h", now: now)?.text == "2026-11-18T15:00:00Z")
        #expect(Quantity.moment("30d", now: now)?.text == "2026-10-21T03:00:00Z")
        for wrong in ["", "yesterday", "2026-1-31", "2026-02-30", "2026-01-31T09:00:00", "36"] {
            #expect(Quantity.moment(wrong, now: now) == nil)
        }
    }

    @Test(arguments: [(0, "0s"), (90, "1m30s"), (21_600, "6h"), (604_800, "7d"), (90_061, "1d1h")])
    func `durations are told in two parts at most`(seconds: Int64, text: String) {
        #expect(Quantity.text(seconds: seconds) == text)
    }
}
