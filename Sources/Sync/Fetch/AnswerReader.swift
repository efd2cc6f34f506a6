import Digest
import HTTP
import JSON

extension Answer {
    /// Scans a response's body with a call's layout.
    ///
    /// The body is moved out, so that it is changed in place.
    ///
    /// - Parameters:
    ///   - response: The response, left without its body.
    ///   - layout: Where what matters is.
    ///   - hashed: Places whose texts are replaced by their SHA-256 before anything else looks at the body.
    ///   - isQuotable: Whether the body's beginning may stand in a message.
    init(
        scanning response: inout HTTPResponse, layout: PageLayout, hashing hashed: [JSONPath] = [],
        isQuotable: Bool = true
    ) {
        let beginning = isQuotable && hashed.isEmpty ? Array(response.body.prefix(200)) : []
        var body: [UInt8] = []
        swap(&body, &response.body)
        do throws(JSONError) {
            if !hashed.isEmpty {
                body = try JSONRewriter.replaceStrings(in: body, at: hashed) {
                    Hex.encode(SHA256.hash(Array($0.utf8)))
                }
            }
            let page = try RecordScanner.scan(consume body, layout: layout)
            let envelope = (0..<layout.envelopeCount).map { page.envelope($0) }
            self.init(
                status: response.status, headers: response.headers, page: .success(page),
                beginning: beginning,
                envelope: envelope)
        } catch {
            self.init(
                status: response.status, headers: response.headers, page: .failure(error),
                beginning: beginning,
                envelope: error.envelope)
        }
    }

    /// Takes what can be had of the envelope's texts out of a broken or truncated body.
    init(salvaging bytes: [UInt8], envelope paths: [[String]]) {
        let found = RecordScanner.salvage(bytes, names: paths.compactMap { $0.count == 1 ? $0[0] : nil })
        self.init(
            status: 0, headers: HTTPHeaders(), page: .failure(JSONError(.syntax, "the answer was cut off")),
            beginning: [],
            envelope: paths.map { path in path.count == 1 ? found[path[0]].map { .string($0) } : nil })
    }
}

extension Answer {
    /// The same answer with a page that has no records.
    func emptied() -> Answer? {
        let layout = PageLayout(records: [], key: [["id"]])
        guard let page = try? RecordScanner.scan(Array("[]".utf8), layout: layout) else { return nil }
        var answer = self
        answer.page = .success(page)
        return answer
    }
}

extension JSONError {
    /// Whether asking once more may bring a sound answer.
    var mayBeTransient: Bool {
        switch kind {
        case .syntax, .recordsMissing, .recordsNotAList: true
        default: false
        }
    }
}
