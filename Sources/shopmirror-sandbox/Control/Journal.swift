import Glibc

/// What was asked, without secrets: counts per path, the latest requests, and a log file if wanted.
final class Journal {
    struct Entry {
        let at: Int
        let method: String
        let target: String
        let parameters: String
        let status: Int
        let bytes: Int
        let fault: String?
    }

    private static let kept = 200
    private static let secrets: Set<String> = [
        "access_token", "refresh_token", "client_secret", "state", "code", "sign", "token", "password", "uid",
    ]

    private(set) var counts: [String: Int] = [:]
    private(set) var total = 0
    private var ring: [Entry] = []
    private var next = 0
    private let descriptor: Int32

    /// Appends to `file` when it is given.
    init(file: String?) throws(ServerError) {
        guard let file else {
            descriptor = -1
            return
        }
        descriptor = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .file(file, code: errno) }
    }

    func record(_ request: Request, _ response: Response, fault: Fault?, at milliseconds: Int) {
        counts[request.path, default: 0] += 1
        total += 1
        let entry = Entry(
            at: milliseconds, method: request.method, target: Self.shown(request),
            parameters: request.mediaType == "application/x-www-form-urlencoded"
                ? Self.redacted(String(decoding: request.body, as: UTF8.self)) : "",
            status: response.status, bytes: response.length, fault: fault?.kind.rawValue)
        if ring.count < Self.kept {
            ring.append(entry)
        } else {
            ring[next] = entry
            next = (next + 1) % Self.kept
        }
        write(entry)
    }

    /// The latest requests, oldest first.
    var latest: [Entry] { Array(ring[next...] + ring[..<next]) }

    func reset() {
        counts = [:]
        total = 0
        ring = []
        next = 0
    }

    private static func shown(_ request: Request) -> String {
        request.query.isEmpty ? request.path : request.path + "?" + redacted(request.query)
    }

    private static func redacted(_ pairs: String) -> String {
        pairs.split(separator: "&").map { pair in
            let name = String(pair.prefix { $0 != "=" })
            return secrets.contains(name) ? name + "=*" : String(pair)
        }.joined(separator: "&")
    }

    private func write(_ entry: Entry) {
        guard descriptor >= 0 else { return }
        let fault = entry.fault.map { " fault=" + $0 } ?? ""
        let parameters = entry.parameters.isEmpty ? "" : " " + entry.parameters
        let time = CivilTime.offsetTime(
            entry.at / 1000, offset: 0, milliseconds: entry.at % 1000, zulu: true)
        let line =
            "\(time) \(entry.method) \(entry.target)\(parameters) \(entry.status) \(entry.bytes)\(fault)\n"
        let bytes = Array(line.utf8)
        _ = Glibc.write(descriptor, bytes, bytes.count)
    }
}
