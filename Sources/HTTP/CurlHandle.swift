import CCurl

/// What libcurl said when it was set up: an option it refused.
struct CurlFault: Error {
    let code: CURLcode

    /// libcurl's own sentence for the code.
    var text: String { String(cString: curl_easy_strerror(code)) }

    static func check(_ code: CURLcode) throws(CurlFault) {
        guard code == CURLE_OK else { throw CurlFault(code: code) }
    }
}

/// One easy handle with everything libcurl keeps a pointer to; used by the loop's thread alone.
final class CurlHandle {
    let pointer: UnsafeMutableRawPointer
    private let errorText: UnsafeMutablePointer<CChar>
    private var headerList: UnsafeMutablePointer<curl_slist>?

    /// Nil when there is no memory for one.
    init?() {
        guard let pointer = curl_easy_init() else { return nil }
        self.pointer = pointer
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        curl_easy_cleanup(pointer)
        curl_slist_free_all(headerList)
        errorText.deallocate()
    }

    /// The words libcurl left about the last fault; empty where it left none.
    var lastWords: String { String(cString: errorText) }

    /// Forgets the last transfer; live connections, resolved names and TLS sessions stay.
    func reset() {
        curl_easy_reset(pointer)
        curl_slist_free_all(headerList)
        headerList = nil
        errorText.update(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    /// Sets up one transfer, whose bytes go to `receiver`, which has to outlive it.
    func prepare(
        _ request: HTTPRequest, certificateAuthorityFile: String?, for receiver: Transfer
    ) throws(CurlFault) {
        try set(CURLOPT_ERRORBUFFER, to: errorText)
        try setConduct()
        if let certificateAuthorityFile { try set(CURLOPT_CAINFO, to: certificateAuthorityFile) }
        try set(CURLOPT_URL, to: request.url)
        try set(CURLOPT_TIMEOUT_MS, to: request.totalTimeout)
        try set(CURLOPT_CONNECTTIMEOUT_MS, to: request.connectTimeout)
        try setMethod(of: request)
        try setHeaders(of: request)
        try setReceiver(receiver)
    }

    /// Sets the time limits of a transfer that is under way: those of the request and some milliseconds more.
    func prolong(_ request: HTTPRequest, by extra: Int) {
        // Cannot fail for numbers in range; where it did, the old limits would hold.
        try? set(CURLOPT_TIMEOUT_MS, to: min(request.totalTimeout + extra, Int(Int32.max)))
        try? set(CURLOPT_CONNECTTIMEOUT_MS, to: min(request.connectTimeout + extra, Int(Int32.max)))
    }

    func number(_ info: CURLINFO) -> Int {
        var value: curl_off_t = 0
        return ccurl_get_offset(pointer, info, &value) == CURLE_OK ? Int(value) : 0
    }

    func smallNumber(_ info: CURLINFO) -> Int {
        var value = 0
        return ccurl_get_long(pointer, info, &value) == CURLE_OK ? value : 0
    }

    /// What is the same for every request: what is trusted, spoken, followed and kept.
    private func setConduct() throws(CurlFault) {
        try set(CURLOPT_PROTOCOLS_STR, to: "http,https")
        try set(CURLOPT_SSL_VERIFYPEER, to: 1)
        try set(CURLOPT_SSL_VERIFYHOST, to: 2)
        try set(CURLOPT_SSLVERSION, to: Int(CURL_SSLVERSION_TLSv1_2))
        try set(CURLOPT_PROXY_SSLVERSION, to: Int(CURL_SSLVERSION_TLSv1_2))
        try set(CURLOPT_HTTP_VERSION, to: Int(CURL_HTTP_VERSION_2TLS))
        try set(CURLOPT_HTTP09_ALLOWED, to: 0)
        try set(CURLOPT_FOLLOWLOCATION, to: 0)
        try set(CURLOPT_NETRC, to: 0)
        try set(CURLOPT_DISALLOW_USERNAME_IN_URL, to: 1)
        try set(CURLOPT_PATH_AS_IS, to: 1)
        try set(CURLOPT_ACCEPT_ENCODING, to: "")
        try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, to: 1)
        try set(CURLOPT_NOSIGNAL, to: 1)
        try set(CURLOPT_NOPROGRESS, to: 1)
        try set(CURLOPT_TCP_KEEPALIVE, to: 1)
        try set(CURLOPT_BUFFERSIZE, to: Self.receiveBufferBytes)
        // Without it a cancelled transfer would stop the loop until its name look-up ends: the resolver's thread is
        // left to finish, and clean up, by itself.
        try set(CURLOPT_QUICK_EXIT, to: 1)
    }

    private func setMethod(of request: HTTPRequest) throws(CurlFault) {
        guard let body = request.body ?? (request.method == .post ? [] : nil) else {
            try set(CURLOPT_HTTPGET, to: 1)
            if request.method != .get { try set(CURLOPT_CUSTOMREQUEST, to: request.method.rawValue) }
            return
        }
        try set(CURLOPT_POST, to: 1)
        if request.method != .post { try set(CURLOPT_CUSTOMREQUEST, to: request.method.rawValue) }
        try CurlFault.check(ccurl_set_offset(pointer, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
        let code = body.withUnsafeBytes { bytes in
            bytes.isEmpty
                ? ccurl_set_text(pointer, CURLOPT_COPYPOSTFIELDS, "")
                : ccurl_set_pointer(pointer, CURLOPT_COPYPOSTFIELDS, bytes.baseAddress)
        }
        try CurlFault.check(code)
    }

    private func setHeaders(of request: HTTPRequest) throws(CurlFault) {
        for line in request.headerLines {
            guard let longer = curl_slist_append(headerList, line) else {
                throw CurlFault(code: CURLE_OUT_OF_MEMORY)
            }
            headerList = longer
        }
        try CurlFault.check(ccurl_set_list(pointer, CURLOPT_HTTPHEADER, headerList))
    }

    private func setReceiver(_ receiver: Transfer) throws(CurlFault) {
        let context = Unmanaged.passUnretained(receiver).toOpaque()
        try set(CURLOPT_HEADERDATA, to: context)
        try set(CURLOPT_WRITEDATA, to: context)
        try CurlFault.check(
            ccurl_set_receiver(pointer, CURLOPT_HEADERFUNCTION) { start, size, count, context in
                let line = UnsafeRawBufferPointer(start: start, count: size &* count)
                return Transfer.from(context)?.receive(header: line) ?? 0
            })
        try CurlFault.check(
            ccurl_set_receiver(pointer, CURLOPT_WRITEFUNCTION) { start, size, count, context in
                let bytes = UnsafeRawBufferPointer(start: start, count: size &* count)
                return Transfer.from(context)?.receive(body: bytes) ?? 0
            })
    }

    private static let receiveBufferBytes = 64 << 10

    private func set(_ option: CURLoption, to value: Int) throws(CurlFault) {
        try CurlFault.check(ccurl_set_long(pointer, option, value))
    }

    private func set(_ option: CURLoption, to value: String) throws(CurlFault) {
        try CurlFault.check(ccurl_set_text(pointer, option, value))
    }

    private func set(_ option: CURLoption, to value: UnsafeMutableRawPointer) throws(CurlFault) {
        try CurlFault.check(ccurl_set_pointer(pointer, option, value))
    }
}
