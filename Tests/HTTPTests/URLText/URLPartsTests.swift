import HTTP
import Testing

struct URLPartsTests {
    @Test func `every part is found`() throws {
        let parts = try #require(URLParts.parse("HTTPS://API.Example.com:8443/a/b%20c?x=1&y=?/#frag?#"))
        #expect(parts.scheme == "https")
        #expect(parts.host == "api.example.com")
        #expect(parts.port == 8443)
        #expect(parts.path == "/a/b%20c")
        #expect(parts.query == "x=1&y=?/")
        #expect(parts.fragment == "frag?#")
        #expect(parts.authority == "api.example.com:8443")
    }

    @Test func `parts that are missing are not empty ones`() throws {
        let bare = try #require(URLParts.parse("app+x.y-1://h"))
        #expect(bare.scheme == "app+x.y-1" && bare.host == "h" && bare.path == "")
        #expect(bare.port == nil && bare.query == nil && bare.fragment == nil)
        let empty = try #require(URLParts.parse("http://h?#"))
        #expect(empty.path == "" && empty.query == "" && empty.fragment == "")
    }

    @Test func `an IPv6 address is in brackets in a URL only`() throws {
        let parts = try #require(URLParts.parse("http://[2001:DB8::1]:80/"))
        #expect(parts.host == "2001:db8::1" && parts.port == 80)
        #expect(parts.authority == "[2001:db8::1]:80")
        #expect(URLParts.parse("http://[::1]")?.port == nil)
    }

    @Test(arguments: [
        "", ":", "://", "http", "http:", "http:/h", "http://", "http:///a", "http://?a", "1http://h",
        "h ttp://h", "//h/a",
        "http://user@h/", "http://user:secret@h/", "http://@h", "http://h@evil/", "http://h:80@evil/",
        "http://h /", "http:// h",
        "http://h/a b", "http://h/\t", "http://h/\n", "http://h/\0", "http://h/\u{7F}", "http://h/\u{A0}",
        "http://h/\u{2028}",
        "http://h\\@evil/", "http://h/\\", "http://h:/", "http://h:0/", "http://h:65536/", "http://h:-1/",
        "http://h:+80/",
        "http://h:8a/", "http://h:123456/", "http://h:80:80/", "http://h%41/", "http://h%2f@e/",
        "http://[::1", "http://[::1]x/",
        "http://[::1]x:80/", "http://[]/", "http://[127.0.0.1]/", "http://[fe80::1%25eth0]/", "http://::1/",
        "http://[h]/", "http://a;b/",
        "http://a,b/", "http://[::1]:/",
    ])
    func `what readers could take in two ways is refused`(text: String) {
        #expect(URLParts.parse(text) == nil)
    }

    @Test(arguments: [
        "http://localhost", "http://LOCALHOST:80/", "http://127.0.0.1", "http://127.255.0.9:1/",
        "http://[::1]:80/", "http://[0:0::0:1]/",
    ])
    func `loopback addresses`(text: String) {
        #expect(URLParts.parse(text)?.isLoopback == true)
    }

    @Test(arguments: [
        "http://localhost.example.com", "http://127.0.0.1.example.com", "http://128.0.0.1", "http://127.1",
        "http://2130706433",
        "http://0.0.0.0", "http://[::]", "http://[::2]/", "http://[::ffff:127.0.0.1]/", "http://0127.0.0.1/",
        "http://localhost./",
        "http://example.com/localhost",
    ])
    func `addresses that only look like loopback`(text: String) {
        #expect(URLParts.parse(text)?.isLoopback == false)
    }

    @Test func `query items are decoded, of a repeated name the first counts`() throws {
        let parts = try #require(URLParts.parse("http://h/?a=1+2%2B&b&a=3&&c=x=y&%64=%zz&=v"))
        #expect(parts.queryItems == ["a": "1 2+", "b": "", "c": "x=y", "d": "%zz", "": "v"])
        #expect(parts.queryPairs.map(\.name) == ["a", "b", "a", "c", "%64", ""])
        #expect(parts.queryPairs.map(\.value) == ["1+2%2B", "", "3", "x=y", "%zz", "v"])
        #expect(URLParts.parse("http://h/")?.queryItems == [:])
    }

    @Test func `no text brings the parser down`() {
        var generator = Generator(state: 7)
        let alphabet = Array("ht:p/[]@?#%&=.1\\ \u{0}é")
        for _ in 0..<20_000 {
            let text = String(
                (0..<Int.random(in: 0...24, using: &generator)).map { _ in
                    alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
                })
            _ = URLParts.parse("http://" + text)?.queryItems
            _ = URLParts.parse(text)
        }
    }
}

/// A repeatable source of chance (xorshift).
struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
