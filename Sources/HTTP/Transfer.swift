import CCurl

/// One exchange in progress: takes libcurl's bytes and makes the outcome of them; used by the loop's thread alone.
final class Transfer {
    let submission: Submission
    let handle: CurlHandle
    private(set) var head = ResponseHead()
    private var body: [UInt8] = []
    /// The length that the response announced, where nothing is decompressed.
    private var announced: Int?
    /// Milliseconds that were added to the time limits.
    private(set) var extra = 0
    private var refusal: (kind: TransportError.Kind, message: String)?

    init(_ submission: Submission, on handle: CurlHandle) {
        self.submission = submission
        self.handle = handle
    }

    static func from(_ context: UnsafeMutableRawPointer?) -> Transfer? {
        context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Gives the server more time than the request does.
    func prolong(by time: Duration) {
        extra += Int(time / .milliseconds(1))
        handle.prolong(submission.request, by: extra)
    }

    /// Takes one header line; returns how much of it was taken, which is nothing when the response is refused.
    func receive(header line: UnsafeRawBufferPointer) -> Int {
        switch head.receive(line) {
        case .unfinished:
            return line.count
        case .refused(let message):
            refusal = (.malformed, message)
            return 0
        case .finished:
            return makeRoom() ? line.count : 0
        }
    }

    /// Takes decoded bytes of the body; keeps as many as are allowed and then refuses the response.
    func receive(body bytes: UnsafeRawBufferPointer) -> Int {
        let room = max(submission.request.maximumResponseBytes, 0) - body.count
        guard bytes.count <= room else {
            body.append(contentsOf: bytes.prefix(room))
            let size = announced.map {
                "the response announces a body of \($0) bytes, more than \(body.count)"
            }
            refusal = (.responseTooLarge, size ?? "the response's body is larger than \(body.count) bytes")
            return 0
        }
        body.append(contentsOf: bytes)
        return bytes.count
    }

    /// What became of the exchange; hands the body over, so it may be asked for once.
    func outcome(_ code: CURLcode) -> Submission.Outcome {
        let fault = refusal ?? CurlVerdict(code, of: self).fault
        guard let fault else { return .success(response()) }
        return .failure(error(fault.kind, fault.message))
    }

    /// The error with everything that is known of the exchange so far; hands the body over.
    func error(_ kind: TransportError.Kind, _ message: String) -> TransportError {
        TransportError(
            kind, message, received: takeBody(), status: head.isFinished ? head.status : nil,
            wireBytes: wireBytes, durationMilliseconds: submission.elapsedMilliseconds)
    }

    private func response() -> HTTPResponse {
        HTTPResponse(
            status: head.status ?? 0, headers: head.headers, body: takeBody(), wireBytes: wireBytes,
            durationMilliseconds: submission.elapsedMilliseconds, httpVersion: httpVersion)
    }

    private var wireBytes: Int {
        head.bytesReceived + handle.number(CURLINFO_SIZE_DOWNLOAD_T)
    }

    private var httpVersion: String {
        switch handle.smallNumber(CURLINFO_HTTP_VERSION) {
        case Int(CURL_HTTP_VERSION_1_0): "HTTP/1.0"
        case Int(CURL_HTTP_VERSION_1_1): "HTTP/1.1"
        case Int(CURL_HTTP_VERSION_2_0): "HTTP/2"
        case Int(CURL_HTTP_VERSION_3): "HTTP/3"
        default: "HTTP"
        }
    }

    /// Gives the buffer away, so that whoever gets it is its only owner.
    private func takeBody() -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &body)
        return taken
    }

    /// Makes room for the body that is announced; false when it is announced to be too large.
    private func makeRoom() -> Bool {
        let headers = head.headers
        guard let length = headers["content-length"].flatMap(Int.init), length > 0,
            headers["transfer-encoding"] == nil, head.status != 204, head.status != 304
        else { return true }
        let limit = max(submission.request.maximumResponseBytes, 0)
        if headers["content-encoding"] == nil, length > limit {
            announced = length
            guard submission.request.keepsBeginning else {
                refusal = (
                    .responseTooLarge, "the response announces a body of \(length) bytes, more than \(limit)"
                )
                return false
            }
        }
        // The scanner reads a word at a time and wants room for one behind the body.
        body.reserveCapacity(min(length, limit) + 8)
        return true
    }
}
