/// What a fault makes of an answer, where the platform itself has no say.
enum FaultyResponse {
    private static let page =
        "<!DOCTYPE html><html><head><title>Maintenance</title></head>"
        + "<body><h1>メンテナンス中 / 系統維護中</h1></body></html>"

    /// The answer that stands in for the platform's; `nil` for faults that leave it in place.
    static func replacement(for fault: Fault, request: Request) -> Response? {
        switch fault.kind {
        case .status:
            let isJSON = fault.body.map { $0.hasPrefix("{") } ?? true
            var response = Response(
                status: fault.status ?? 503, type: isJSON ? "application/json" : "text/plain",
                body: [Array((fault.body ?? "{\"errors\":\"scripted status\"}").utf8)])
            if let after = fault.retryAfter { response.headers.append(("Retry-After", after)) }
            return response
        case .rateLimit:
            var response = Response.json(fault.body ?? "{\"errors\":\"Too many request\"}", status: 429)
            if let after = fault.retryAfter { response.headers.append(("Retry-After", after)) }
            return response
        case .html: return .html(fault.body ?? page, status: fault.status ?? 200)
        case .empty: return Response(status: fault.status ?? 200, type: "application/json", body: [])
        case .garbage:
            var mixer = Mixer(seed: 7, request.target.utf8.count)
            let noise = (0..<(fault.bytes ?? 512)).map { _ in UInt8(truncatingIfNeeded: mixer.next(256)) }
            return Response(status: fault.status ?? 200, type: "application/json", body: [noise])
        case .wrongShape:
            let isNextEngine = request.path.hasPrefix("/api_")
            let shape =
                isNextEngine ? "{\"result\":\"success\",\"count\":\"1\"}" : "{\"code\":200,\"data\":{}}"
            return .json(fault.body ?? shape, status: fault.status ?? 200)
        case .tooLarge:
            var response = oversized(fault.bytes ?? 67_108_864)
            response.isChunked = fault.isChunked
            return response
        case .close, .reset, .stall: return broken(fault)
        default: return nil
        }
    }

    /// The platform's own answer, spoilt on the way.
    static func spoilt(_ response: Response, by fault: Fault) -> Response {
        var spoilt = response
        switch fault.kind {
        case .truncate: spoilt.delivery = .truncated
        case .drip:
            spoilt.delivery = .dripping(bytes: fault.bytes ?? 64, milliseconds: fault.milliseconds ?? 20)
        case .delay: spoilt.holdMilliseconds += min(max(0, fault.milliseconds ?? 1000), 3_600_000)
        case .badGzip:
            spoilt.headers.append(("Content-Encoding", "gzip"))
            spoilt.body = [[0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xDE, 0xAD, 0xBE, 0xEF, 1, 2, 3, 4]]
        default: break
        }
        return spoilt
    }

    private static func broken(_ fault: Fault) -> Response {
        var response = Response(status: 200, type: "application/json", body: [])
        response.delivery = fault.kind == .close ? .closed : fault.kind == .reset ? .reset : .stalled
        return response
    }

    private static func oversized(_ bytes: Int) -> Response {
        let block = [UInt8](repeating: 0x20, count: 1_048_576)
        let count = min(max(1, bytes / block.count), 4096)
        return Response(
            status: 200, type: "application/json",
            body: [Array("{\"data\":[".utf8)] + Array(repeating: block, count: count) + [Array("]}".utf8)])
    }
}
