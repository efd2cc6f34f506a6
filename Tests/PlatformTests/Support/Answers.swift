import HTTP
import JSON

@testable import Sync

/// Answers as a dialect sees them.
enum Answers {
    /// An answer scanned for a dialect's envelope and, where `records` names them, its records.
    static func make(
        _ body: String, _ dialect: any Dialect, status: Int = 200, headers: [(String, String)] = [],
        records: [String]? = nil, key: [[String]] = [["shop_id"]]
    ) -> Answer {
        var response = HTTPResponse(
            status: status, headers: HTTPHeaders(headers.map { (name: $0.0, value: $0.1) }),
            body: Array(body.utf8))
        let layout = PageLayout(records: records, key: records == nil ? [] : key, envelope: dialect.envelope)
        return Answer(scanning: &response, layout: layout)
    }
}

extension Verdict {
    /// One word for each verdict.
    var word: String {
        switch self {
        case .accepted: "accepted"
        case .tokenExpired: "expired"
        case .failed(let failure): failure.code.rawValue + (failure.retry == .never ? "" : " retry")
        }
    }

    var failure: Failure? {
        if case .failed(let failure) = self { failure } else { nil }
    }
}

extension Renewal {
    /// One word for each outcome.
    var word: String {
        switch self {
        case .tokens: "tokens"
        case .refused: "refused"
        case .failed(let failure): failure.code.rawValue + (failure.retry == .never ? "" : " retry")
        }
    }
}

/// Reads what a request says.
enum Sent {
    /// Decoded pairs of a form body.
    static func form(_ request: HTTPRequest) -> [String] {
        pairs(String(decoding: request.body ?? [], as: UTF8.self))
    }

    /// Decoded pairs of the query.
    static func query(_ request: HTTPRequest) -> [String] {
        request.url.split(separator: "?", maxSplits: 1).dropFirst().first.map { pairs(String($0)) } ?? []
    }

    static func header(_ request: HTTPRequest, _ name: String) -> String? {
        request.headers.first { $0.name == name }?.value
    }

    private static func pairs(_ text: String) -> [String] {
        text.split(separator: "&").map { decoded(String($0)) }
    }

    private static func decoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let hex = rest.prefix(2)
            if byte == 0x25, let value = UInt8(String(decoding: hex, as: UTF8.self), radix: 16) {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == 0x2B ? 0x20 : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
