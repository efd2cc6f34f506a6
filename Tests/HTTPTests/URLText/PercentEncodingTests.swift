import HTTP
import Testing

struct PercentEncodingTests {
    @Test(arguments: [
        ("", ""), ("AZaz09-._~", "AZaz09-._~"), ("a b", "a%20b"), ("a+b", "a%2Bb"),
        ("a&b=c/d?e#f%", "a%26b%3Dc%2Fd%3Fe%23f%25"),
        ("東", "%E6%9D%B1"),
        ("!*'();:@,$[]\"\\^`{|}<>", "%21%2A%27%28%29%3B%3A%40%2C%24%5B%5D%22%5C%5E%60%7B%7C%7D%3C%3E"),
        ("\0\r\n\u{7F}", "%00%0D%0A%7F"),
    ])
    func `everything but unreserved characters is encoded`(text: String, encoded: String) {
        #expect(PercentEncoding.query(text) == encoded)
        #expect(PercentEncoding.form(text) == encoded)
        #expect(PercentEncoding.decoded(encoded) == text)
    }

    @Test(arguments: [
        ("%", "%"), ("%4", "%4"), ("%zz", "%zz"), ("%%41", "%A"), ("%4%41", "%4A"), ("a+b%2Bc", "a+b+c"),
        ("%e6%9d%b1", "東"),
        ("%ff", "\u{FFFD}"), ("+", "+"),
    ])
    func `what is no triplet stays as it is`(text: String, decoded: String) {
        #expect(PercentEncoding.decoded(text) == decoded)
    }

    @Test func `a plus sign is a space where forms are read`() {
        #expect(PercentEncoding.decoded("a+b%2B", plusIsSpace: true) == "a b+")
    }

    @Test func `a form keeps the order of its fields and repeats names`() {
        let body = FormBody.encode([("b", "1 2"), ("a", "x&y=z"), ("b", ""), ("é", "+")])
        #expect(body.text == "b=1%202&a=x%26y%3Dz&b=&%C3%A9=%2B")
        #expect(FormBody.encode([]) == [])
    }
}
