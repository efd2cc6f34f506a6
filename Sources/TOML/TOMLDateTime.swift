/// A date, a time or both, checked against the calendar.
///
/// The parts a kind does not have are zero: a local time has no date, a local date has no time.
package struct TOMLDateTime: Hashable, Sendable {
    package var year = 0
    package var month = 0
    package var day = 0
    package var hour = 0
    package var minute = 0
    /// 0 to 60; RFC 3339 allows 60 for a leap second.
    package var second = 0
    /// Digits after the ninth are cut off.
    package var nanosecond = 0
    /// Minutes east of UTC; nil for the local kinds.
    package var offsetMinutes: Int?
    /// As written in the file.
    package var text = ""

    package init() {}
}
