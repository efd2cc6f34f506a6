package import HTTP

/// When a request is repeated, and after how long.
///
/// The only place that decides it.
package struct RetryPolicy: Sendable {
    package var maxAttempts: Int

    package init(maxAttempts: Int) { self.maxAttempts = maxAttempts }

    /// Longest wait that `Retry-After` is granted, in seconds.
    package static let maximumWait = 900.0

    /// - Parameters:
    ///   - attempt: The attempt that failed, from 1.
    ///   - retryAfter: What the answer asked for, in seconds.
    ///   - random: From 0 to 1.
    /// - Returns: Seconds to wait before the next attempt; nil when there is none.
    package func delay(after attempt: Int, retryAfter: Double?, random: Double) -> Double? {
        guard attempt < maxAttempts else { return nil }
        if let retryAfter { return retryAfter <= Self.maximumWait ? retryAfter : nil }
        let ceiling = min(60, Double(1 << min(attempt - 1, 6)))
        return ceiling * random
    }

    /// What an answer asks to wait, in seconds: a number, or an HTTP date.
    ///
    /// Source: RFC 9110, section 10.2.3 (`Retry-After`).
    package static func retryAfter(_ headers: HTTPHeaders, now: Timestamp) -> Double? {
        guard let text = headers["Retry-After"] else { return nil }
        if let seconds = Double(text), seconds >= 0, seconds.isFinite { return seconds }
        guard let date = HTTPDate.read(text) else { return nil }
        return max(0, Double(date.secondsSinceEpoch - now.secondsSinceEpoch))
    }

    /// Whether a transport fault may go away by itself.
    package static func mayRepeat(_ error: TransportError) -> Bool {
        switch error.kind {
        case .network, .timedOut, .malformed: true
        default: false
        }
    }
}

/// The date of an HTTP header: `Fri, 20 Nov 2026 03:00:00 GMT`.
///
/// Source: RFC 9110, section 5.6.7 (`IMF-fixdate`).
package enum HTTPDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Takes a day of one digit, too.
    package static func read(_ text: String) -> Timestamp? {
        let parts = text.utf8.split(separator: 0x20)
        guard parts.count == 6, parts[5].elementsEqual("GMT".utf8),
            let month = months.firstIndex(where: { parts[2].elementsEqual($0.utf8) })
        else { return nil }
        let (tens, ones) = UInt8(month + 1).quotientAndRemainder(dividingBy: 10)
        var time = Array(parts[3]) + [0x2D, 0x30 + tens, 0x30 + ones, 0x2D]
        if parts[1].count == 1 { time.append(0x30) }
        time += parts[1]
        time.append(0x54)
        time += parts[4]
        time.append(0x5A)
        return time.withUnsafeBytes { TimeReader.read($0, zone: .stated) }
    }
}
