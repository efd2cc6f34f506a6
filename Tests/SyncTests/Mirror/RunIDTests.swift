import Sync
import Testing

struct RunIDTests {
    private let now = Timestamp("2026-11-20T03:00:00Z") ?? Timestamp(secondsSinceEpoch: 0)

    @Test func `an id is the start and four hex digits`() {
        #expect(RunID.next(after: nil, now: now, suffix: "7f3a") == "20261120T030000Z-7f3a")
        #expect(
            RunID.next(after: "20261120T025959Z-ffff", now: now, suffix: "0000") == "20261120T030000Z-0000")
    }

    @Test func `where the clock stepped back the start is pushed forward`() {
        #expect(
            RunID.next(after: "20261121T090000Z-aaaa", now: now, suffix: "0001") == "20261121T090001Z-0001")
        #expect(
            RunID.next(after: "20261120T030000Z-8000", now: now, suffix: "7f3a") == "20261120T030001Z-7f3a")
        #expect(
            RunID.next(after: "20261231T235959Z-8000", now: now, suffix: "7f3a") == "20270101T000000Z-7f3a")
    }

    @Test func `ids grow whatever the clock does`() {
        var newest: String?
        for shift: Int64 in [0, 0, 0, -86_400, 5, 1, -1, 86_400, 0] {
            let id = RunID.next(after: newest, now: now.adding(seconds: shift), suffix: "0000")
            #expect(newest.map { id > $0 } ?? true)
            newest = id
        }
    }

    @Test func `ids that ran ahead of the clock are caught up with`() {
        var newest: String?
        for _ in 0..<5 { newest = RunID.next(after: newest, now: now, suffix: "0000") }
        #expect(newest == "20261120T030004Z-0000")
        let later = RunID.next(after: newest, now: now.adding(seconds: 5), suffix: "0000")
        #expect(later == "20261120T030005Z-0000")
    }

    @Test func `an id tells its start`() {
        #expect(RunID.start(of: "20261120T030000Z-7f3a") == now)
        #expect(RunID.start(of: "20261120T030000Z-7f3a.json") == now)
        for wrong in [
            "", "latest", "20261320T030000Z-7f3a", "20261120T030000", "20261120T030000+-7f3a",
            "20261120 030000Z-7f3a",
            "2026112OT030000Z-7f3a", "日本日本日本日本日本日本",
        ] {
            #expect(RunID.start(of: wrong) == nil)
        }
    }
}
