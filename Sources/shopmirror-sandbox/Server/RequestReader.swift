/// Cuts requests out of the bytes a client sends; several may stand in one piece.
struct RequestReader {
    enum Outcome {
        case incomplete
        case request(Request, keepsAlive: Bool)
        case refused(Response)
    }

    private static let longestHead = 65_536
    private static let longestBody = 16_777_216

    private var bytes: [UInt8] = []
    private var start = 0
    private var head: (request: Request, length: Int, keepsAlive: Bool)?
    /// Set once when the client asked for `100 Continue`; the server answers and clears it.
    var expectsContinue = false

    mutating func append(_ piece: UnsafeRawBufferPointer) {
        if start == bytes.count {
            bytes.removeAll(keepingCapacity: true)
            start = 0
        }
        bytes.append(contentsOf: piece)
    }

    /// The next complete request.
    mutating func next() -> Outcome {
        if head == nil {
            guard let end = headEnd() else {
                return bytes.count - start > Self.longestHead
                    ? .refused(.plain("head too long", status: 413)) : .incomplete
            }
            let text = String(decoding: bytes[start..<end], as: UTF8.self)
            start = end + 4
            if let refusal = readHead(text) { return .refused(refusal) }
        }
        guard let current = head, bytes.count - start >= current.length else { return .incomplete }
        var request = current.request
        request.body = Array(bytes[start..<(start + current.length)])
        start += current.length
        head = nil
        expectsContinue = false
        return .request(request, keepsAlive: current.keepsAlive)
    }

    private func headEnd() -> Int? {
        var index = start
        while index + 3 < bytes.count {
            if bytes[index] == 13, bytes[index + 1] == 10, bytes[index + 2] == 13, bytes[index + 3] == 10 {
                return index
            }
            index += 1
        }
        return nil
    }

    private mutating func readHead(_ text: String) -> Response? {
        // By bytes, which is several times as fast as by characters.
        let lines = text.utf8.split(separator: 10).map { $0.last == 13 ? $0.dropLast() : $0 }
        let words = (lines.first ?? ""[...].utf8).split(
            separator: UInt8(ascii: " "), omittingEmptySubsequences: false
        )
        .map { Substring($0) }
        guard words.count == 3, words[2].hasPrefix("HTTP/1.") else {
            return .plain("not a request line", status: 400)
        }
        var headers: [(name: String, value: String)] = []
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == UInt8(ascii: " ") }
            headers.append((Substring(line[..<colon]).lowercased(), String(Substring(value))))
        }
        let request = Request(
            method: String(words[0]), target: String(words[1]), headers: headers, body: [])
        guard request.header("transfer-encoding") == nil else {
            return .plain("a length is needed", status: 411)
        }
        let length = request.header("content-length").map { Int($0) ?? -1 } ?? 0
        guard length >= 0, length <= Self.longestBody else { return .plain("bad length", status: 413) }
        let keepsAlive = words[2] == "HTTP/1.1" && request.header("connection")?.lowercased() != "close"
        expectsContinue = request.header("expect")?.lowercased() == "100-continue"
        head = (request, length, keepsAlive)
        return nil
    }
}
