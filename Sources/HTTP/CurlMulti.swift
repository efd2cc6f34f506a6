import CCurl

/// libcurl's multi handle: a set of transfers and the cache of their connections.
///
/// Unchecked, because a pointer is shared between threads: libcurl allows any thread to call `wake`, and all else is
/// called by the loop's thread alone. `Mailbox` sees to it, under its mutex, that nobody wakes a closed handle.
final class CurlMulti: @unchecked Sendable {
    private let pointer: UnsafeMutableRawPointer

    init(maximumConnections: Int) throws(TransportError) {
        try CurlTransport.load()
        guard let pointer = curl_multi_init() else {
            throw TransportError(.noLibrary, "libcurl has no memory for its connections")
        }
        // Without descriptors to be woken by it would wait for ever.
        guard curl_multi_wakeup(pointer) == CURLM_OK else {
            curl_multi_cleanup(pointer)
            throw TransportError(.noLibrary, "libcurl has no descriptors to be woken by")
        }
        self.pointer = pointer
        let limit = min(max(maximumConnections, 1), Int(Int32.max))
        guard ccurl_multi_set_long(pointer, CURLMOPT_MAXCONNECTS, limit) == CURLM_OK,
            ccurl_multi_set_long(pointer, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX)) == CURLM_OK
        else {
            curl_multi_cleanup(pointer)
            throw TransportError(.noLibrary, "libcurl refused the limit of \(limit) connections")
        }
    }

    /// Ends the current or the next `wait`; may be called by any thread.
    func wake() {
        // Fails only where the handle has no means for it, which `init` rules out.
        _ = curl_multi_wakeup(pointer)
    }

    func add(_ handle: CurlHandle) -> Bool {
        curl_multi_add_handle(pointer, handle.pointer) == CURLM_OK
    }

    func remove(_ handle: CurlHandle) {
        // Cannot fail for a handle that was added and is removed outside of a callback.
        _ = curl_multi_remove_handle(pointer, handle.pointer)
    }

    /// Does what can be done without waiting; false when libcurl cannot go on.
    func perform() -> Bool {
        var running: Int32 = 0
        return curl_multi_perform(pointer, &running) == CURLM_OK
    }

    /// Waits for a socket, a timer of libcurl's or `wake`; false when libcurl cannot go on.
    func wait(milliseconds: Int32) -> Bool {
        curl_multi_poll(pointer, nil, 0, milliseconds, nil) == CURLM_OK
    }

    /// The next transfer that has ended.
    func nextFinished() -> (handle: UnsafeMutableRawPointer, code: CURLcode)? {
        var left: Int32 = 0
        while let message = curl_multi_info_read(pointer, &left)?.pointee {
            guard message.msg == CURLMSG_DONE, let handle = message.easy_handle else { continue }
            return (handle, message.data.result)
        }
        return nil
    }

    /// Closes every connection; the last call of all.
    func close() {
        _ = curl_multi_cleanup(pointer)
    }
}
