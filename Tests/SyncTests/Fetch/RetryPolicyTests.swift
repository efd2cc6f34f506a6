import HTTP
import Sync
import Testing

struct RetryPolicyTests {
    @Test func `waits double from one second to at most sixty, times a random share`() {
        let policy = RetryPolicy(maxAttempts: 10)
        let longest = (1...9).map { policy.delay(after: $0, retryAfter: nil, random: 1) }
        #expect(longest == [1, 2, 4, 8, 16, 32, 60, 60, 60])
        #expect(policy.delay(after: 3, retryAfter: nil, random: 0) == 0)
        #expect(policy.delay(after: 3, retryAfter: nil, random: 0.25) == 1)
    }

    @Test func `the last attempt is the last`() {
        #expect(RetryPolicy(maxAttempts: 5).delay(after: 4, retryAfter: nil, random: 1) != nil)
        #expect(RetryPolicy(maxAttempts: 5).delay(after: 5, retryAfter: nil, random: 1) == nil)
        #expect(RetryPolicy(maxAttempts: 5).delay(after: 5, retryAfter: 1, random: 1) == nil)
        #expect(RetryPolicy(maxAttempts: 1).delay(after: 1, retryAfter: nil, random: 1) == nil)
    }

    @Test func `what the platform asks for beats our own delay, up to a bound`() {
        let policy = RetryPolicy(maxAttempts: 5)
        #expect(policy.delay(after: 1, retryAfter: 77, random: 0.1) == 77)
        #expect(policy.delay(after: 1, retryAfter: 0, random: 1) == 0)
        #expect(
            policy.delay(after: 1, retryAfter: RetryPolicy.maximumWait, random: 1) == RetryPolicy.maximumWait)
        #expect(policy.delay(after: 1, retryAfter: RetryPolicy.maximumWait + 1, random: 1) == nil)
    }

    @Test(arguments: [
        ("7", 7.0), ("0", 0), ("1.5", 1.5), ("Fri, 20 Nov 2026 03:01:00 GMT", 60),
        ("Fri, 20 Nov 2026 02:00:00 GMT", 0),
    ])
    func `Retry-After is seconds or a date`(text: String, seconds: Double) throws {
        let now = try #require(Timestamp("2026-11-20T03:00:00Z"))
        #expect(
            RetryPolicy.retryAfter(HTTPHeaders([(name: "retry-after", value: text)]), now: now) == seconds)
    }

    @Test(arguments: [
        "soon", "-1", "inf", "nan", "Fri, 20 Nov 2026 03:01:00 JST", "20 Nov 2026 03:01:00 GMT", "",
    ])
    func `another Retry-After is none`(text: String) throws {
        let now = try #require(Timestamp("2026-11-20T03:00:00Z"))
        #expect(RetryPolicy.retryAfter(HTTPHeaders([(name: "Retry-After", value: text)]), now: now) == nil)
        #expect(RetryPolicy.retryAfter(HTTPHeaders(), now: now) == nil)
    }

    @Test func `a date of an HTTP header is read in every month`() {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        for (index, month) in months.enumerated() {
            let number = index < 9 ? "0\(index + 1)" : "\(index + 1)"
            #expect(
                HTTPDate.read("Fri, 09 \(month) 2026 03:04:05 GMT")?.text == "2026-\(number)-09T03:04:05Z")
        }
    }

    @Test(arguments: ["Wed, 5 Nov 2025 03:00:00 GMT", "Wed,  5 Nov 2025 03:00:00 GMT"])
    func `a day of one digit is taken`(text: String) {
        #expect(HTTPDate.read(text)?.text == "2025-11-05T03:00:00Z")
    }

    @Test(arguments: [
        "Fri, 31 Feb 2026 03:04:05 GMT", "Fri, 09 Foo 2026 03:04:05 GMT", "Fri, 09 Nov 2026 03:04:05 UTC",
        "Fri, 09 Nov 2026 03:04:61 GMT", "Fri, 09-Nov 2026 03:04:05 GMT", "Fri, 09 Nov-2026 03:04:05 GMT",
        "Fri, 09 Nov 2026T03:04:05 GMT", "Fri, 009 Nov 2026 03:04:05 GMT", "Fri, é Nov 2026 03:04:05 GMT",
        "Fri, 09 Nov 26 03:04:05 GMT", "Fri, 09 Nov 2026 GMT GMT", "Fri, 09 Nov 2026 03:04:05",
        "Friday, 09-Nov-26 03:04:05 GMT", "é", "",
    ])
    func `another date is none`(text: String) {
        #expect(HTTPDate.read(text) == nil)
    }

    @Test func `faults that may pass are repeated, others are not`() {
        let repeated: [TransportError.Kind] = [.network, .timedOut, .malformed]
        for kind in repeated { #expect(RetryPolicy.mayRepeat(TransportError(kind, ""))) }
        for kind in [TransportError.Kind.tls, .responseTooLarge, .cancelled] {
            #expect(!RetryPolicy.mayRepeat(TransportError(kind, "")))
        }
    }
}
