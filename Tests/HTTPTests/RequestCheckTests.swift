import HTTP
import Testing

struct RequestCheckTests {
    @Test(arguments: [
        ("http://127.0.0.1:1/a\r\nX: y", "the URL is not a valid absolute one"),
        ("http://127.0.0.1:1/a\0", "the URL is not a valid absolute one"),
        ("http://127.0.0.1:1/a b", "the URL is not a valid absolute one"),
        ("http://me:secret@127.0.0.1:1/", "the URL is not a valid absolute one"),
        ("/a", "the URL is not a valid absolute one"), ("", "the URL is not a valid absolute one"),
        ("file:///etc/passwd", "the URL is not a valid absolute one"),
        ("file://localhost/etc/passwd", "'file' is not http or https"),
        ("ftp://127.0.0.1/a?secret", "'ftp' is not http or https"),
    ])
    func `a URL that must not be sent`(url: String, message: String) async throws {
        let error = try await fault(of: HTTPRequest(url: url), on: makeTransport())
        #expect(error.kind == .malformed)
        #expect(error.message == message)
    }

    @Test(arguments: [
        ("", "b", "a header's name is not valid"), ("X A", "b", "a header's name is not valid"),
        ("X:A", "b", "a header's name is not valid"), ("X\r\nY", "b", "a header's name is not valid"),
        ("X-A", "b\r\nX-B: c", "the value of the header 'X-A' holds a line break or a NUL"),
        ("X-A", "b\nc", "the value of the header 'X-A' holds a line break or a NUL"),
        ("X-A", "b\rc", "the value of the header 'X-A' holds a line break or a NUL"),
        ("X-A", "b\0c", "the value of the header 'X-A' holds a line break or a NUL"),
        ("content-LENGTH", "5", "the header 'content-LENGTH' is the transport's own"),
        ("Transfer-Encoding", "chunked", "the header 'Transfer-Encoding' is the transport's own"),
    ])
    func `a header that must not be sent`(name: String, value: String, message: String) async throws {
        let request = HTTPRequest(url: "http://127.0.0.1:1/", headers: [(name, value)])
        let error = try await fault(of: request, on: makeTransport())
        #expect(error.kind == .malformed)
        #expect(error.message == message)
    }
}
